"""Writes what a file says as a playbook that a person goes on with: what came from where, and what is still missing."""

from __future__ import annotations

from collections import Counter
from pathlib import PurePath
from textwrap import wrap
from typing import TYPE_CHECKING

from processminer.engines.yaml_text import dump, dump_text
from processminer.playbook.imports.said import USUAL, tidy
from processminer.playbook.render import entry
from processminer.words import fold, say_count

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from processminer.playbook.imports.said import LeftOut, Said, SaidStage

KEYS = (
    "aliases", "goal", "owner", "probability", "optional", "time_limit", "close_after", "max_silence", "min_contacts",
    "max_visits", "may_start", "next", "may_skip_to", "may_return_to", "tasks", "entry_criteria", "exit_criteria",
)  # fmt: skip
"""In the order in which a stage is read."""

LONGEST = 200
"""Characters of an item that a comment quotes; whoever wants more has the file."""

WIDTH = 110
"""Characters of a line of a comment."""


def write_draft(said: Said, file: str, missing: Sequence[str] = ()) -> str:
    """Return the text of a playbook with all that was said; `missing` are sentences on what nobody has said yet."""
    ends = {kind: list(names) or [_usual(said, kind)] for kind, names in (("won", said.won), ("lost", said.lost))}
    lines = [
        *_head(said, file, missing),
        f"name: {dump_text(said.name)}",
        f"version: {dump_text(said.version or '0.1.0')}",
    ]
    if said.owner:
        lines.append(f"owner: {dump_text(said.owner)}")
    lines += ["", "stages:"]
    for place, stage in enumerate(said.stages):
        # A list of bare names needs no air between them.
        lines += ["", *_stage(stage)] if place and (stage.keys or said.stages[place - 1].keys) else _stage(stage)
    lines += ["", "outcomes:"]
    for kind, names in ends.items():
        remark = "" if (said.won if kind == "won" else said.lost) else f"  # the file has no name for {kind}"
        lines.append(f"  {kind}: {dump(names)}{remark}")
    if said.loss_reason:
        lines.append(f"  loss_reason: {dump_text(said.loss_reason)}")
    return "\n".join(lines) + "\n"


def sentence(left: LeftOut) -> str:
    """Say how many things of a kind were left out, and the first of them."""
    named = [f"{_quoted(item, 50)}" for item in left.items[:3]]
    more = ", …" if len(left.items) > len(named) else ""
    return f"{say_count(len(left.items), left.one, left.many)}: {', '.join(named)}{more}"


def _quoted(item: str, longest: int) -> str:
    """Return an item as YAML even in a comment, which a line break in it would end."""
    text = tidy(item)
    return dump_text(text if len(text) <= longest else f"{text[: longest - 1]}…", '"')


def _usual(said: Said, kind: str) -> str:
    taken = {fold(stage.name) for stage in said.stages}
    name = USUAL[kind]
    while fold(name) in taken:
        name = f"Deal {name.split()[-1].lower()}" if name == USUAL[kind] else f"{name}!"
    return name


def _head(said: Said, file: str, missing: Sequence[str]) -> Iterator[str]:
    yield f"# Drafted from {said.source}, {dump_text(tidy(PurePath(file).name))}: what is said there, not what is best."
    yield from (line for one in said.told for line in _wrapped(one, "# "))
    left = [one for one in said.left_out if one.items]
    if left:
        yield "#"
        yield "# Not taken over, since a playbook has no word for it or it is no part of this process:"
    for one in left:
        yield f"# - {say_count(len(one.items), one.one, one.many)}:"
        yield from (f"#     {_quoted(item, LONGEST)}" for item in one.items)
    if missing:
        yield "#"
        yield "# Still to be said ('processminer playbook lint' names each line):"
        yield from (line for one in missing for line in _wrapped(one, "# - "))


def _wrapped(text: str, begin: str) -> list[str]:
    lines = wrap(tidy(text), WIDTH - len(begin), break_long_words=False, break_on_hyphens=False)
    return [f"{begin if not at else '#' + ' ' * (len(begin) - 1)}{line}" for at, line in enumerate(lines)]


def _stage(stage: SaidStage) -> Iterator[str]:
    yield f"  - name: {dump_text(stage.name)}{_remark(stage, 'name')}"
    for key in KEYS:
        if key in stage.keys:
            first, *rest = entry(key, stage.keys[key], 4)
            yield f"{first}{_remark(stage, key)}"
            yield from rest


def _remark(stage: SaidStage, key: str) -> str:
    return f"  # {tidy(stage.remarks[key])}" if key in stage.remarks else ""


def counted(rules: Sequence[tuple[str, str]]) -> list[str]:
    """Return how often each kind of remark was made, the most common first; remarks are (rule, why it matters)."""
    often = Counter(rules)
    return [f"{rule} ({say_count(times, 'time')}): {why}" for (rule, why), times in often.most_common()]
