"""A check as one comment in Markdown, without deal ids."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.report.escape import markdown
from processminer.report.gate.checked import say_verdict
from processminer.report.telling import DEVIATIONS, say_range
from processminer.report.weighed import say_accepted, say_fitness_accepted, say_measures, say_places
from processminer.words import say_percent, say_share

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from processminer.conformance.conformance import Deviation, Obligation
    from processminer.report.gate.checked import Checked

MOST_BYTES = 64_000
"""What a comment may hold on the hosts in use is 65,536 characters; bytes are never fewer."""

MOST_REASONS = 20
CELL = 300
"""Letters of a text in the table, before they are escaped."""

Lines = list[str]


def render_gate_markdown(checked: Checked) -> str:
    """Return the verdict, why the gate is not met, and the deviations; rows that have no room are counted."""
    reasons = [f"- {markdown(_cut(one.message))}" for one in checked.missed[:MOST_REASONS]]
    more = len(checked.missed) - MOST_REASONS
    head = [f"### {markdown(_cut(say_verdict(checked)))}", "", f"Held against {markdown(_cut(checked.file))}."]
    head += ["", *reasons, *([f"- and {more} more"] if more > 0 else [])] if reasons else []
    deviations = _table(
        ("Deviation", "Deals", "95 % interval", "Won, lost, open", "Playbook", "Where"),
        [_deviation_row(one) for one in checked.found.deviations],
        MOST_BYTES // 2,
    )
    accepted = [f"- Accepted: {markdown(_cut(said))}" for said in _accepted(checked)[:MOST_REASONS]]
    measures = [f"- {heading}: {markdown(said)}" for heading, said in say_measures(checked.found)]
    parts = [head, deviations or ["No deviation."], accepted, measures]
    room = MOST_BYTES - _bytes([line for part in parts for line in part]) - 1_000
    unchecked = [one for one in checked.found.obligations if one.unchecked and not one.reached and not one.pending]
    parts.append(_table(("Cannot be checked", "It would need"), [_unchecked_row(one) for one in unchecked], room))
    return "\n\n".join("\n".join(part) for part in parts if part) + "\n"


def _accepted(checked: Checked) -> list[str]:
    whole = say_fitness_accepted(checked.found)
    return [*([whole] if whole else []), *map(say_accepted, checked.found.accepted)]


def _deviation_row(one: Deviation) -> tuple[str, ...]:
    line = "" if one.line is None else f"line {one.line}" + (f" of {one.version}" if one.version else "")
    return (
        f"{markdown(_cut(one.subject))}: {DEVIATIONS[one.kind]}",
        say_share(one.deals, one.reached),
        say_range(one.share, say_percent),
        f"{one.won:,}, {one.lost:,}, {one.open:,}",
        markdown(_cut(line)),
        markdown(_cut(say_places(one))),
    )


def _unchecked_row(one: Obligation) -> tuple[str, ...]:
    return f"{markdown(_cut(one.subject))} ({one.kind})", markdown(_cut(one.needs or ""))


def _table(titles: Sequence[str], rows: Sequence[Sequence[str]], room: int) -> Lines:
    """Return the rows of a table that have room, and how many have not."""
    if not rows:
        return []
    lines = [_row(titles), _row("---" for _ in titles)]
    for at, row in enumerate(rows):
        line = _row(row)
        room -= _bytes([line])
        if room < 0:
            return [*lines, "", f"And {len(rows) - at:,} more."]
        lines.append(line)
    return lines


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cut(text: str) -> str:
    return text if len(text) <= CELL else f"{text[: CELL - 1]}…"


def _bytes(lines: Sequence[str]) -> int:
    return sum(len(line.encode()) + 1 for line in lines)
