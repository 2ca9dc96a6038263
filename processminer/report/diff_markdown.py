"""The difference of two playbooks as one comment on a change request: drawing, table, replay, what to mind."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from processminer.diagrams.diff_mermaid import draw_diff_mermaid
from processminer.playbook.compare.sentences import say_value
from processminer.report.diff_migration import migration
from processminer.report.diff_text import MOST_WAYS, say_move
from processminer.report.diff_words import (
    NO_FORECAST,
    cut,
    headline,
    say_newly,
    say_no_longer,
    say_tally,
    say_unseen,
    standings,
    summary,
)
from processminer.report.escape import markdown, markdown_code
from processminer.words import say_count

if TYPE_CHECKING:
    from collections.abc import Iterable

    from processminer.diff import PlaybookDiff
    from processminer.playbook.compare.change import Change, Comparison

MOST_BYTES = 64_000
"""What a comment may hold on the hosts in use is 65,536 characters; bytes are never fewer."""
MOST_DRAWN = 5_000
"""Characters of a drawing: some hosts draw no longer one."""
MOST_MOVES = 10
MOST_UNSEEN = 10
CELL = 200
"""Letters of a value in the table."""

Lines = list[str]


def render_diff_markdown(diff: PlaybookDiff) -> str:
    """Return the difference as Markdown below MOST_BYTES, without deal ids; the rows left out are counted."""
    changes = diff.comparison.changes
    above = [f"### {markdown(cut(headline(diff), CELL))}", "", markdown(summary(diff))]
    below = [*_moves(diff.comparison), *_replay(diff), *_migration(diff), *_again(diff)]
    drawing = _drawing(diff.comparison)
    # Names full of marks grow as they are escaped: what must be said comes before what is pleasant to see.
    above += drawing if _bytes([*above, *drawing, *below]) <= MOST_BYTES // 2 else []
    room = MOST_BYTES - _bytes([*above, *below]) - 300
    rows: Lines = []
    for change in changes:
        row = _row(change)
        room -= _bytes([row])
        if room < 0:
            break
        rows.append(row)
    left = len(changes) - len(rows)
    table = ["", "| What changes | Now | With the change | Lines |", "| --- | --- | --- | --- |", *rows] if rows else []
    cut_off = ["", f"{say_count(left, 'more change is', 'more changes are')} left out here for want of room."]
    return "\n".join([*above, *table, *(cut_off if left else []), *below]) + "\n"


def _bytes(lines: Iterable[str]) -> int:
    return sum(len(line.encode()) + 1 for line in lines)


def _drawing(comparison: Comparison) -> Lines:
    if not comparison.changes:
        return []
    drawn = draw_diff_mermaid(comparison, most_characters=MOST_DRAWN)
    if len(drawn) > MOST_DRAWN:
        return ["", f"{len(comparison.stages):,} stages are too many for a drawing in a comment."]
    meaning = "Blue is new, dashed vermilion is gone, amber changed."
    return ["", "```mermaid", drawn.rstrip("\n"), "```", "", meaning]


def _row(change: Change) -> str:
    lines = ["–" if where is None or where.line is None else str(where.line) for where in (change.old, change.new)]  # noqa: RUF001
    now, after = _values(change)
    cells = (markdown(cut(change.sentence, 2 * CELL)), _cell(now), _cell(after), " → ".join(lines))
    return f"| {' | '.join(cells)} |"


def _values(change: Change) -> tuple[str, str]:
    """Return what stood there, and what stands there now."""
    if change.key is not None:
        return say_value(change.part, change.key, change.before), say_value(change.part, change.key, change.after)
    match change.kind:
        case "moved":
            now, after = (f"after {name}" if name else "first" for name in (change.before, change.after))
            return now, after
        case "renamed":
            return str(change.before), str(change.after)
        case _:
            return ("", "there") if change.new is not None else ("there", "")


def _cell(text: str) -> str:
    return markdown(cut(text, CELL)) if text else "–"  # noqa: RUF001 - an empty cell


def _moves(comparison: Comparison) -> Lines:
    told: Lines = []
    for said, moves in (
        ("Newly allowed", comparison.newly_allowed),
        ("No longer allowed", comparison.no_longer_allowed),
    ):
        named = [markdown(cut(say_move(move), CELL)) for move in moves[:MOST_MOVES]]
        named += [f"{len(moves) - MOST_MOVES:,} more"] if len(moves) > MOST_MOVES else []
        told += ["", f"{said}: {'; '.join(named)}."] if named else []
    return told


def _replay(diff: PlaybookDiff) -> Lines:
    replay = diff.replay
    if replay is None:
        return []
    lines = ["", "#### Past deals under both playbooks", "", f"{NO_FORECAST} As of {replay.as_of:%Y-%m-%d %H:%M}.", ""]
    lines += [
        f"- {markdown(said)}{f' ({say_tally(tally)})' if tally.deals else ''}" for said, tally in standings(replay)
    ]
    newly = [f"- {markdown(say_newly(one))} ({say_tally(one.tally)})" for one in replay.newly]
    no_longer = [f"- {markdown(say_no_longer(one))} ({say_tally(one.tally)})" for one in replay.no_longer]
    unseen = [f"- {markdown(cut(said, 2 * CELL))}" for said in say_unseen(replay)]
    for title, told, most in (
        ("Newly against the playbook", newly, MOST_WAYS),
        ("No longer against it", no_longer, MOST_WAYS),
        ("What this log cannot show", unseen, MOST_UNSEEN),
    ):
        more = [f"- {len(told) - most:,} more"] if len(told) > most else []
        lines += ["", f"**{title}**", "", *told[:most], *more] if told else []
    return lines


def _migration(diff: PlaybookDiff) -> Lines:
    notes = migration(diff)
    return ["", "#### Before it goes live", "", *(f"- [ ] {markdown(note)}" for note in notes)] if notes else []


def _again(diff: PlaybookDiff) -> Lines:
    words = ["processminer", "playbook", "diff", diff.old.file, diff.new.file]
    if diff.words:
        words += diff.words if diff.words[0] == "--sample" else ["--log", *diff.words]
    return ["", f"Again: {markdown_code(shlex.join([*words, '--format', 'markdown']))}"]
