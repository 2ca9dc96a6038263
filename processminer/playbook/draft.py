"""Drafts a playbook from what won deals did, each line with its evidence behind it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from processminer.engines.yaml_text import dump, dump_text
from processminer.playbook.order import best_order
from processminer.words import say_count, say_days, say_percent, say_share

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

RARE = 0.05
"""What fewer than one in twenty won deals do is an exception, not the process; so rare a way to begin as well."""

REQUIRED = 0.9
"""What nine in ten won deals do is the rule; a lower bar would make a deviant of every fifth deal that is won."""

USUAL_RETURN = 0.1
"""A way back that one in ten won deals takes is part of how deals are won; a rarer one is worth a look."""

COMMON_TASK = 0.5
"""A task that half of the won deals show is worth writing down; whether it helps is for the audit to say."""


@dataclass(frozen=True, slots=True)
class StageEvidence:
    """What won deals say about a stage."""

    name: str
    won_deals: int
    """Won deals with at least one visit to it."""
    first_position: float
    """Where in their path won deals first enter it, on average; it settles what the moves leave open."""
    limit_days: float | None = None
    """The time within which stays there usually end, in days."""


@dataclass(frozen=True, slots=True)
class TaskEvidence:
    """What won deals say about a task."""

    name: str
    stage: str
    """The stage in which it is mostly done."""
    won_deals: int
    """Won deals that did it in that stage."""


@dataclass(frozen=True, slots=True)
class DraftEvidence:
    """What the won deals of a log did."""

    name: str
    stages: tuple[StageEvidence, ...]
    won_deals: int
    starts: Mapping[str, int]
    """Stage to the won deals that began there."""
    moves: Mapping[tuple[str, str], int]
    """Move to the won deals that took it."""
    won_names: tuple[str, ...]
    lost_names: tuple[str, ...]
    tasks: tuple[TaskEvidence, ...] = ()


@dataclass(frozen=True, slots=True)
class _Kept:
    """A stage that made it into the draft, at its place in the order."""

    evidence: StageEvidence
    spellings: tuple[str, ...]
    """Other ways in which the log writes its name."""
    optional: bool
    may_start: bool


def draft_playbook(evidence: DraftEvidence) -> str:
    """Return the text of a playbook that tells what won deals did, with the counts behind each line.

    Stages stand in the order in which most moves of won deals go forward. Without a won deal all stages are optional
    and stand in the order in which deals enter them; the text says so.
    """
    stages, spellings, left_out = _sorted_out(evidence)
    moves = _under_kept_names(evidence.moves, spellings)
    kept = _arranged(evidence, stages, spellings, moves)
    lines = [*_head(evidence), "stages:"]
    for place, stage in enumerate(kept):
        lines.extend(_stage_lines(evidence, kept, place, stage, moves))
    lines.extend(_left_out_lines(evidence, left_out))
    won = {name.casefold() for name in evidence.won_names}
    lost = [name for name in evidence.lost_names if name.casefold() not in won]
    lines += ["", "outcomes:", f"  won: {dump(list(evidence.won_names))}", f"  lost: {dump(lost)}"]
    return "\n".join(lines) + "\n"


def _sorted_out(
    evidence: DraftEvidence,
) -> tuple[list[StageEvidence], dict[str, str], list[tuple[StageEvidence, str]]]:
    """Part the stages to write down from the others, which come with the reason; and map each spelling to its stage.

    Names that differ by capitals alone cannot be told apart in a playbook: the most visited one stands for all.
    """
    ends = {name.casefold() for name in (*evidence.won_names, *evidence.lost_names)}
    kept: dict[str, StageEvidence] = {}
    spellings: dict[str, str] = {}
    left_out: list[tuple[StageEvidence, str]] = []
    most_visited_first = sorted(evidence.stages, key=lambda stage: (-stage.won_deals, stage.first_position, stage.name))
    for stage in most_visited_first:
        key = stage.name.casefold()
        if not stage.name.strip() or key in ends:
            left_out.append((stage, "has no name of its own"))
        elif key in kept:
            spellings[stage.name] = kept[key].name
        elif kept and stage.won_deals < RARE * evidence.won_deals:
            left_out.append((stage, "is rare"))
        else:
            kept[key] = stage
            spellings[stage.name] = stage.name
    if not kept:
        # A playbook needs a stage; this one stands for all that won deals do before they are won.
        kept[""] = StageEvidence("Open", 0, 0.0)
    return sorted(kept.values(), key=lambda stage: (stage.first_position, stage.name)), spellings, left_out


def _under_kept_names(moves: Mapping[tuple[str, str], int], spellings: Mapping[str, str]) -> dict[tuple[str, str], int]:
    merged: dict[tuple[str, str], int] = {}
    for (one, other), deals in moves.items():
        if one in spellings and other in spellings:
            move = (spellings[one], spellings[other])
            merged[move] = merged.get(move, 0) + deals
    return merged


def _arranged(
    evidence: DraftEvidence,
    stages: list[StageEvidence],
    spellings: Mapping[str, str],
    moves: Mapping[tuple[str, str], int],
) -> list[_Kept]:
    by_name = {stage.name: stage for stage in stages}
    kept: list[_Kept] = []
    for name in best_order([stage.name for stage in stages], moves):
        stage = by_name[name]
        others = tuple(sorted(one for one, main in spellings.items() if main == name and one != name))
        begun = sum(evidence.starts.get(one, 0) for one in (name, *others))
        free_start = all(earlier.optional for earlier in kept)
        optional = evidence.won_deals == 0 or stage.won_deals < REQUIRED * evidence.won_deals
        may_start = not free_start and begun > 0 and begun >= RARE * evidence.won_deals
        kept.append(_Kept(stage, others, optional, may_start))
    return kept


def _head(evidence: DraftEvidence) -> Iterator[str]:
    yield f"# Drafted from {say_count(evidence.won_deals, 'won deal')}: what they did, not what is best."
    if evidence.won_deals == 0:
        yield "# No deal is won, so nothing could be learned: every stage is optional, in the order of entry."
    yield f"# Required: in {say_percent(REQUIRED)} of them or more. Left out: in fewer than {say_percent(RARE)}."
    yield "# Read it aloud with the people who sell, say who does what and how, and strike what is only habit."
    yield f"name: {dump_text(evidence.name if evidence.name.strip() else 'Drafted playbook')}"
    yield "version: 0.1.0"
    yield ""


def _stage_lines(
    evidence: DraftEvidence,
    kept: Sequence[_Kept],
    place: int,
    stage: _Kept,
    moves: Mapping[tuple[str, str], int],
) -> Iterator[str]:
    seen = stage.evidence
    yield f"  - name: {dump_text(seen.name)}  # {say_share(seen.won_deals, evidence.won_deals)} won deals"
    if stage.spellings:
        yield f"    aliases: {dump(list(stage.spellings))}  # other spellings in the log"
    if stage.optional:
        yield "    optional: true"
    if (limit := _limit(seen.limit_days)) is not None:
        yield f"    time_limit: {limit}  # stays usually end within {say_days(seen.limit_days)}"
    if stage.may_start:
        begun = sum(evidence.starts.get(one, 0) for one in (seen.name, *stage.spellings))
        yield f"    may_start: true  # {say_share(begun, evidence.won_deals)} won deals begin here"
    returns = [
        (earlier.evidence.name, moves.get((seen.name, earlier.evidence.name), 0))
        for earlier in kept[:place]
        if 0 < moves.get((seen.name, earlier.evidence.name), 0) >= USUAL_RETURN * seen.won_deals
    ]
    if returns:
        yield "    may_return_to:"
        for name, deals in returns:
            yield f"      - {dump_text(name)}  # {deals:,} of the {seen.won_deals:,} won deals that were here"
    yield from _task_lines(evidence.tasks, stage)


def _task_lines(tasks: Iterable[TaskEvidence], stage: _Kept) -> Iterator[str]:
    """Write the tasks of a stage, the most common first; a task is due by the deals that get to its stage."""
    names = (stage.evidence.name, *stage.spellings)
    reached = stage.evidence.won_deals
    shown: dict[str, int] = {}
    for task in tasks:
        if task.stage in names and task.name.strip() and task.won_deals >= COMMON_TASK * reached > 0:
            shown[task.name] = max(shown.get(task.name, 0), task.won_deals)
    if shown:
        yield "    tasks:"
    for name, deals in sorted(shown.items(), key=lambda one: (-one[1], one[0])):
        yield f"      - do: {dump_text(name)}  # {say_share(min(deals, reached), reached)} won deals that were here"
        if deals < REQUIRED * reached:
            yield "        optional: true"
        yield f"        seen_as: {dump([name])}"


def _left_out_lines(evidence: DraftEvidence, left_out: list[tuple[StageEvidence, str]]) -> Iterator[str]:
    rare = [stage for stage, why in left_out if why == "is rare"]
    if rare:
        yield f"  # Left out, for fewer than {say_percent(RARE)} of won deals were there:"
    for stage in rare:
        # Written as YAML even in a comment, which a line break in the name would end.
        yield f"  #   {dump_text(stage.name)}: {say_share(stage.won_deals, evidence.won_deals)} won deals"


def _limit(days: float | None) -> str | None:
    """Return a time limit in whole units, rounded up; None where there is nothing to say."""
    if days is None or not 0 < days < math.inf:
        return None
    unit, in_days = next((one for one in _UNITS if days >= one[1]), _UNITS[-1])
    # Rounded first: 0.3 days are 7.199999999999999 hours.
    number = math.ceil(round(days / in_days, 6)) or 1
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


_UNITS = (("day", 1.0), ("hour", 1 / 24), ("minute", 1 / 1440))
