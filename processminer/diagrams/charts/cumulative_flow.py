"""Whether the pipeline fills up: deals by stage, week upon week, on top of those that were won and lost meanwhile."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from processminer.diagrams.charts.axes import Axis, count_marks, date_marks, draw_across, draw_up
from processminer.diagrams.charts.paper import (
    SIZE,
    WIDTH,
    Chart,
    hatch,
    named_row,
    path,
    sheet,
    spread,
    write_text,
)
from processminer.diagrams.colours import (
    INK,
    LOST_GROUND,
    LOST_HATCH,
    PAPER,
    QUIET,
    TINTS,
    UNUSED,
    VERMILION,
    VERMILION_TEXT,
    WON,
    WON_GROUND,
)
from processminer.diagrams.lettering import shorten, text_width
from processminer.diagrams.markup import add, clean, legal, named, number
from processminer.words import say_count

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from xml.etree.ElementTree import Element

    from processminer.estimates.queue.weeks import StageWeek

LONGEST, SHORTEST = 26, 13
"""Weeks: half a year at most, a quarter at least."""

CLOSED = 1.5
"""Where more deals were closed than so many times those in progress, the bands of the stages would be hairs: then fewer
weeks are drawn."""

MOST_STAGES = 10
"""More bands cannot be told apart; the smallest are drawn as one."""

HEIGHT = 320
_LEFT, _TOP, _BOTTOM, _GAP = 46, 14, 30, 15
_NARROW, _WIDE = 110, 190
"""Room for the names at the right."""
OTHERS = "(other stages)"


@dataclass(frozen=True, slots=True)
class _Band:
    """One layer: how many deals, week by week."""

    name: str
    deals: tuple[int, ...]


def cumulative_flow_chart(weeks: Sequence[StageWeek], name: str = "flow") -> Chart | None:
    """Return the cumulative flow of the last weeks; None without two of them.

    From below: deals won and lost since the first week drawn, then the stages from the last to the first, as many as
    stood in each at a week's end. What rises on top are deals that came.
    """
    by_week = _by_week(weeks)
    days = _drawn(sorted(by_week), by_week)
    if len(days) < 2:
        return None
    bands = _bands(days, by_week, list(dict.fromkeys(one.stage for one in weeks)))
    caption = _caption(days, by_week, bands)
    title = "How the pipeline fills and empties"
    root = sheet(title, caption, HEIGHT)
    tops = _stacked(bands)
    down = Axis(0, max(1, *tops[-1]), HEIGHT - _BOTTOM, _TOP)
    along = Axis(days[0].toordinal(), days[-1].toordinal(), _LEFT, WIDTH - _room(bands))
    draw_up(root, down, count_marks(down.high), _LEFT, along.end)
    patterns = {"lost": hatch(root, f"{name}-lost", LOST_HATCH)}
    for place, band in enumerate(bands):
        _draw_band(
            root,
            band,
            place,
            (tops[place], tops[place + 1]),
            [along.at(day.toordinal()) for day in days],
            down,
            patterns,
        )
    draw_across(root, along, date_marks(days[0], days[-1]), _TOP, down.start)
    _label(root, bands, tops, along.end, down)
    return Chart(title, caption, root, HEIGHT)


def _room(bands: Sequence[_Band]) -> float:
    """Return how much room the names and counts at the right are given."""
    shown = [band for band in bands if band.deals[-1]]
    counts = max((text_width(f"{band.deals[-1]:,}", SIZE - 1, bold=True) for band in shown), default=0.0)
    names = max((text_width(named(band.name), SIZE - 1) for band in shown), default=0.0)
    return min(_WIDE, max(_NARROW, 26 + counts + names))


def _by_week(weeks: Sequence[StageWeek]) -> dict[date, dict[str, StageWeek]]:
    found: dict[date, dict[str, StageWeek]] = defaultdict(dict)
    for one in weeks:
        found[one.week][one.stage] = one
    return found


def _drawn(days: list[date], by_week: dict[date, dict[str, StageWeek]]) -> list[date]:
    """Return the weeks to draw, the first of them as the ground that the others stand on."""
    last = days[-LONGEST - 1 :]
    while len(last) > SHORTEST + 1:
        closed = sum(one.wins + one.losses for day in last[1:] for one in by_week[day].values())
        there = sum(one.in_progress for day in last for one in by_week[day].values()) / len(last)
        if closed <= CLOSED * there:
            break
        last = last[1:]
    return last


def _bands(days: list[date], by_week: dict[date, dict[str, StageWeek]], stages: list[str]) -> list[_Band]:
    """Return won, lost and the stages from the last to the first."""

    def closed(kind: str) -> tuple[int, ...]:
        total, found = 0, [0]
        for day in days[1:]:
            total += sum(getattr(one, kind) for one in by_week[day].values())
            found.append(total)
        return tuple(found)

    there = {stage: tuple(by_week[day][stage].in_progress for day in days) for stage in stages}
    largest = sorted(stages, key=lambda stage: -sum(there[stage]))[:MOST_STAGES]
    kept = [_Band(stage, there[stage]) for stage in reversed(stages) if stage in largest and any(there[stage])]
    rest = [there[stage] for stage in stages if stage not in largest]
    others = [_Band(OTHERS, tuple(map(sum, zip(*rest, strict=True))))] if any(map(any, rest)) else []
    return [_Band("won", closed("wins")), _Band("lost", closed("losses")), *kept, *others]


def _stacked(bands: Sequence[_Band]) -> list[list[int]]:
    """Return the upper edges of all bands, the ground first."""
    edges = [[0] * len(bands[0].deals)]
    for band in bands:
        edges.append([below + deals for below, deals in zip(edges[-1], band.deals, strict=True)])
    return edges


def _draw_band(
    root: Element,
    band: _Band,
    place: int,
    edges: tuple[list[int], list[int]],
    xs: list[float],
    down: Axis,
    patterns: dict[str, str],
) -> None:
    low, high = ([(x, down.at(value)) for x, value in zip(xs, edge, strict=True)] for edge in edges)
    area = path([*low, *reversed(high)], closed=True)
    said = f"{clean(band.name)}: {say_count(band.deals[-1], 'deal')} at the end, {band.deals[0]:,} at the beginning"
    group = named_row(root, said, data_band=legal(band.name))
    ground = (WON_GROUND, LOST_GROUND)[place] if place < 2 else TINTS[place % 2]
    add(group, "path", d=area, fill=ground)
    if place == 1:
        add(group, "path", d=area, fill=patterns["lost"])
    ink = (WON, VERMILION)[place] if place < 2 else PAPER
    add(group, "path", d=path(high), fill="none", stroke=ink, stroke_width=1.6 if place < 2 else 1)


def _label(root: Element, bands: Sequence[_Band], tops: list[list[int]], x: float, down: Axis) -> None:
    """Name each band at its right end, with a thread to it; bands that hold nobody any more are named by no one."""
    middles = [down.at((tops[place][-1] + tops[place + 1][-1]) / 2) for place in range(len(bands))]
    shown = [place for place in range(len(bands)) if bands[place].deals[-1]]
    order = sorted(shown, key=lambda place: (middles[place], -place))
    places = spread([middles[place] for place in order], _GAP, _TOP + 4, HEIGHT - _BOTTOM)
    counts = {place: f"{bands[place].deals[-1]:,}" for place in order}
    wide = max((text_width(count, SIZE - 1, bold=True) for count in counts.values()), default=0.0)
    for place, y in zip(order, places, strict=True):
        ink = (WON, VERMILION_TEXT)[place] if place < 2 else INK
        thread = f"M{number(x + 2)} {number(middles[place])}L{number(x + 10)} {number(y)}h3"
        add(root, "path", d=thread, fill="none", stroke=UNUSED if place > 1 else ink, stroke_width=1)
        write_text(root, counts[place], x + 16 + wide, y + 4, ink=ink, anchor="end", size=SIZE - 1, bold=True)
        left = x + 21 + wide
        name = shorten(named(bands[place].name), WIDTH - 4 - left, SIZE - 1)
        write_text(root, name, left, y + 4, ink=ink if place < 2 else QUIET, size=SIZE - 1)


def _caption(days: list[date], by_week: dict[date, dict[str, StageWeek]], bands: Sequence[_Band]) -> str:
    weeks = days[1:]
    here = sum(band.deals[-1] for band in bands[2:])
    before = sum(band.deals[0] for band in bands[2:])
    won, lost = bands[0].deals[-1], bands[1].deals[-1]
    came = here - before + won + lost
    unfinished = "" if all(one.complete for one in by_week[days[-1]].values()) else " The last week is not over."
    return (
        f"The last {say_count(len(weeks), 'week')}: {say_count(came, 'deal')} came, {won:,} were won and {lost:,} lost;"
        f" {before:,} stood in a stage at the beginning and {here:,} do now. Counts, of all deals with a timed stay."
        f"{unfinished}"
    )
