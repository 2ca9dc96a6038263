"""Declared win probabilities beside what became of the deals that came to a stage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.diagrams.charts.axes import Axis, draw_across, share_marks
from processminer.diagrams.charts.paper import MARGIN, SIZE, WIDTH, Chart, named_row, sheet, write_text
from processminer.diagrams.colours import BLUE, HAIR, INK, QUIET, VERMILION, VERMILION_TEXT
from processminer.diagrams.lettering import shorten, text_width
from processminer.diagrams.markup import add, clean, legal, named, number
from processminer.words import say_count, say_days, say_percent

if TYPE_CHECKING:
    from collections.abc import Sequence
    from xml.etree.ElementTree import Element

    from processminer.estimates.flow.declared_chances import StageChance

ROW = 44
_TOP, _BOTTOM = 34, 26
_SAID = {"too high": "declared too high", "too low": "declared too low", "fits": "fits", "none": "none declared"}


def calibration_chart(chances: Sequence[StageChance]) -> Chart | None:
    """Return each stage's observed share won with its limits, and the declared probability where there is one.

    None without a stage.
    """
    if not chances:
        return None
    height = _TOP + ROW * len(chances) + _BOTTOM
    declared = any(one.declared is not None for one in chances)
    title = "Declared win probability against what came" if declared else "How many are won from each stage on"
    caption = _caption(chances)
    root = sheet(title, caption, height)
    along = Axis(0, 1, MARGIN, WIDTH - MARGIN - 4)
    floor = _TOP + ROW * len(chances)
    draw_across(root, along, share_marks(), _TOP, floor)
    for place, one in enumerate(chances):
        _draw_row(root, one, along, _TOP + ROW * place, declared=declared)
    _draw_key(root, declared=declared)
    return Chart(title, caption, root, height)


def _draw_row(root: Element, one: StageChance, along: Axis, top: float, *, declared: bool) -> None:
    won = one.observed.won
    told = "no probability declared" if one.declared is None else f"declared {say_percent(one.declared)}"
    group = named_row(
        root,
        f"{clean(one.stage)}: {told}; won {say_percent(won.estimate)} ({say_percent(won.low)} to"
        f" {say_percent(won.high)}) of {say_count(one.observed.deals, 'deal')}",
        data_chance=legal(one.stage),
    )
    off = one.verdict in ("too high", "too low")
    verdict = f", {_SAID[one.verdict]}" if declared else ""
    said = f"{say_percent(won.estimate)} of {one.observed.deals:,}{verdict}"
    write_text(group, said, WIDTH - MARGIN, top + 17, ink=VERMILION_TEXT if off else QUIET, anchor="end", size=SIZE - 1)
    room = WIDTH - 2 * MARGIN - text_width(said, SIZE - 1) - 10
    write_text(group, shorten(named(one.stage), room, SIZE, bold=True), MARGIN, top + 17, bold=True)
    y = top + 31
    add(group, "path", d=f"M{number(along.start)} {number(y)}H{number(along.end)}", stroke=HAIR, stroke_width=1)
    low, high = along.at(won.low), along.at(won.high)
    whisker = f"M{number(low)} {number(y - 4)}v8m0-4H{number(high)}m0-4v8"
    add(group, "path", d=whisker, stroke=BLUE, stroke_width=2, fill="none")
    add(group, "circle", None, cx=along.at(won.estimate), cy=y, r=4.5, fill=BLUE)
    if one.declared is not None:
        _draw_diamond(group, along.at(one.declared), y, VERMILION if off else INK)


def _draw_diamond(group: Element, x: float, y: float, ink: str) -> None:
    add(group, "path", d=f"M{number(x)} {number(y - 7)}l6 7-6 7-6-7Z", fill="none", stroke=ink, stroke_width=2)


def _draw_key(root: Element, *, declared: bool) -> None:
    y = 14.0
    add(root, "path", d=f"M{MARGIN} {y}h26", stroke=BLUE, stroke_width=2)
    add(root, "circle", None, cx=MARGIN + 13, cy=y, r=4.5, fill=BLUE)
    write_text(root, "won, with 95 % limits", MARGIN + 34, y + 4, ink=QUIET, size=SIZE - 1)
    if declared:
        _draw_diamond(root, MARGIN + 196, y, INK)
        write_text(root, "declared", MARGIN + 208, y + 4, ink=QUIET, size=SIZE - 1)


def _caption(chances: Sequence[StageChance]) -> str:
    days = {round(one.observed.within_days) for one in chances}
    within = say_days(chances[0].observed.within_days) if len(days) == 1 else "the usual time"
    sources = sorted({one.source for one in chances if one.source is not None})
    declared = f" Declared by the {' and the '.join(sources)}." if sources else " No probability is declared."
    return (
        f"Of the deals that came to each stage, the share won within {within} of coming to it; open deals count as"
        f" followed so far. {_most_and_least([one.observed.deals for one in chances])} in each stage.{declared}"
    )


def _most_and_least(deals: Sequence[int]) -> str:
    least, most = min(deals), max(deals)
    return say_count(most, "deal").capitalize() if least == most else f"{least:,} to {most:,} deals"
