"""What past periods brought, what was to be expected of each before it, and what the next one may bring."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from processminer.diagrams.charts.axes import Axis, count_marks, draw_up
from processminer.diagrams.charts.paper import SIZE, WIDTH, Chart, hatch, named_row, sheet, write_text
from processminer.diagrams.colours import BLUE, HAIR, INK, PAPER, QUIET, REACH, VERMILION
from processminer.diagrams.markup import add, number
from processminer.words import say_count

if TYPE_CHECKING:
    from datetime import datetime
    from xml.etree.ElementTree import Element

    from processminer.estimates.flow.backtest import Gate, Past
    from processminer.estimates.flow.forecast import Forecast

HEIGHT = 290
_LEFT, _RIGHT, _TOP, _BOTTOM = 40, 16, 44, 64


def forecast_chart(gate: Gate, days: float, as_of: datetime, forecast: Forecast | None, name: str = "fan") -> Chart:
    """Return past periods with the range that was expected of each, and the next one with its range.

    `forecast` is None where it is refused or nothing can be foretold: then the next period is drawn as not known.
    """
    past = sorted(gate.past, key=lambda one: one.origin)
    caption, title = _caption(gate, days, forecast), f"Wins in periods of {days:g} days"
    root = sheet(title, caption, HEIGHT)
    most = max([1.0, *(max(one.won, one.expected.high) for one in past)])
    down = Axis(0, max(most, forecast.wins.high if forecast else 0) * 1.06, HEIGHT - _BOTTOM, _TOP)
    step = (WIDTH - _RIGHT - _LEFT) / (len(past) + 1)
    draw_up(root, down, count_marks(down.high), _LEFT, WIDTH - _RIGHT)
    for place, one in enumerate(past):
        _draw_past(root, one, days, _LEFT + step * (place + 0.5), min(step * 0.56, 26), down)
    x = _LEFT + step * (len(past) + 0.5)
    _draw_next(root, forecast, x, min(step * 0.56, 26), down, name)
    _mark_periods(root, [one.origin for one in past], as_of, days, step, down.start)
    _draw_key(root, down.end - 26)
    return Chart(title, caption, root, HEIGHT)


def _draw_past(root: Element, one: Past, days: float, x: float, width: float, down: Axis) -> None:
    expected = one.expected
    held = "within" if one.held else "outside"
    reach = f"{expected.low:,.0f} to {expected.high:,.0f}"
    said = f"{days:g} days from {_day(one.origin)}: {say_count(one.won, 'win')}, {held} the expected {reach}"
    group = named_row(root, said)
    _draw_range(group, x, width, (down.at(expected.low), down.at(expected.high)), HAIR)
    y = down.at(expected.estimate)
    add(group, "path", d=f"M{number(x - width / 2)} {number(y)}h{number(width)}", stroke=PAPER, stroke_width=2)
    _draw_came(group, x, down.at(one.won), held=one.held)


def _draw_range(group: Element, x: float, width: float, ends: tuple[float, float], ink: str) -> None:
    bottom, top = ends
    add(group, "rect", None, x=x - width / 2, y=top, width=width, height=max(1.0, bottom - top), rx=3, fill=ink)


def _draw_came(group: Element, x: float, y: float, *, held: bool) -> None:
    """Draw what came: a dot within its range, a crossed one outside it."""
    if held:
        add(group, "circle", None, cx=x, cy=y, r=4.5, fill=INK, stroke=PAPER, stroke_width=1.5)
        return
    add(group, "circle", None, cx=x, cy=y, r=6, fill=PAPER, stroke=VERMILION, stroke_width=2)
    add(group, "path", d=f"M{number(x - 3)} {number(y - 3)}l6 6m0-6l-6 6", stroke=VERMILION, stroke_width=2)


def _draw_next(root: Element, forecast: Forecast | None, x: float, width: float, down: Axis, name: str) -> None:
    if forecast is None:
        group = named_row(root, "The next period: not known")
        fill = hatch(root, f"{name}-unknown", HAIR)
        add(
            group, "rect", None, x=x - width / 2, y=down.end, width=width, height=down.start - down.end, rx=3, fill=fill
        )
        middle = (down.start + down.end) / 2
        add(group, "rect", None, x=x - 7, y=middle - 9, width=14, height=18, rx=3, fill=PAPER)
        write_text(group, "?", x, middle + 5, anchor="middle", bold=True, size=14)
        return
    wins = forecast.wins
    told = f"{wins.estimate:,.0f} wins expected, {wins.low:,.0f} to {wins.high:,.0f}"
    group = named_row(root, f"The next {forecast.days:g} days: {told}")
    _draw_range(group, x, width, (down.at(wins.low), down.at(wins.high)), REACH)
    y = down.at(wins.estimate)
    add(group, "path", d=f"M{number(x - width / 2)} {number(y)}h{number(width)}", stroke=BLUE, stroke_width=3)
    above, below = down.at(wins.high) - 5, min(down.at(wins.low) + 13, down.start - 3)
    for value, place in ((wins.high, above), (wins.low, below)):
        # Of a range as low as its label is high only the upper end is written.
        if place == above or below - above >= SIZE:
            write_text(group, f"{value:,.0f}", x, place, ink=BLUE, anchor="middle", size=SIZE - 1, bold=True)


def _mark_periods(
    root: Element, origins: list[datetime], as_of: datetime, days: float, step: float, floor: float
) -> None:
    """Write below every period when it began (every second one where room is scarce), and the next one's name."""
    every = 1 if step >= 44 else 2
    for place, origin in enumerate(reversed(origins)):
        if place % every == 0:
            x = _LEFT + step * (len(origins) - 1 - place + 0.5)
            _write_day(root, origin, x, floor)
    x = _LEFT + step * (len(origins) + 0.5)
    write_text(root, "next", x, floor + 15, anchor="middle", size=SIZE - 1, bold=True)
    write_text(root, f"{days:g} days", x, floor + 29, ink=QUIET, anchor="middle", size=SIZE - 2)
    if origins:
        write_text(root, "period from", _LEFT - 8, floor + 45, ink=QUIET, size=SIZE - 1)
        told = f"to {_day(as_of + timedelta(days=days))} {(as_of + timedelta(days=days)).year}"
        write_text(root, told, WIDTH - _RIGHT, floor + 45, ink=QUIET, anchor="end", size=SIZE - 1)


def _write_day(root: Element, origin: datetime, x: float, floor: float) -> None:
    write_text(root, _day(origin), x, floor + 15, ink=QUIET, anchor="middle", size=SIZE - 1)
    write_text(root, str(origin.year), x, floor + 29, ink=QUIET, anchor="middle", size=SIZE - 2)


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%b}"


def _draw_key(root: Element, y: float) -> None:
    x = float(_LEFT)
    add(root, "rect", None, x=x, y=y - 9, width=10, height=12, rx=2, fill=HAIR)
    write_text(root, "expected", x + 16, y + 1, ink=QUIET, size=SIZE - 1)
    _draw_came(root, x + 94, y - 3, held=True)
    write_text(root, "came so", x + 104, y + 1, ink=QUIET, size=SIZE - 1)
    _draw_came(root, x + 176, y - 3, held=False)
    write_text(root, "came otherwise", x + 188, y + 1, ink=QUIET, size=SIZE - 1)


def _caption(gate: Gate, days: float, forecast: Forecast | None) -> str:
    held = sum(one.held for one in gate.past)
    tried = (
        f"Bars hold nine of ten periods, as they would have been told on the day the period began;"
        f" {held:,} of {say_count(len(gate.past), 'past period')} came so."
        if gate.past
        else "No past period could be tried."
    )
    if forecast is None:
        return f"{tried} For the next {days:g} days no range is given."
    wins = forecast.wins
    return (
        f"{tried} The next {days:g} days: {wins.estimate:,.0f} wins expected, {wins.low:,.0f} to {wins.high:,.0f}, from"
        f" {say_count(forecast.open_deals, 'open deal')} and the deals that begin meanwhile"
        f" ({_rate(forecast.begun_a_day * 7)} a week)."
    )


def _rate(a_week: float) -> str:
    return f"{a_week:,.0f}" if a_week >= 9.5 else f"{a_week:.2g}"
