"""The difference of two playbooks for the terminal: by stage in the playbook's order, then the rest."""

from __future__ import annotations

from itertools import groupby
from textwrap import wrap
from typing import TYPE_CHECKING

from processminer.report.diff_migration import migration
from processminer.report.diff_words import (
    NO_FORECAST,
    headline,
    say_newly,
    say_no_longer,
    say_tally,
    say_unseen,
    standings,
    summary,
)
from processminer.report.escape import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from processminer.conformance.replay.replayed import Replay, Tally
    from processminer.diff import PlaybookDiff
    from processminer.playbook.compare.change import Change, ChangeKind, Comparison, Permission

SIGNS: dict[ChangeKind, str] = {
    "added": "+",
    "split": "+",
    "removed": "-",
    "merged": "-",
    "moved": ">",
    "renamed": "~",
    "changed": "~",
}
MOST_WAYS = 10
"""Ways of leaving a playbook that are told of each sort; the JSON has all of them."""


def render_diff_text(diff: PlaybookDiff, *, width: int = 100) -> str:
    """Return the difference of two playbooks as text of at most so many columns; file names and names may be wider.

    Each change stands with its lines in the old and in the new file.
    """
    parts = [
        [headline(diff), f"  old  {diff.old.file}", f"  new  {diff.new.file}", *_wrapped(summary(diff), "", width)],
        *_groups(diff.comparison, width),
        list(_moves(diff.comparison, width)),
        [] if diff.replay is None else list(_replay(diff.replay, width)),
        _listed("Before it goes live", migration(diff), width),
    ]
    return "\n\n".join("\n".join(plain(line) for line in part) for part in parts if part) + "\n"


def _wrapped(text: str, sign: str, width: int) -> list[str]:
    head = f"  {sign} " if sign else ""
    return wrap(text, width, initial_indent=head, subsequent_indent=" " * len(head), break_long_words=False) or [head]


def _groups(comparison: Comparison, width: int) -> Iterator[list[str]]:
    for stage, changes in groupby(comparison.changes, key=lambda change: change.stage):
        lines = [line for change in changes for line in _wrapped(_told(change), SIGNS[change.kind], width)]
        yield [stage if stage is not None else "Outside the stages", *lines]


def _told(change: Change) -> str:
    lines = ["-" if where is None or where.line is None else str(where.line) for where in (change.old, change.new)]
    return f"{change.sentence}  [{' -> '.join(lines)}]"


def _moves(comparison: Comparison, width: int) -> Iterator[str]:
    came, gone = comparison.newly_allowed, comparison.no_longer_allowed
    if came or gone:
        yield "Moves between stages that both have"
        for sign, moves, said in (("+", came, "newly allowed"), ("-", gone, "no longer allowed")):
            for move in moves:
                yield from _wrapped(f"{say_move(move)} is {said}", sign, width)


def say_move(move: Permission) -> str:
    """Say a move by its ends."""
    return f"{move.source or 'the start'} -> {move.target or 'the win'}"


def _replay(replay: Replay, width: int) -> Iterator[str]:
    yield f"Replay of {replay.source}, as of {replay.as_of:%Y-%m-%d %H:%M}"
    yield from wrap(NO_FORECAST, width, initial_indent="  ", subsequent_indent="  ")
    for said, tally in standings(replay):
        yield from _wrapped(f"{said}{_beside(tally)}", "*", width)
    newly = [(say_newly(one), one.tally) for one in replay.newly]
    no_longer = [(say_no_longer(one), one.tally) for one in replay.no_longer]
    for title, ways in (("Newly against the playbook", newly), ("No longer against it", no_longer)):
        if ways:
            yield f"  {title}"
        for said, tally in ways[:MOST_WAYS]:
            yield from _wrapped(f"{said}{_beside(tally)}", " *", width)
        if len(ways) > MOST_WAYS:
            yield f"   * {len(ways) - MOST_WAYS:,} more ways"
    yield from _listed("  What this log cannot show", say_unseen(replay), width)


def _beside(tally: Tally) -> str:
    if not tally.deals:
        return ""
    return f"; {say_tally(tally)}; such as {', '.join(tally.examples)}"


def _listed(title: str, said: Iterable[str], width: int) -> list[str]:
    lines = [line for one in said for line in _wrapped(one, "*", width)]
    return [title, *lines] if lines else []
