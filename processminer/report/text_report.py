"""The study for a terminal: how deals stand, one line a stage, what stands out, what to do next."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from processminer.report.cells import cell_width, cut, pad, pad_left, wrap
from processminer.report.escape import plain
from processminer.report.gains import say_gains
from processminer.report.judged import say_judged
from processminer.report.over_limit import say_over_limit
from processminer.report.process_text import say_ahead, say_late, say_life, say_over_time, say_queues
from processminer.report.proposals import (
    FIRST_REVISIONS,
    NOTHING,
    say_effect,
    say_revision,
    say_together,
    say_tried,
    say_undecided,
)
from processminer.report.read_and_left import say_hidden, say_shown
from processminer.report.since_told import lines_of
from processminer.report.stage_rows import stage_rows
from processminer.report.team import heading
from processminer.report.telling import (
    FIRST_FINDINGS,
    MINUS,
    headed,
    headline,
    next_commands,
    say_conformance,
    say_date,
    say_lead_times,
    say_playbook,
    say_rows,
    say_signed,
    say_win_rate,
)
from processminer.words import say_count, say_days, say_list

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from processminer.findings.finding import Finding
    from processminer.report.stage_rows import StageRow
    from processminer.revisions.revision import Revision
    from processminer.study import Study

NARROWEST = 40
"""Below this no table of stages can be read; narrower terminals get lines of this width."""

RANGES = "Ranges in brackets reach from nobody changing anything to everybody doing so (95 % limits)."
"""What the ends of a predicted effect mean."""

MOST_REVISIONS = 8
"""Those that promise an effect come with the first few; the others are read in the report."""

WIDEST_NAME = 28
WIDEST_BAR = 20
NARROWEST_BAR = 4

_EIGHTHS = " ▏▎▍▌▋▊▉"
_ASCII = str.maketrans({MINUS: "-", "…": "~", "·": "-", "█": "#"})
_NO_BREAK = "\u00a0"
_SEVERITY = {"high": "1;31", "medium": "33", "low": "2"}


@dataclass(frozen=True, slots=True)
class _Screen:
    width: int
    colour: bool
    ascii: bool

    def show(self, text: str) -> str:
        """Return text as this screen can show it: no control characters, and only ASCII where that is all it has."""
        shown = plain(text)
        return shown.translate(_ASCII).encode("ascii", "replace").decode() if self.ascii else shown

    def paint(self, text: str, code: str) -> str:
        """Return text in a colour, or in bold (1) or dim (2), if colours are wanted."""
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour and text else text

    def lines(self, text: str, head: str = "") -> list[str]:
        """Return text wrapped to the screen, hanging beside its head; a number keeps its unit on its line."""
        bound = re.sub(r"(?<=\d) (?=%)", _NO_BREAK, self.show(text))
        wrapped = wrap(bound, self.width, head, " " * cell_width(head))
        return [line.replace(_NO_BREAK, " ") for line in wrapped]

    def bar(self, share: float, width: int) -> str:
        """Return a bar of so many cells, filled to a share."""
        if self.ascii:
            return pad("#" * round(share * width), width)
        whole, eighths = divmod(round(share * width * 8), 8)
        return pad("█" * whole + (_EIGHTHS[eighths] if eighths else ""), width)


def render_text(study: Study, *, width: int = 80, colour: bool = False, ascii: bool = False) -> str:  # noqa: A002
    """Return the study as text; `colour` adds terminal codes, `ascii` avoids every other letter.

    Lines take at most `width` cells, but for commands, which stay whole so that they can be copied.
    """
    screen = _Screen(max(width, NARROWEST), colour, ascii)
    parts = (
        [screen.paint(line, "1") for line in screen.lines(headline(study))],
        _standing(study, screen),
        _stage_table(stage_rows(study), screen),
        _findings(study.findings, screen),
        _revisions(study, screen),
        _judged(study, screen),
        _team(study, screen),
        _next(study, screen),
    )
    return "\n\n".join("\n".join(line.rstrip() for line in part) for part in parts if part) + "\n"


def _standing(study: Study, screen: _Screen) -> list[str]:
    log = study.log
    told = {
        "Log": f"{log.source} ({log.ingest.title}), as of {say_date(log.as_of)}; {say_rows(study)}",
        "Shows": say_shown(log),
        "Not shown": say_hidden(log),
        "Playbook": say_playbook(study),
        "Win rate": say_win_rate(study),
        "Lead time": say_life(study.whole) or say_lead_times(study),
        "Kept to": say_conformance(study),
        "Judged": say_judged(log.ingest, study.conformance),
        "Over now": say_over_limit(study.conformance),
        "Late": say_late(study.estimates.stages),
        "Faster": say_gains(study.estimates),
        "Queues": say_queues(study.estimates.queue),
        "Over time": say_over_time(study.whole),
        "Ahead": say_ahead(study.outlook),
    }
    return [
        screen.paint(head, "2") + line.removeprefix(head)
        for label, sentence in told.items()
        if sentence
        for head, line in _labelled(label, sentence, screen)
    ]


def _labelled(label: str, sentence: str, screen: _Screen) -> list[tuple[str, str]]:
    head = pad(label, 11)
    first, *rest = screen.lines(sentence, head)
    return [(head, first), *(("", line) for line in rest)]


@dataclass(frozen=True, slots=True)
class _Column:
    cells: tuple[str, ...]
    """Two lines of title, then one cell a stage."""
    spare: int
    """The columns of the highest number go first where the screen is too narrow."""

    @property
    def width(self) -> int:
        """Cells that the widest entry takes."""
        return max(cell_width(text) for text in self.cells)


def _stage_table(rows: Sequence[StageRow], screen: _Screen) -> list[str]:
    if not rows:
        return []
    columns = [
        _column("", "deals", [f"{row.flow.deals:,}" for row in rows], 0),
        _column("median", "stay", [say_days(row.time.median_days) if row.time else "" for row in rows], 0),
        _column("9 in 10", "within", [say_days(row.time.p90_days) if row.time else "" for row in rows], 1),
        _column("lost", "here", [f"{row.flow.lost_here:,}" for row in rows], 2),
        _column("went", "back", [f"{row.moves_back:,}" for row in rows], 3),
        _column("not in", "playbook", [f"{row.moves_undeclared:,}" for row in rows], 4),
    ]
    if any(row.gain for row in rows):
        gains = [screen.show(say_signed(100 * row.gain.gain.estimate)) if row.gain else "" for row in rows]
        columns.insert(3, _column("points", "gained", gains, 2))
    names = [screen.show(row.stage) for row in rows]
    wanted = min(WIDEST_NAME, max(cell_width(name) for name in (*names, "Stage")))
    while _taken(columns) + min(wanted, 12) > screen.width and any(column.spare for column in columns):
        columns.remove(max(columns, key=lambda column: column.spare))
    room = screen.width - _taken(columns)
    name_width = min(wanted, room)
    bar_width = min(WIDEST_BAR, room - name_width - 2)
    has_bar = bar_width >= NARROWEST_BAR
    most = max(row.flow.deals for row in rows) or 1
    table = [
        screen.paint(_line(pad(name, name_width), columns, level, " " * bar_width if has_bar else None), "2")
        for level, name in ((0, ""), (1, "Stage"))
    ]
    for place, row in enumerate(rows):
        bar = screen.bar(row.flow.deals / most, bar_width) if has_bar else None
        name = cut(names[place], name_width, screen.show("…"))
        table.append(_line(pad(name, name_width), columns, place + 2, bar))
    return table


def _column(above: str, title: str, cells: list[str], spare: int) -> _Column:
    return _Column((above, title, *cells), spare)


def _taken(columns: Sequence[_Column]) -> int:
    return sum(column.width + 2 for column in columns)


def _line(name: str, columns: list[_Column], level: int, bar: str | None) -> str:
    padded = [pad_left(column.cells[level], column.width) for column in columns]
    if bar is not None:
        padded.insert(1, bar)
    return "  ".join([name, *padded])


def _findings(findings: Sequence[Finding], screen: _Screen) -> list[str]:
    if not findings:
        return ["Nothing stands out."]
    lines = [screen.paint(f"{say_count(len(findings), 'finding')}", "1")]
    for finding in findings[:FIRST_FINDINGS]:
        head = f"{finding.id:<4}{finding.severity:<7} {finding.grade}  "
        first, *rest = screen.lines(headed(finding.message)[0], head) or [head]
        lines += [screen.paint(head, _SEVERITY[finding.severity]) + first.removeprefix(head), *rest]
    if len(findings) > FIRST_FINDINGS:
        lines.append(f"{len(findings) - FIRST_FINDINGS} more in the report.")
    return lines


def _revisions(study: Study, screen: _Screen) -> list[str]:
    lines = [screen.paint(f"{say_count(len(study.revisions), 'proposed change')} of the playbook", "1")]
    if not study.revisions:
        lines += screen.lines(NOTHING)
    if any(revision.effect for revision in study.revisions):
        lines += screen.lines(RANGES)
    as_of = study.log.as_of.date()
    shown = [one for place, one in enumerate(study.revisions) if one.effect or place < FIRST_REVISIONS][:MOST_REVISIONS]
    for revision in shown:
        told = f"{say_revision(revision)} (grade {revision.grade}, {say_count(revision.n, 'deal')})"
        lines += screen.lines(
            f"{told}. {say_effect(revision)}. {_price(revision, as_of)}".rstrip(), f"{revision.id:<4}"
        )
    if len(shown) < len(study.revisions):
        lines += screen.lines(f"{len(study.revisions) - len(shown)} more in the report.")
    if together := say_together(study.together):
        lines += screen.lines(together, "All ")
    for item in study.undecided:
        lines += screen.lines(say_undecided(item), "?   ")
    return lines


def _judged(study: Study, screen: _Screen) -> list[str]:
    if study.judged is None:
        return []
    told = lines_of(study.judged)
    widest = max(len(line.label) for line in told) + 2
    title = screen.paint("Did the change work?", "1")
    return [title, *(part for line in told for part in screen.lines(line.said, pad(screen.show(line.label), widest)))]


def _team(study: Study, screen: _Screen) -> list[str]:
    if not study.team:
        return []
    lines = [screen.paint("What the team says", "1")]
    for one in study.team:
        lines += [*screen.lines(heading(one)), *screen.lines(one.answered, "    ")]
    return lines


def _price(revision: Revision, as_of: date) -> str:
    """Say of which deals an effect is, what pays for it, and when it can be judged: who stops here shall know."""
    whose = f"Deals concerned: {revision.population}." if revision.effect and revision.population else ""
    pays = f"Its price: {say_list(revision.pays)}." if revision.pays else ""
    tried = say_tried(revision.plan, as_of) if revision.plan else ""
    return " ".join(part for part in (whose, pays, tried) if part)


def _next(study: Study, screen: _Screen) -> list[str]:
    commands = next_commands(study)
    if not commands:
        return []
    return [screen.paint("Next", "1"), *(f"  {screen.show(command)}" for command in commands)]
