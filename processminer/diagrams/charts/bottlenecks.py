"""Statistical charts as plain SVG: small, crisp, and the same bytes on every machine."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, log10
from typing import TYPE_CHECKING

from processminer.diagrams.colours import BLUE, HAIR, INK, PAPER, QUIET, VERMILION
from processminer.diagrams.flow import read_flow
from processminer.diagrams.lettering import text_width, wrap
from processminer.diagrams.markup import add, as_text, clean, drawing, legal, number
from processminer.words import say_count, say_days, say_percent

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from processminer.diagrams.flow import Station
    from processminer.discovery.discovery import Discovery
    from processminer.estimates.estimates import Estimates, StageTime
    from processminer.playbook.model import Playbook
    from processminer.statistics.interval import Interval

_WIDTH, _LEFT, _NAME, _STRIP = 1076, 16, 168, 380
_HEAD, _ROW = 62, 46
_COLUMNS = (
    ("median", 612),
    ("mean, 95 % interval", 728),
    ("stays", 838),
    ("share of days", 918),
    ("share of losses", 1012),
)
"""Columns of text right of the strips, and the middle of each."""
_TAIL, _BODY = "#cdd7e2", "#8da3bb"


@dataclass(frozen=True, slots=True)
class _Axis:
    """Days to pixels, from 0 to a little beyond the longest length that is known."""

    longest: float
    left: float = _LEFT + _NAME

    @property
    def right(self) -> float:
        return self.left + _STRIP

    def x(self, days: float | None) -> float:
        """Return where a length stands; one that is not reached stands at the end."""
        return self.right if days is None else self.left + _STRIP * min(1.0, days / self.longest)

    def ticks(self) -> list[float]:
        """Return round lengths, at most seven."""
        raw = self.longest / 6
        power = 10.0 ** floor(log10(raw))
        step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= raw)
        return [place * step for place in range(int(self.longest / step) + 1)]


def draw_bottlenecks(
    estimates: Estimates,
    discovery: Discovery,
    playbook: Playbook | None = None,
) -> str:
    """Return how long deals stay in each stage as SVG: one strip a stage, in playbook order (else the log's).

    A strip reaches from the 10th to the 90th percentile, open stays counted as unfinished; where a percentile is not
    reached it ends in an arrow. Dot and whisker are the restricted mean and its 95 % interval, the tick the declared
    limit. Lengths are days.
    """
    flow = read_flow(discovery, estimates, playbook=playbook)
    rows = [(station, station.time) for station in flow.stations if station.time is not None]
    axis = _Axis(max([*(days for station, time in rows for days in _known(station, time)), 1 / 1440]) * 1.04)
    floor_line = _HEAD + _ROW * len(rows)
    root = drawing(_WIDTH, "How long deals stay in each stage", floor_line + 88)
    add(root, "rect", None, width=_WIDTH, height=floor_line + 88, fill=PAPER)
    _draw_head(root, axis, floor_line)
    if not rows:
        _text(root, "No deal stayed in any stage.", axis.left, floor_line + 10, INK)
    for place, (station, time) in enumerate(rows):
        _draw_row(root, station, time, axis, _HEAD + _ROW * place)
    _draw_foot(root, floor_line + 30, limits=any(station.stage and station.stage.time_limit for station, _ in rows))
    return as_text(root)


def _known(station: Station, time: StageTime) -> list[float]:
    limit = station.stage.time_limit if station.stage is not None else None
    return [days for days in (*time.quartiles, time.mean_days.high, limit) if days is not None]


def _draw_head(root: Element, axis: _Axis, bottom: float) -> None:
    for title, middle in _COLUMNS:
        _text(root, title, middle, _HEAD - 16, QUIET, anchor="middle")
    _text(root, "stage", _LEFT, _HEAD - 16, QUIET)
    _text(root, "days in the stage", axis.left, _HEAD - 36, QUIET)
    for tick in axis.ticks():
        x = number(axis.x(tick))
        add(root, "path", d=f"M{x} {_HEAD - 8}V{number(bottom)}", stroke="#e6ebf1", stroke_width=1, fill="none")
        _text(root, f"{round(tick, 6):,g}", axis.x(tick), _HEAD - 16, QUIET, anchor="middle")


def _draw_row(root: Element, station: Station, time: StageTime, axis: _Axis, top: float) -> None:
    limit = station.stage.time_limit if station.stage is not None else None
    sentence = _sentence(station, time, limit)
    group = add(root, "g", None, tabindex="0", role="img", aria_label=sentence, data_stage=legal(station.name))
    add(group, "title", sentence)
    add(group, "path", d=f"M{_LEFT} {number(top)}H{_WIDTH - 16}", stroke=HAIR, stroke_width=1)
    name = wrap(clean(station.name) or "(no name)", _NAME - 16, 12.5, bold=True)
    for place, text in enumerate(name):
        y = top + _ROW / 2 + 4.5 + (place - (len(name) - 1) / 2) * 15
        add(group, "text", text, x=_LEFT, y=y, font_size=12.5, font_weight="bold", fill=INK)
    _draw_strip(group, time, axis, top + _ROW / 2 - 4)
    if limit is not None:
        x = axis.x(limit)
        add(group, "path", d=f"M{number(x)} {number(top + 4)}v{_ROW - 8}", stroke=VERMILION, stroke_width=2)
    texts = (
        "not reached" if time.median_days is None else say_days(time.median_days),
        _mean(time.mean_days),
        f"{time.visits:,}",
        say_percent(time.share_of_deal_days),
        say_percent(time.share_of_losses),
    )
    middle = top + _ROW / 2
    for text, (title, x) in zip(texts, _COLUMNS, strict=True):
        _text(group, text, x, middle + (-2 if title == "stays" else 4.5), INK, anchor="middle", size=12)
    _text(group, f"{time.open:,} open", _COLUMNS[2][1], middle + 12, QUIET, anchor="middle")


def _draw_strip(group: Element, time: StageTime, axis: _Axis, y: float) -> None:
    p10, p25, p50, p75, p90 = time.quartiles
    for low, high, height, ink in ((p10, p90, 8, _TAIL), (p25, p75, 16, _BODY)):
        if low is not None:
            left, right = axis.x(low), axis.x(high)
            add(group, "rect", None, x=left, y=y - height / 2, width=max(right - left, 1), height=height, fill=ink)
    if p90 is None:
        arrow = f"M{number(axis.right)} {number(y - 8)}l9 8l-9 8Z"
        add(group, "path", d=arrow, fill=_TAIL if p75 is not None else _BODY)
    if p50 is not None:
        add(group, "path", d=f"M{number(axis.x(p50))} {number(y - 11)}v22", stroke=INK, stroke_width=2.5)
    mean, below = time.mean_days, y + 16
    whisker = f"M{number(axis.x(mean.low))} {number(below)}H{number(axis.x(mean.high))}"
    add(group, "path", d=whisker, stroke=BLUE, stroke_width=1.6)
    add(group, "circle", None, cx=axis.x(mean.estimate), cy=below, r=3.4, fill=BLUE)


def _draw_foot(root: Element, y: float, *, limits: bool) -> None:
    x: float = _LEFT
    for text, width, height, ink in (
        ("10 to 90 % of stays", 26, 8, _TAIL),
        ("middle half", 26, 16, _BODY),
        ("median", 2.5, 20, INK),
        ("mean with its interval", 26, 1.6, BLUE),
        *((("time limit", 2, 28, VERMILION),) if limits else ()),
    ):
        add(root, "rect", None, x=x, y=y - 4 - height / 2, width=width, height=height, fill=ink)
        if ink == BLUE:
            add(root, "circle", None, cx=x + 13, cy=y - 4, r=3.4, fill=ink)
        _text(root, text, x + width + 8, y, QUIET)
        x += width + 8 + text_width(text, 11) + 24
    said = (
        "Stays that are still open count as unfinished (Kaplan-Meier); an arrow leads to what is not reached yet.",
        "The mean counts each stay up to the longest time that can be told for its stage (restricted mean). "
        "Days: of all days in stages.",
    )
    for place, text in enumerate(said):
        _text(root, text, _LEFT, y + 22 + 17 * place, QUIET)


def _sentence(station: Station, time: StageTime, limit: float | None) -> str:
    said = [
        f"{say_count(time.visits, 'stay')} of {say_count(time.deals, 'deal')}, {time.open:,} still open",
        f"median {say_days(time.median_days)}",
        f"10th percentile {say_days(time.quartiles[0])}",
        f"90th percentile {say_days(time.quartiles[4])}",
        f"mean up to {say_days(time.tau_days)}: {say_days(time.mean_days.estimate)} "
        f"({say_days(time.mean_days.low)} to {say_days(time.mean_days.high)})",
        f"{say_percent(time.share_of_deal_days)} of all days in stages",
        f"{say_percent(time.share_of_losses)} of the losses",
    ]
    if limit is not None:
        said.append(f"time limit {say_days(limit)}")
    return f"{clean(station.name)}: {'; '.join(said)}"


def _mean(mean: Interval) -> str:
    """Say an estimate with its limits, all in the unit that fits the estimate."""
    scale, unit = next(
        (scale, unit)
        for scale, unit in ((1, "d"), (24, "h"), (1440, "min"))
        if mean.estimate * scale >= 0.95 or scale > 24
    )
    said = [f"{days * scale:,.{0 if days * scale >= 9.95 else 1}f}" for days in (mean.estimate, mean.low, mean.high)]
    return f"{said[0]} {unit} ({said[1]} to {said[2]})"


def _text(
    parent: Element, text: str, x: float, y: float, ink: str, *, anchor: str | None = None, size: float = 11
) -> None:
    add(parent, "text", text, x=x, y=y, fill=ink, font_size=size, text_anchor=anchor)
