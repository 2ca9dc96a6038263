"""One measure by when deals began: each period with its limits, the young end greyed, the change marked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.diagrams.charts.axes import Axis, date_marks, draw_across, draw_up, length_marks, share_marks
from processminer.diagrams.charts.paper import SIZE, WIDTH, Chart, hatch, named_row, path, sheet, write_text
from processminer.diagrams.colours import BLUE, HAIR, PAPER, QUIET, UNUSED, VERMILION, VERMILION_TEXT
from processminer.diagrams.markup import add, clean, number
from processminer.estimates.over_time.repeatability import CHANGED
from processminer.words import say_count, say_days, say_percent

if TYPE_CHECKING:
    from collections.abc import Sequence
    from xml.etree.ElementTree import Element

    from processminer.diagrams.charts.axes import Mark
    from processminer.estimates.over_time.changes import SeriesChange
    from processminer.estimates.over_time.cohorts import Cohort, Series

HEIGHT = 262
_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 14, 40, 34
_SPAN = {"week": 7, "month": 30, "quarter": 91}


def series_chart(series: Series, change: SeriesChange | None = None, name: str = "series") -> Chart | None:
    """Return a measure period by period; None without two periods of which something is known.

    `change` is the series' own; it is marked only where it is told (`CHANGED`): others are what chance makes of any
    series. Periods too young to be judged are grey.
    """
    known = [one for one in series.cohorts if one.estimate is not None]
    if len(known) < 2:
        return None
    told = change if change is not None and change.q <= CHANGED else None
    caption, title = _caption(series, known, told), _title(series)
    root = sheet(title, caption, HEIGHT)
    down, marks = _upright(series, known)
    first, last = known[0].begins.toordinal(), known[-1].begins.toordinal() + _SPAN[series.every]
    along = Axis(first, last, _LEFT, WIDTH - _RIGHT)
    draw_up(root, down, marks, _LEFT, along.end)
    draw_across(root, along, date_marks(known[0].begins, known[-1].begins), _TOP, down.start)
    _draw_young(root, known, along, down, name)
    if told is not None:
        _draw_change(root, told, along, down)
    _draw_cohorts(root, series, known, along, down)
    return Chart(title, caption, root, HEIGHT)


def _title(series: Series) -> str:
    within = say_days(series.within_days)
    stage = clean(series.stage or "")
    if series.measure == "won":
        return f"Won within {within}, by when deals began"
    if series.measure == "went on":
        return f"{stage}: went on within {within}, by when deals came"
    return f"{stage}: mean days in the stage, by when deals came"


def _upright(series: Series, known: Sequence[Cohort]) -> tuple[Axis, list[Mark]]:
    most = max(one.estimate.high for one in known if one.estimate is not None)
    if series.measure == "days in stage":
        down = Axis(0, max(most, 1 / 1440) * 1.05, HEIGHT - _BOTTOM, _TOP)
        return down, length_marks(down.high, 5)[0]
    down = Axis(0, min(1.0, max(0.05, most * 1.08)), HEIGHT - _BOTTOM, _TOP)
    return down, share_marks(down.high)


def _middle(one: Cohort, series: Series, along: Axis) -> float:
    return along.at(one.begins.toordinal() + _SPAN[series.every] / 2)


def _draw_young(root: Element, known: Sequence[Cohort], along: Axis, down: Axis, name: str) -> None:
    young = [one for one in known if not one.mature]
    if not young:
        return
    left = along.at(young[0].begins.toordinal())
    fill = hatch(root, f"{name}-young", HAIR)
    group = add(root, "g", None, fill_opacity="0.6")
    add(group, "rect", None, x=left, y=down.end, width=along.end - left, height=down.start - down.end, fill=fill)
    anchor, x = ("end", along.end) if along.end - left < 90 else ("start", left)
    write_text(root, "too young to judge", x, down.end - 8, ink=QUIET, anchor=anchor, size=SIZE - 1)


def _draw_change(root: Element, change: SeriesChange, along: Axis, down: Axis) -> None:
    x = along.at(change.since.toordinal())
    group = named_row(root, f"A change since {change.since}: {_said(change)}")
    line = f"M{number(x)} {number(down.end)}V{number(down.start)}"
    add(group, "path", d=line, stroke=VERMILION, stroke_width=1.5, stroke_dasharray="5 3")
    for value, left, right in ((change.before, along.start, x), (change.after, x, along.end)):
        level = f"M{number(left)} {number(down.at(value))}H{number(right)}"
        add(group, "path", d=level, stroke=VERMILION, stroke_width=1.5, stroke_opacity="0.7")
    write_text(
        group,
        f"since {change.since:%b %Y}",
        x - 6,
        down.end - 24,
        ink=VERMILION_TEXT,
        anchor="end" if x > 140 else "start",
        size=SIZE - 1,
        bold=True,
    )


def _draw_cohorts(root: Element, series: Series, known: Sequence[Cohort], along: Axis, down: Axis) -> None:
    line = [
        (_middle(one, series, along), down.at(one.estimate.estimate)) for one in known if one.mature and one.estimate
    ]
    if len(line) > 1:
        add(root, "path", d=path(line), fill="none", stroke=BLUE, stroke_width=1, stroke_opacity="0.45")
    for one in known:
        if one.estimate is None:
            continue
        x, ink = _middle(one, series, along), BLUE if one.mature else UNUSED
        say = say_days if series.measure == "days in stage" else say_percent
        limits = f"{say(one.estimate.low)} to {say(one.estimate.high)}"
        young = "" if one.mature else ", too young to judge"
        group = named_row(
            root, f"From {one.begins}: {say(one.estimate.estimate)} ({limits}) of {say_count(one.n, 'deal')}{young}"
        )
        whisker = f"M{number(x)} {number(down.at(one.estimate.low))}V{number(down.at(one.estimate.high))}"
        add(group, "path", d=whisker, stroke=ink, stroke_width=1.6)
        full = ink if one.mature else PAPER
        add(
            group,
            "circle",
            None,
            cx=x,
            cy=down.at(one.estimate.estimate),
            r=3.6,
            fill=full,
            stroke=ink,
            stroke_width=1.5,
        )


def _said(change: SeriesChange) -> str:
    say = say_days if change.measure == "days in stage" else say_percent
    return f"{say(change.before)} before, {say(change.after)} after (q = {change.q:.2g})"


def _caption(series: Series, known: Sequence[Cohort], change: SeriesChange | None) -> str:
    n = sum(one.n for one in known)
    what = "deals" if series.measure == "won" else "stays"
    mature = [one for one in known if one.mature]
    changed = (
        f" Since {change.since:%B %Y}: {_said(change)}."
        if change is not None
        else " No change that is more than chance."
        if len(mature) > 1
        else ""
    )
    return (
        f"{n:,} {what} by {series.every} of their beginning, {say_count(min(one.n for one in known), what[:-1])} to"
        f" {max(one.n for one in known):,} in each; whiskers are 95 % limits. Grey: not all could be followed for"
        f" {say_days(series.within_days)} yet, the figure may still move.{changed}"
    )
