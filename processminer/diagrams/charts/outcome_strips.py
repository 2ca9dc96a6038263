"""How long deals that were won later, and deals that were lost later, stayed in a stage that both went on from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.diagrams.charts.axes import Axis, draw_across, length_marks
from processminer.diagrams.charts.paper import MARGIN, SIZE, WIDTH, Chart, hatch, named_row, sheet, write_text
from processminer.diagrams.colours import INK, LOST_BOX, PAPER, QUIET, VERMILION, WON, WON_BOX
from processminer.diagrams.lettering import shorten, text_width
from processminer.diagrams.markup import add, clean, legal, named, number
from processminer.estimates.group_times import SURE
from processminer.words import say_count, say_days

if TYPE_CHECKING:
    from collections.abc import Sequence
    from xml.etree.ElementTree import Element

    from processminer.estimates.group_times import GroupTime, StageGroups

ROW = 66
_TOP, _BOTTOM = 34, 44
_INKS = {"won": (WON, WON_BOX), "lost": (VERMILION, LOST_BOX)}


def outcome_strips(stages: Sequence[StageGroups], name: str = "strips") -> Chart | None:
    """Return two strips a stage, of deals won and of deals lost later; None where no stage has both.

    Only deals are told of that went on from the stage and were closed since: whoever is lost in a stage never left it
    forward, so that any other comparison would find a difference where there is none.
    """
    rows = [one for one in stages if {group.group for group in one.groups} >= {"won", "lost"}]
    if not rows:
        return None
    height = _TOP + ROW * len(rows) + _BOTTOM
    caption, title = _caption(rows), "Stays of deals won later and lost later"
    root = sheet(title, caption, height)
    along = Axis(0, _longest(rows), MARGIN, WIDTH - MARGIN - 12)
    marks, unit = length_marks(along.high)
    floor = _TOP + ROW * len(rows)
    draw_across(root, along, marks, _TOP, floor, f"{unit} in the stage")
    fills = {"won": _INKS["won"][1], "lost": hatch(root, f"{name}-lost", _INKS["lost"][1])}
    for place, one in enumerate(rows):
        _draw_row(root, one, along, _TOP + ROW * place, fills)
    _draw_key(root, fills)
    return Chart(title, caption, root, height)


def _longest(rows: Sequence[StageGroups]) -> float:
    known = [days for one in rows for group in one.groups for days in group.quartiles if days is not None]
    return max([*known, 1 / 1440]) * 1.02


def _draw_row(root: Element, one: StageGroups, along: Axis, top: float, fills: dict[str, str]) -> None:
    groups = {group.group: group for group in one.groups}
    sentence = "; ".join(_sentence(groups[kind]) for kind in ("won", "lost"))
    group = named_row(root, f"{clean(one.stage)}: {sentence}. {_verdict(one)}", data_strips=legal(one.stage))
    verdict = _verdict(one)
    room = WIDTH - 2 * MARGIN - text_width(verdict, SIZE - 1) - 10
    write_text(group, shorten(named(one.stage), room, SIZE, bold=True), MARGIN, top + 16, bold=True)
    write_text(group, verdict, WIDTH - MARGIN, top + 16, ink=QUIET, anchor="end", size=SIZE - 1)
    for place, kind in enumerate(("won", "lost")):
        _draw_strip(group, groups[kind], along, top + 32 + 19 * place, kind, fills[kind])


def _draw_strip(parent: Element, told: GroupTime, along: Axis, y: float, kind: str, fill: str) -> None:
    p10, p25, p50, p75, p90 = told.quartiles
    ink = _INKS[kind][0]
    if p10 is not None:
        line = f"M{number(along.at(p10))} {number(y)}H{number(along.end if p90 is None else along.at(p90))}"
        add(parent, "path", d=line, stroke=ink, stroke_width=1.5)
    if p90 is None:
        add(parent, "path", d=f"M{number(along.end)} {number(y - 5)}l7 5-7 5Z", fill=ink)
    if p25 is not None:
        left = along.at(p25)
        width = max(2.0, (along.end if p75 is None else along.at(p75)) - left)
        for ground in (PAPER, fill):
            add(
                parent, "rect", None, x=left, y=y - 6, width=width, height=12, fill=ground, stroke=ink, stroke_width=1.2
            )
    if p50 is not None:
        add(parent, "path", d=f"M{number(along.at(p50))} {number(y - 8)}v16", stroke=INK, stroke_width=2.5)


def _draw_key(root: Element, fills: dict[str, str]) -> None:
    x = float(MARGIN)
    for kind in ("won", "lost"):
        for ground in (PAPER, fills[kind]):
            add(root, "rect", None, x=x, y=8, width=22, height=12, fill=ground, stroke=_INKS[kind][0], stroke_width=1.2)
        write_text(root, f"{kind} later", x + 28, 18, ink=QUIET, size=SIZE - 1)
        x += 104
    write_text(root, "box: middle half, bar: median", x, 18, ink=QUIET, size=SIZE - 1)


def _sentence(one: GroupTime) -> str:
    return f"{one.group}: {say_count(one.stays, 'stay')}, median {say_days(one.median_days)}"


def _verdict(one: StageGroups) -> str:
    stays = {group.group: group.stays for group in one.groups}
    counts = f"{stays['won']:,} / {stays['lost']:,} stays"
    if one.q is None:
        return counts
    return f"{counts}, {'they differ' if one.q <= SURE else 'no difference told'}, q = {one.q:.2g}"


def _caption(rows: Sequence[StageGroups]) -> str:
    stays = sum(group.stays for one in rows for group in one.groups)
    return (
        f"{say_count(stays, 'stay')} of deals that went on from the stage and were won or lost since: who is lost in a"
        " stage never went on from it and cannot be compared. Whiskers: 10th to 90th of 100 stays. Log-rank tests,"
        " corrected for the number of stages."
    )
