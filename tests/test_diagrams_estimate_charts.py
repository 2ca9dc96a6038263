"""Every chart of the estimates keeps inside its sheet, lets no two texts collide, and says whom it tells of."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processminer.diagrams.charts.axes import date_marks, length_marks, round_marks
from processminer.diagrams.charts.calibration import calibration_chart
from processminer.diagrams.charts.cumulative_flow import LONGEST, MOST_STAGES, cumulative_flow_chart
from processminer.diagrams.charts.fan import forecast_chart
from processminer.diagrams.charts.incidence import incidence_chart
from processminer.diagrams.charts.outcome_strips import outcome_strips
from processminer.diagrams.charts.paper import WIDTH, spread
from processminer.diagrams.charts.series import series_chart
from processminer.diagrams.colours import DARK
from processminer.engines.pixels import svg_to_png
from processminer.estimates.flow.backtest import Gate, Past
from processminer.estimates.flow.declared_chances import StageChance
from processminer.estimates.flow.forecast import Forecast
from processminer.estimates.group_times import GroupTime, StageGroups
from processminer.estimates.over_time.changes import SeriesChange
from processminer.estimates.over_time.cohorts import Cohort, Series
from processminer.estimates.over_time.process_time import Ending, ProcessTime, Standing
from processminer.estimates.queue.weeks import StageWeek
from processminer.estimates.stage_wins import StageWins
from processminer.statistics.interval import Interval
from processminer.statistics.log_rank import LogRank
from processminer.statistics.survival import Quantile
from tests.diagram_stories import HOSTILE
from tests.drawn import SVG, colliding, drawn, outside

if TYPE_CHECKING:
    from collections.abc import Sequence

    from processminer.diagrams.charts.paper import Chart

NAMES = ("Prospecting", "Qualification", "Demo", "Proposal", "Negotiation")
NOW = datetime(2026, 6, 30)
MONDAY = date(2026, 1, 5)

shares = st.floats(0, 1).map(lambda share: round(share, 4))
lengths = st.floats(1e-3, 5e3)
counts = st.integers(0, 5000)


def span(low: float, middle: float, high: float) -> Interval:
    return Interval(middle, low, high)


def times_of(points: Sequence[tuple[float, float, float]], tau: float) -> ProcessTime:
    """Points are age, share won and share lost of those not won, both rising."""
    won = lost = 0.0
    curve: list[Standing] = []
    for age, more_won, more_lost in sorted(points):
        left = 1 - won - lost
        won, lost = won + left * more_won / 2, lost + left * more_lost / 2
        limits = [(share * 0.9, min(1.0, share * 1.1)) for share in (won, lost)]
        curve.append(Standing(age, won, lost, 1 - won - lost, *limits))
    ending = Ending(span(0.2, 0.25, 0.3), 120, None, None, 30.0, (20.0, 40.0), span(25, 30, 35))
    mean = Interval(40, 35, 45)
    return ProcessTime(1200, 130, 4, tau, ending, ending, Quantile(30.0, 25.0, 35.0), mean, tuple(curve))


@st.composite
def process_times(draw: st.DrawFn) -> ProcessTime:
    points = draw(st.lists(st.tuples(lengths, shares, shares), max_size=30, unique_by=lambda point: point[0]))
    return times_of(points, draw(lengths))


@st.composite
def weeks(draw: st.DrawFn) -> list[StageWeek]:
    names = draw(st.lists(st.sampled_from((*NAMES, *HOSTILE)), min_size=1, max_size=14, unique=True))
    many = draw(st.integers(1, 40))
    found: list[StageWeek] = []
    for name in names:
        came = gone = 0
        for week in range(many):
            arrivals = draw(st.integers(0, 60))
            left = draw(st.integers(0, came + arrivals - gone))
            wins = draw(st.integers(0, left))
            losses = draw(st.integers(0, left - wins))
            came, gone = came + arrivals, gone + left
            begin = MONDAY + timedelta(days=7 * week)
            found.append(
                StageWeek(name, begin, arrivals, left - losses, wins, losses, came, gone, complete=week < many - 1)
            )
    return found


def _past(draw: st.DrawFn, place: int) -> Past:
    low, middle, high = sorted(draw(st.tuples(*[st.floats(0, 900)] * 3)))
    return Past(NOW - timedelta(days=90 * (place + 1)), span(low, middle, high), draw(st.integers(0, 1000)))


@st.composite
def gates(draw: st.DrawFn) -> Gate:
    past = tuple(_past(draw, place) for place in range(draw(st.integers(0, 8))))
    return Gate("open", "all came", past, ())


def forecast_of(low: float, middle: float, high: float) -> Forecast:
    return Forecast(90.0, NOW, span(low, middle, high), None, None, middle / 2, middle / 2, 3.2, None, 251, 3, ())


@st.composite
def chances(draw: st.DrawFn) -> list[StageChance]:
    found: list[StageChance] = []
    for name in draw(st.lists(st.sampled_from((*NAMES, *HOSTILE)), min_size=1, max_size=8, unique=True)):
        low, middle, high = sorted(draw(st.tuples(shares, shares, shares)))
        declared = draw(st.none() | shares)
        observed = StageWins(name, draw(st.integers(1, 99_999)), 3, span(low, middle, high), draw(lengths))
        found.append(StageChance(name, declared, None if declared is None else "playbook", observed))
    return found


@st.composite
def outcomes(draw: st.DrawFn) -> list[StageGroups]:
    def group(kind: str) -> GroupTime:
        ranked = sorted(draw(st.lists(lengths, min_size=5, max_size=5)))
        reached = draw(st.integers(0, 5))
        told = tuple(days if place < reached else None for place, days in enumerate(ranked))
        return GroupTime(kind, draw(st.integers(1, 99_999)), 0, 9, span(*ranked[1:4]), told[2], told)

    names = draw(st.lists(st.sampled_from((*NAMES, *HOSTILE)), min_size=1, max_size=8, unique=True))
    q = draw(st.none() | shares)
    return [StageGroups(name, 90.0, (group("won"), group("lost")), LogRank(1.0, 1, 0.3), q) for name in names]


@st.composite
def many_series(draw: st.DrawFn) -> tuple[Series, SeriesChange | None]:
    measure = draw(st.sampled_from(("won", "went on", "days in stage")))
    every = draw(st.sampled_from(("week", "month", "quarter")))
    months = {"week": 0, "month": 1, "quarter": 3}[every]
    values = lengths if measure == "days in stage" else shares
    cohorts: list[Cohort] = []
    many = draw(st.integers(0, 30))
    young = draw(st.integers(0, 4))
    for place in range(many):
        month = months * place
        begins = date(2023 + month // 12, month % 12 + 1, 1) if months else MONDAY + timedelta(days=7 * place)
        told = draw(st.none() | st.tuples(values, values, values).map(sorted))
        estimate = None if told is None else span(*told)
        cohorts.append(Cohort(begins, draw(st.integers(1, 9000)), 3, estimate, mature=place < many - young))
    stage = None if measure == "won" else draw(st.sampled_from((*NAMES, *HOSTILE)))
    series = Series(measure, stage, draw(lengths), every, tuple(cohorts))
    known = [one.begins for one in cohorts if one.estimate is not None and one.mature]
    if len(known) < 2 or not draw(st.booleans()):
        return series, None
    since = draw(st.sampled_from(known[1:]))
    return series, SeriesChange(measure, stage, 90.0, len(known), since, draw(values), draw(values), 0.01, draw(shares))


def holds(chart: Chart) -> None:
    """Hold a chart to what all must keep to, in a page and alone."""
    for svg in (chart.part, chart.alone):
        ET.fromstring(svg)
        assert not outside(svg)
        assert not colliding(svg)
    assert ET.fromstring(chart.part).get("aria-label")
    assert ET.fromstring(chart.part).findtext(f"{SVG}desc") == chart.caption.strip()
    assert any(letter.isdigit() for letter in chart.caption) or "No past period" in chart.caption


@given(process_times())
@settings(max_examples=20, deadline=None)
def test_won_and_lost_by_age(times: ProcessTime) -> None:
    holds(incidence_chart(times))


@given(weeks())
@settings(max_examples=20, deadline=None)
def test_the_cumulative_flow(told: list[StageWeek]) -> None:
    chart = cumulative_flow_chart(told)
    assert (chart is None) == (len({one.week for one in told}) < 2)
    if chart is not None:
        holds(chart)


@given(gates(), st.none() | st.tuples(*[st.floats(0, 2000)] * 3).map(sorted))
@settings(max_examples=30, deadline=None)
def test_past_periods_and_the_next(gate: Gate, wins: list[float] | None) -> None:
    holds(forecast_chart(gate, 90, NOW, None if wins is None else forecast_of(*wins)))


@given(chances())
@settings(max_examples=20, deadline=None)
def test_declared_probabilities(told: list[StageChance]) -> None:
    chart = calibration_chart(told)
    assert chart is not None
    holds(chart)


@given(outcomes())
@settings(max_examples=20, deadline=None)
def test_stays_by_outcome(told: list[StageGroups]) -> None:
    chart = outcome_strips(told)
    assert chart is not None
    holds(chart)


@given(many_series())
@settings(max_examples=40, deadline=None)
def test_series_by_cohort(told: tuple[Series, SeriesChange | None]) -> None:
    chart = series_chart(*told)
    known = [one for one in told[0].cohorts if one.estimate is not None]
    assert (chart is None) == (len(known) < 2)
    if chart is not None:
        holds(chart)


def texts(chart: Chart) -> list[str]:
    return [one.said for one in drawn(chart.part) if one.tag == "text"]


def test_the_shares_at_the_right_are_those_of_the_last_age_drawn() -> None:
    chart = incidence_chart(times_of([(1, 0.2, 0.4), (10, 0.2, 0.4), (50, 0.2, 0.4)], 60.0))
    assert {"won", "lost", "open"} < set(texts(chart))
    # Three times a tenth and a fifth of those left are won and lost: of all, 0.7 ** 3 stay open.
    assert [said for said in texts(chart) if said.endswith("%")][-3:] == ["44 %", "34 %", "22 %"]


def test_a_long_time_in_which_nothing_happens_is_not_drawn() -> None:
    busy = times_of([(10, 0.5, 0.5), (20, 0.5, 0.9)], 900.0)
    assert "800" not in texts(incidence_chart(busy))
    assert "20" in texts(incidence_chart(busy))


def a_week(stage: str, week: int, there: int, closed: tuple[int, int] = (0, 0)) -> StageWeek:
    wins, losses = closed
    came = 1000 + there
    return StageWeek(stage, MONDAY + timedelta(days=7 * week), 5, wins, wins, losses, came, 1000, complete=True)


def test_the_flow_stacks_won_lost_and_the_stages_from_the_last_to_the_first() -> None:
    told = [a_week(name, week, 10 * (place + 1), (place, 1)) for place, name in enumerate(NAMES) for week in range(20)]
    chart = cumulative_flow_chart(told)
    assert chart is not None
    bands = [group.get("data-band") for group in ET.fromstring(chart.part).iter(f"{SVG}g")]
    assert bands == ["won", "lost", *reversed(NAMES)]
    # Ten wins and five losses a week, over nineteen weeks at most; a hundred and fifty deals stood there all along.
    weeks_drawn = 1 + int(chart.caption.split()[2]) - 1
    assert f"{10 * weeks_drawn:,} were won and {5 * weeks_drawn:,} lost; 150 stood" in chart.caption


def test_where_many_were_closed_fewer_weeks_are_drawn_and_never_more_than_half_a_year() -> None:
    def caption(closed: tuple[int, int]) -> str:
        chart = cumulative_flow_chart([a_week("Demo", week, 100, closed) for week in range(80)])
        assert chart is not None
        return chart.caption

    assert caption((0, 1)).startswith(f"The last {LONGEST} weeks")
    assert caption((50, 50)).startswith("The last 13 weeks")


def test_the_smallest_of_many_stages_share_a_band() -> None:
    told = [a_week(f"Stage {place:02}", week, 5 + place) for place in range(14) for week in range(4)]
    chart = cumulative_flow_chart(told)
    assert chart is not None
    bands = [group.get("data-band") for group in ET.fromstring(chart.part).iter(f"{SVG}g")]
    assert len(bands) == 2 + MOST_STAGES + 1
    assert bands[-1] == "(other stages)"


def test_a_refused_forecast_shows_no_range() -> None:
    gate = Gate("shut", "deals changed", (Past(NOW - timedelta(days=90), span(40, 50, 60), 75),), ())
    shut = forecast_chart(gate, 90, NOW, None)
    assert "?" in texts(shut)
    assert "no range is given" in shut.caption
    told = forecast_chart(replace(gate, verdict="open"), 90, NOW, forecast_of(41, 52, 66))
    assert {"41", "66"} < set(texts(told))
    assert "52 wins expected, 41 to 66, from 251 open deals" in told.caption


def test_a_past_period_outside_its_range_is_told_by_its_shape() -> None:
    def dots(won: int) -> list[str | None]:
        gate = Gate("open", "", (Past(NOW - timedelta(days=90), span(40, 50, 60), won),), ())
        rows = ET.fromstring(forecast_chart(gate, 90, NOW, None).part).iter(f"{SVG}g")
        return [dot.get("stroke") for row in rows for dot in row.iter(f"{SVG}circle")]

    assert dots(50) != dots(70)


def test_a_declared_probability_beside_the_limits_is_said_to_be_so() -> None:
    observed = StageWins("Demo", 400, 12, span(0.4, 0.45, 0.5), 120.0)
    chart = calibration_chart([StageChance("Demo", 0.7, "CRM", observed)])
    assert chart is not None
    assert "45 % of 400, declared too high" in texts(chart)
    undeclared = calibration_chart([StageChance("Demo", None, None, observed)])
    assert undeclared is not None
    assert undeclared.title == "How many are won from each stage on"
    assert "45 % of 400" in texts(undeclared)


def test_only_stages_that_both_went_on_from_are_compared() -> None:
    def group(kind: str) -> GroupTime:
        return GroupTime(kind, 40, 0, 40, span(3, 4, 5), 4.0, (1.0, 2.0, 4.0, 6.0, 9.0))

    both = StageGroups("Demo", 30.0, (group("won"), group("lost")), None, 0.01)
    chart = outcome_strips([both, StageGroups("Legal", 30.0, (group("won"),), None, None)])
    assert chart is not None
    rows = [one.get("data-strips") for one in ET.fromstring(chart.part).iter(f"{SVG}g")]
    assert rows == ["Demo"]
    assert "40 / 40 stays, they differ, q = 0.01" in texts(chart)
    assert "went on from the stage" in chart.caption
    assert outcome_strips([StageGroups("Legal", 30.0, (group("won"),), None, None)]) is None


def a_series(mature: int, young: int) -> Series:
    cohorts = [
        Cohort(date(2025 + place // 12, place % 12 + 1, 1), 50, 10, span(0.1, 0.2, 0.3), mature=place < mature)
        for place in range(mature + young)
    ]
    return Series("won", None, 96.0, "month", tuple(cohorts))


def test_the_young_end_is_greyed_and_a_change_marked_only_where_it_is_told() -> None:
    series = a_series(10, 3)
    change = SeriesChange("won", None, 96.0, 10, date(2025, 6, 1), 0.2, 0.3, 0.001, 0.01)
    told = series_chart(series, change)
    unsure = series_chart(series, replace(change, q=0.2))
    old = series_chart(a_series(10, 0), None)
    assert told is not None
    assert unsure is not None
    assert old is not None
    assert {"too young to judge", "since Jun 2025"} < set(texts(told))
    assert "since Jun 2025" not in texts(unsure)
    assert "No change that is more than chance." in unsure.caption
    assert "too young to judge" not in texts(old)
    hollow = [dot for dot in ET.fromstring(told.part).iter(f"{SVG}circle") if dot.get("fill") == "#ffffff"]
    assert len(hollow) == 3


@pytest.mark.parametrize("place", range(6))
def test_every_chart_becomes_pixels_and_every_colour_has_its_dark_twin(place: int) -> None:
    observed = StageWins("Demo", 400, 12, span(0.4, 0.45, 0.5), 120.0)
    gate = Gate("open", "", (Past(NOW - timedelta(days=90), span(40, 50, 60), 75),), ())
    group = GroupTime("won", 40, 0, 40, span(3, 4, 5), 4.0, (1.0, 2.0, 4.0, 6.0, None))
    charts = (
        incidence_chart(times_of([(1, 0.2, 0.4), (50, 0.2, 0.4)], 60.0)),
        cumulative_flow_chart([a_week(name, week, 30, (1, 1)) for name in HOSTILE for week in range(9)]),
        forecast_chart(gate, 90, NOW, forecast_of(1, 2, 3)),
        calibration_chart([StageChance(name, 0.7, "CRM", observed) for name in HOSTILE]),
        outcome_strips([StageGroups(n, 3.0, (group, replace(group, group="lost")), None, 0.5) for n in HOSTILE]),
        series_chart(a_series(10, 3), SeriesChange("won", None, 96.0, 10, date(2025, 6, 1), 0.2, 0.3, 0.001, 0.01)),
    )
    chart = charts[place]
    assert chart is not None
    assert svg_to_png(chart.alone, WIDTH)[:4] == b"\x89PNG"
    for part in ET.fromstring(chart.alone).iter():
        for attribute in ("fill", "stroke"):
            colour = part.get(attribute, "none")
            assert colour in ("none", *DARK) or colour.startswith("url(#")
    assert "<script" not in chart.alone


@given(st.floats(1e-6, 1e9), st.integers(2, 9))
def test_round_marks_are_few_and_reach_far(most: float, many: int) -> None:
    marks = round_marks(most, many)
    assert marks[0] == 0
    assert len(marks) <= many + 1
    assert marks[-1] <= most * (1 + 1e-6)
    assert len(marks) > many / 4


@given(st.dates(date(1990, 1, 1), date(2040, 1, 1)), st.integers(1, 9000))
def test_dates_marked_lie_between_the_ends_and_are_few(first: date, days: int) -> None:
    last = first + timedelta(days=days)
    marks = [value for value, _ in date_marks(first, last)]
    assert len(marks) <= 8
    assert all(first.toordinal() <= value <= last.toordinal() for value in marks)


@given(st.floats(1 / 1440, 5e3))
def test_lengths_are_said_in_a_unit_in_which_they_are_not_tiny(days: float) -> None:
    marks, unit = length_marks(days)
    assert unit in ("days", "hours", "minutes")
    assert len(marks) > 1


@given(st.lists(st.floats(0, 300), max_size=12).map(sorted))
def test_labels_are_spread_a_gap_apart_and_keep_their_order(wanted: list[float]) -> None:
    found = spread(wanted, 15, 0, 300)
    assert all(later - earlier >= 15 - 1e-9 for earlier, later in pairwise(found))
    assert not found or (found[0] >= -1e-9 and found[-1] <= 300 + 1e-9)
