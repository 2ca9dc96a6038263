"""By which age deals are won and lost, with those between that are open still."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from processminer.diagrams.charts.axes import Axis, draw_across, draw_up, length_marks, share_marks
from processminer.diagrams.charts.paper import SIZE, WIDTH, Chart, hatch, path, sheet, spread, write_text
from processminer.diagrams.colours import (
    INK,
    LOST_GROUND,
    LOST_HATCH,
    QUIET,
    VERMILION,
    VERMILION_TEXT,
    WON,
    WON_GROUND,
)
from processminer.diagrams.markup import add
from processminer.words import say_count, say_days, say_percent

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from xml.etree.ElementTree import Element

    from processminer.estimates.over_time.process_time import ProcessTime, Standing

HEIGHT = 290
NEARLY = 0.99
"""Once so much has happened of what ever does, curves are level: the rest of the time is not drawn."""

_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 92, 14, 44

Shares = tuple[float, float, float]
"""A share and its limits."""


def incidence_chart(times: ProcessTime, name: str = "incidence") -> Chart:
    """Return the shares of deals won (from below) and lost (from above) by age, what is between them open.

    Steps are Aalen-Johansen estimates with 95 % limits. `name` tells its patterns from those of other charts of a page.
    """
    root = sheet("When deals are won and lost", _caption(times), HEIGHT)
    down = Axis(0, 1, HEIGHT - _BOTTOM, _TOP)
    along = Axis(0, _last_age(times), _LEFT, WIDTH - _RIGHT)
    marks, unit = length_marks(along.high)
    _draw_side(root, times.curve, along, down, _won, (WON, WON_GROUND, WON_GROUND))
    ground = hatch(root, f"{name}-lost", LOST_HATCH)
    _draw_side(root, times.curve, along, down, _lost, (VERMILION, LOST_GROUND, ground))
    draw_up(root, down, share_marks(), _LEFT, along.end)
    draw_across(root, along, marks, _TOP, down.start, f"{unit} since the deal began")
    for side, ink in ((_won, WON), (_lost, VERMILION)):
        _draw_line(root, times.curve, along, down, side, ink)
    _write_ends(root, times.curve, along, down)
    return Chart("When deals are won and lost", _caption(times), root, HEIGHT)


def _last_age(times: ProcessTime) -> float:
    """Return the age up to which something happens, and a little beyond; never beyond what was followed."""
    if not times.curve:
        return max(times.tau_days, 1.0)
    ended = (1 - times.curve[-1].open) * NEARLY
    level = next(one.age_days for one in times.curve if 1 - one.open >= ended)
    return max(min(times.tau_days, 1.25 * level), 1 / 1440)


def _won(one: Standing) -> Shares:
    return one.won, *one.won_limits


def _lost(one: Standing) -> Shares:
    """Return the share lost as it is drawn: from above."""
    low, high = one.lost_limits
    return 1 - one.lost, 1 - low, 1 - high


def _steps(
    curve: Sequence[Standing], along: Axis, height: Callable[[Standing], float], start: float
) -> list[tuple[float, float]]:
    """Return the corners of a curve that jumps at each age, from `start` at age 0 to the right end."""
    points = [(along.start, start)]
    for one in curve:
        x = along.at(one.age_days)
        if one.age_days > along.high:
            break
        points += [(x, points[-1][1]), (x, height(one))]
    return [*points, (along.end, points[-1][1])]


def _draw_side(
    root: Element,
    curve: Sequence[Standing],
    along: Axis,
    down: Axis,
    side: Callable[[Standing], Shares],
    inks: tuple[str, str, str],
) -> None:
    """Fill what is won or lost, and around its edge the limits."""
    ink, ground, pattern = inks
    edge = down.start if side is _won else down.end
    corners = _steps(curve, along, lambda one: down.at(side(one)[0]), edge)
    area = path([*corners, (along.end, edge), (along.start, edge)], closed=True)
    for fill in dict.fromkeys((ground, pattern)):
        add(root, "path", d=area, fill=fill)
    low, high = (_steps(curve, along, partial(_limit, side, down, at), edge) for at in (1, 2))
    add(root, "path", d=path([*low, *reversed(high)], closed=True), fill=ink, fill_opacity="0.28")


def _limit(side: Callable[[Standing], Shares], down: Axis, at: int, one: Standing) -> float:
    return down.at(side(one)[at])


def _draw_line(
    root: Element, curve: Sequence[Standing], along: Axis, down: Axis, side: Callable[[Standing], Shares], ink: str
) -> None:
    edge = down.start if side is _won else down.end
    steps = _steps(curve, along, lambda one: down.at(side(one)[0]), edge)
    add(root, "path", d=path(steps), fill="none", stroke=ink, stroke_width=2)


def _write_ends(root: Element, curve: Sequence[Standing], along: Axis, down: Axis) -> None:
    """Say at the right what the last shares are."""
    shown = [one for one in curve if one.age_days <= along.high]
    if not shown:
        return
    last, x = shown[-1], along.end + 8
    told = [
        ("lost", VERMILION_TEXT, last.lost, down.at(1 - last.lost / 2)),
        ("open", QUIET, last.open, down.at(last.won + last.open / 2)),
        ("won", WON, last.won, down.at(last.won / 2)),
    ]
    places = spread([y for *_, y in told], 34, down.end + 12, down.start - 12)
    for (said, ink, share, _), y in zip(told, places, strict=True):
        write_text(root, said, x, y - 2, ink=ink, bold=True)
        write_text(root, say_percent(share), x, y + 13, ink=INK, size=SIZE)


def _caption(times: ProcessTime) -> str:
    late = f" {say_count(times.late, 'deal')} had begun before the history did." if times.late else ""
    return (
        f"{say_count(times.deals, 'deal')}, {times.open:,} of them open and counted as not ended yet, followed up to"
        f" {say_days(times.tau_days)}.{late} Shaded around the lines: 95 % limits at each age (Aalen-Johansen)."
    )
