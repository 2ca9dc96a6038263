"""Stage labels as they stand in the log become the log's stages: spellings joined, won and lost told apart."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING

from processminer.errors import LogError, Place, Question
from processminer.log.eventlog import StageClass, StageName
from processminer.log.names import Names, fold
from processminer.log.words_known import outcome_of
from processminer.words import say_list

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MOST_STAGES = 900
"""More labels than this are no stages, but texts or numbers in the wrong column (a step is packed with 10 bits)."""


@dataclass(frozen=True, slots=True)
class Labels:
    """What each label of the log means."""

    stages: tuple[StageName, ...]
    """Open ones first (declared order, then the rest by name), then won, then lost."""
    stage_of: Mapping[str, str]
    """Label as written to stage name."""
    respelled: Mapping[str, int]
    """Labels that were read as a stage of another spelling or by an alias, with their rows."""
    placed: int
    """How many of the open stages have a declared place; the paths decide where the others stand."""
    unknown: Mapping[str, int] = field(default_factory=dict[str, int])
    """Ids that the export's dictionary of stages does not hold, with their rows."""
    activities: Mapping[str, int] = field(default_factory=dict[str, int])
    """Labels that are no stages but activities, with their rows."""


def read_labels(
    counts: Mapping[str, int],
    names: Names,
    outcomes: Mapping[str, StageClass],
    place: Place,
    order: Sequence[str] = (),
    *,
    settled: bool = False,
) -> Labels:
    """Return the stages that the labels stand for.

    `counts` are the labels and their rows, `outcomes` what the export's own dictionary and records say of labels
    (folded), `order` its own order of stages, for those that nobody declared. Raises LogError where no label means won
    or lost and nobody said which does (unless all this is `settled`), or there are too many to be stages.
    """
    if len(counts) > MOST_STAGES:
        message = f"has {len(counts):,} different stages; that column cannot be the stage."
        raise LogError(message, place, "Name the right one with --column stage=YOUR_STAGE.")
    stage_of = _joined(counts, names)
    kinds = _kinds(sorted(set(stage_of.values())), names, outcomes, place)
    if not names.won and not names.lenient and not settled and set(kinds.values()) == {"open"}:
        raise _no_ending(sorted(kinds), place)
    own = [stage_of[label] for label in order if label in stage_of]
    declared = {name: at for at, name in enumerate(_merged(names.order, own))}
    rank: dict[StageClass, int] = {"open": 0, "won": 1, "lost": 2}
    ordered = sorted(kinds, key=lambda name: (rank[kinds[name]], declared.get(name, len(declared)), name))
    respelled = {label: counts[label] for label, stage in stage_of.items() if label != stage}
    stages = tuple(StageName(name, kinds[name]) for name in ordered)
    placed = sum(stage.kind == "open" and stage.name in declared for stage in stages)
    return Labels(stages, stage_of, respelled, placed)


def _merged(declared: Sequence[str], own: Sequence[str]) -> list[str]:
    """Return the declared order, and each other stage behind the one that it follows in the export's own order."""
    merged = list(dict.fromkeys(declared))
    for before, stage in zip((None, *own), own, strict=False):
        if stage not in merged:
            merged.insert(0 if before is None else merged.index(before) + 1, stage)
    return merged


def _joined(counts: Mapping[str, int], names: Names) -> dict[str, str]:
    """Return each label's stage: the declared name or alias it folds to, else its most used spelling."""
    declared = {fold(alias): name for alias, name in names.aliases.items()} | {fold(name): name for name in names.order}
    spellings: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for label, count in counts.items():
        spellings[fold(label)][label] = count
    usual = {key: min(used, key=lambda label: (-used[label], label)) for key, used in spellings.items()}
    return {label: declared.get(fold(label), usual[fold(label)]) for label in sorted(counts)}


def _kinds(
    stages: Sequence[str], names: Names, outcomes: Mapping[str, StageClass], place: Place
) -> dict[str, StageClass]:
    said: dict[str, StageClass] = {}
    said.update((fold(name), "won") for name in names.won)
    said.update((fold(name), "lost") for name in names.lost)
    if names.insist:
        _all_there(stages, names, place)
    kinds: dict[str, StageClass] = {}
    for stage in stages:
        kinds[stage] = said.get(fold(stage)) or _guess(stage, names, outcomes)
    return kinds


def _no_ending(stages: Sequence[str], place: Place) -> Question:
    message = f"shows no stage that means won or lost. Its stages: {say_list(stages, 12)}."
    hint = (
        "Say which do: --won 'Your won stage' --lost 'Your lost stage', or give the --playbook that names them. "
        "Where no deal is won yet: --won none."
    )
    return Question(message, place, hint, asks="outcomes", choices=stages)


def _guess(stage: str, names: Names, outcomes: Mapping[str, StageClass]) -> StageClass:
    """Return what a stage means that nobody has spoken of: by the deals' own records, else by its name."""
    guess = outcomes.get(fold(stage)) or outcome_of(stage) or "open"
    spoken_for = names.insist and ((guess == "won" and names.won) or (guess == "lost" and names.lost))
    return "open" if stage in names.order or spoken_for else guess


def _all_there(stages: Sequence[str], names: Names, place: Place) -> None:
    have = {fold(stage): stage for stage in stages}
    for option, said in (("--won", names.won), ("--lost", names.lost)):
        for name in said:
            if fold(name) not in have:
                close = get_close_matches(fold(name), list(have), 1)
                hint = f"Did you mean {have[close[0]]!r}?" if close else f"Its stages: {say_list(stages, 12)}."
                message = f"has no stage {name!r}, which {option} names."
                raise LogError(message, place, hint)
