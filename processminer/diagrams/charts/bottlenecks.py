"""How long deals stay in each stage, and beside it what the stage would gain if deals went on from it faster."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan
from typing import TYPE_CHECKING

from processminer.diagrams.charts.axes import Axis, round_marks
from processminer.diagrams.colours import BLUE, BODY, GRID, HAIR, INK, PAPER, QUIET, TAIL, VERMILION
from processminer.diagrams.flow import read_flow
from processminer.diagrams.lettering import text_width, wrap
from processminer.diagrams.markup import add, as_text, clean, drawing, legal, number
from processminer.words import say_count, say_days, say_percent

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from xml.etree.ElementTree import Element

    from processminer.diagrams.flow import Station
    from processminer.discovery.discovery import Discovery
    from processminer.estimates.estimates import Estimates
    from processminer.estimates.figures import StageGain, StageTime
    from processminer.playbook.model import Playbook
    from processminer.statistics.interval import Interval

_WIDTH, _LEFT, _NAME, _STRIP = 1016, 16, 168, 330
_HEAD, _ROW = 62, 46
_COLUMNS = (
    ("median", 558),
    ("mean, 95 % interval", 676),
    ("stays", 772),
    ("share of days", 852),
    ("share of losses", 950),
)
"""Columns of text right of the strips, and the middle of each."""

_GAIN, _BAR, _GAINED = 1020, 96, 224
"""Where the bars of the gains begin, how long the longest is, and how much wider they make the chart."""

_STRIPS_SAID = (
    "Stays that are still open count as unfinished (Kaplan-Meier); an arrow leads to what is not reached yet.",
    "The mean counts each stay up to the longest time that can be told for its stage (restricted mean). "
    "Days: of all days in stages.",
)


@dataclass(frozen=True, slots=True)
class _Gains:
    """What stages gain, drawn from the leftmost end of any interval to the rightmost one."""

    by_stage: Mapping[str, StageGain]
    axis: Axis

    @staticmethod
    def of(gains: Sequence[StageGain]) -> _Gains:
        """Return the gains of a study with their scale; 0 is always on it."""
        low = min([0.0, *(one.gain.low for one in gains)])
        high = max([1e-9, *(one.gain.high for one in gains)])
        return _Gains({one.stage: one for one in gains}, Axis(low, high, _GAIN, _GAIN + _BAR))


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
        return round_marks(self.longest)


def draw_bottlenecks(
    estimates: Estimates,
    discovery: Discovery,
    playbook: Playbook | None = None,
) -> str:
    """Return how long deals stay in each stage as SVG: one strip a stage, in playbook order (else the log's).

    Where gains were estimated they stand beside it, with their limits and how often each comes first, and the longest
    stage is named apart.

    A strip reaches from the 10th to the 90th percentile, open stays counted as unfinished; where a percentile is not
    reached it ends in an arrow. Dot and whisker are the restricted mean and its 95 % interval, the tick the declared
    limit. Lengths are days.
    """
    flow = read_flow(discovery, estimates, playbook=playbook)
    rows = [(station, station.time) for station in flow.stations if station.time is not None]
    axis = _Axis(max([*(days for station, time in rows for days in _known(station, time)), 1 / 1440]) * 1.04)
    floor_line = _HEAD + _ROW * len(rows)
    gains = _Gains.of(estimates.gains) if estimates.gains and rows else None
    width = _WIDTH + (0 if gains is None else _GAINED)
    said = [*_STRIPS_SAID, *([] if gains is None else _say_gains(estimates, width))]
    height = floor_line + 54 + 17 * len(said)
    root = drawing(width, "How long deals stay in each stage", height)
    add(root, "rect", None, width=width, height=height, fill=PAPER)
    _draw_head(root, axis, floor_line)
    if gains is not None:
        _text(root, "gain in wins, 95 % limits", _GAIN, _HEAD - 36, QUIET)
        _text(root, "points of the share won", _GAIN, _HEAD - 16, QUIET)
    if not rows:
        _text(root, "No deal stayed in any stage.", axis.left, floor_line + 10, INK)
    for place, (station, time) in enumerate(rows):
        group = _draw_row(root, station, time, axis, _HEAD + _ROW * place, gains, width)
        if gains is not None and time.stage in gains.by_stage:
            _draw_gain(group, gains.by_stage[time.stage], gains, _HEAD + _ROW * (place + 0.5))
    limits = any(station.stage and station.stage.time_limit for station, _ in rows)
    _draw_foot(root, floor_line + 30, said, limits=limits)
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
        add(root, "path", d=f"M{x} {_HEAD - 8}V{number(bottom)}", stroke=GRID, stroke_width=1, fill="none")
        _text(root, f"{round(tick, 6):,g}", axis.x(tick), _HEAD - 16, QUIET, anchor="middle")


def _draw_row(
    root: Element, station: Station, time: StageTime, axis: _Axis, top: float, gains: _Gains | None, width: float
) -> Element:
    limit = station.stage.time_limit if station.stage is not None else None
    gain = None if gains is None else gains.by_stage.get(time.stage)
    sentence = _sentence(station, time, limit, gain)
    group = add(root, "g", None, tabindex="0", role="img", aria_label=sentence, data_stage=legal(station.name))
    add(group, "title", sentence)
    add(group, "path", d=f"M{_LEFT} {number(top)}H{number(width - 16)}", stroke=HAIR, stroke_width=1)
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
    return group


def _draw_gain(group: Element, one: StageGain, gains: _Gains, middle: float) -> None:
    """Draw a bar from 0 to the gain with a whisker for its limits, and beside it how often it comes first."""
    zero, end = gains.axis.at(0.0), gains.axis.at(one.gain.estimate)
    add(group, "rect", None, x=min(zero, end), y=middle - 9, width=max(1.0, abs(end - zero)), height=9, fill=BODY)
    whisker = f"M{number(gains.axis.at(one.gain.low))} {number(middle - 4.5)}H{number(gains.axis.at(one.gain.high))}"
    add(group, "path", d=whisker, stroke=BLUE, stroke_width=1.6)
    add(group, "path", d=f"M{number(zero)} {number(middle - 13)}v17", stroke=INK, stroke_width=1)
    _text(group, _points(one), _GAIN, middle + 15, INK)
    if one.rank_1:
        ink = INK if one.rank_1 >= 0.5 else QUIET
        _text(group, f"first in {say_percent(one.rank_1)}", _GAIN + _BAR + 12, middle - 1, ink)


def _points(one: StageGain) -> str:
    # Adding 0 makes of a zero below nothing one that bears no sign of it.
    said = [f"{round(100 * value, 1) + 0.0:+.1f}" for value in (one.gain.estimate, one.gain.low, one.gain.high)]
    return f"{said[0]} ({said[1]} to {said[2]})"


def _draw_strip(group: Element, time: StageTime, axis: _Axis, y: float) -> None:
    p10, p25, p50, p75, p90 = time.quartiles
    for low, high, height, ink in ((p10, p90, 8, TAIL), (p25, p75, 16, BODY)):
        if low is not None:
            left, right = axis.x(low), axis.x(high)
            add(group, "rect", None, x=left, y=y - height / 2, width=max(right - left, 1), height=height, fill=ink)
    if p90 is None:
        arrow = f"M{number(axis.right)} {number(y - 8)}l9 8l-9 8Z"
        add(group, "path", d=arrow, fill=TAIL if p75 is not None else BODY)
    if p50 is not None:
        add(group, "path", d=f"M{number(axis.x(p50))} {number(y - 11)}v22", stroke=INK, stroke_width=2.5)
    mean, below = time.mean_days, y + 16
    whisker = f"M{number(axis.x(mean.low))} {number(below)}H{number(axis.x(mean.high))}"
    add(group, "path", d=whisker, stroke=BLUE, stroke_width=1.6)
    add(group, "circle", None, cx=axis.x(mean.estimate), cy=below, r=3.4, fill=BLUE)


def _draw_foot(root: Element, y: float, said: Sequence[str], *, limits: bool) -> None:
    x: float = _LEFT
    for text, width, height, ink in (
        ("10 to 90 % of stays", 26, 8, TAIL),
        ("middle half", 26, 16, BODY),
        ("median", 2.5, 20, INK),
        ("mean with its interval", 26, 1.6, BLUE),
        *((("time limit", 2, 28, VERMILION),) if limits else ()),
    ):
        add(root, "rect", None, x=x, y=y - 4 - height / 2, width=width, height=height, fill=ink)
        if ink == BLUE:
            add(root, "circle", None, cx=x + 13, cy=y - 4, r=3.4, fill=ink)
        _text(root, text, x + width + 8, y, QUIET)
        x += width + 8 + text_width(text, 11) + 24
    for place, text in enumerate(said):
        _text(root, text, _LEFT, y + 22 + 17 * place, QUIET)


def _say_gains(estimates: Estimates, width: float) -> list[str]:
    first = estimates.gains[0]
    told = (
        f"Gain: change of the share of {say_count(first.deals, 'new deal')} won within {say_days(first.within_days)}"
        f" ({say_percent(first.base)} as things are), if deals went on from the stage at {first.times_faster:g} times"
        " the rate of now; limits, and how often a stage comes first, from resamples of the deals. This is the"
        " most to expect: it takes deals to be lost there because they wait."
    )
    known = [time for time in estimates.stages if not isnan(time.mean_days.estimate)]
    longest = max(known, key=lambda time: time.mean_days.estimate, default=None)
    if longest is not None:
        gain = next((one for one in estimates.gains if one.stage == longest.stage), None)
        rank = f", which comes first in {say_percent(gain.rank_1)}" if gain is not None else ""
        told += f" Longest stage: {clean(longest.stage)}{rank}."
    return wrap(told, width - 2 * _LEFT, 11, lines=4)


def _sentence(station: Station, time: StageTime, limit: float | None, gain: StageGain | None) -> str:
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
    if gain is not None:
        said.append(
            f"gain in points of the share won {_points(gain)}, first in {say_percent(gain.rank_1)} of resamples"
        )
    return f"{clean(station.name)}: {'; '.join(said)}"


def _mean(mean: Interval) -> str:
    """Say an estimate with its limits, all in the unit that fits the estimate."""
    if mean.high * 1440 < 0.5:
        return "under a minute"
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
