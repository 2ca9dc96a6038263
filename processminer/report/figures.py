"""The charts of a report, each with the sentence that it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup

from processminer.diagrams.charts.calibration import calibration_chart
from processminer.diagrams.charts.cumulative_flow import cumulative_flow_chart
from processminer.diagrams.charts.fan import forecast_chart
from processminer.diagrams.charts.incidence import incidence_chart
from processminer.diagrams.charts.outcome_strips import outcome_strips
from processminer.diagrams.charts.series import series_chart
from processminer.estimates.group_times import SURE
from processminer.estimates.over_time.repeatability import CHANGED
from processminer.report.forecast_text import refused
from processminer.report.over_time_text import say_changes
from processminer.report.queue_text import say_growth
from processminer.report.telling import say_range
from processminer.words import say_count, say_days, say_list, say_percent

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from processminer.diagrams.charts.paper import Chart
    from processminer.estimates.flow.declared_chances import StageChance
    from processminer.estimates.flow.outlook import Outlook
    from processminer.estimates.group_times import GroupTimes
    from processminer.estimates.over_time.process_time import ProcessTime
    from processminer.estimates.over_time.whole import WholeProcess
    from processminer.study import Study

MOST_CHANGES = 4
"""Series of stages that are drawn because they changed: more are told in words."""


class Figure(NamedTuple):
    """A chart, and what a reader should take from it."""

    chart: Chart
    says: str

    @property
    def svg(self) -> Markup:
        """The drawing, in which the diagrams room escaped every name."""
        return Markup(self.chart.part)


class Figures(NamedTuple):
    """All charts, by the part of the report that they belong to."""

    outcomes: tuple[Figure, ...]
    process: tuple[Figure, ...]
    queue: tuple[Figure, ...]
    ahead: tuple[Figure, ...]
    chances: tuple[Figure, ...]
    """Declared probabilities against what came; apart, since without a declared one there is little to see."""


def figures_of(study: Study) -> Figures:
    """Return the charts of a study; those of what was not looked at are left out."""
    return Figures(
        outcomes=outcome_figures(study),
        process=process_figures(study),
        queue=queue_figures(study),
        ahead=forecast_figures(study),
        chances=chance_figures(study),
    )


def process_figures(study: Study) -> tuple[Figure, ...]:
    """Return when deals end, how the periods compare, and the stages that changed."""
    return () if study.whole is None else tuple(_process(study.whole))


def _process(whole: WholeProcess) -> Iterator[Figure]:
    if whole.times is not None:
        yield Figure(incidence_chart(whole.times), say_endings(whole.times))
    changes = {(one.measure, one.stage): one for one in whole.changes}
    told = sorted((one for one in whole.changes if one.q <= CHANGED and one.stage is not None), key=lambda one: one.q)
    shown = {(one.measure, one.stage) for one in told[:MOST_CHANGES]}
    for place, series in enumerate(whole.series):
        name = series.measure, series.stage
        if series.stage is None or name in shown:
            chart = series_chart(series, changes.get(name), f"series{place}")
            if chart is not None:
                yield Figure(chart, f"Changes: {say_changes(whole)}" if series.stage is None else "")


def say_endings(times: ProcessTime) -> str:
    """Say how many deals are won and lost, and how long that takes."""
    won, lost = times.won, times.lost
    said = (
        f"Of all deals {say_percent(won.share.estimate)} are won (95 % limits {say_range(won.share, say_percent)}) and"
        f" {say_percent(lost.share.estimate)} lost ({say_range(lost.share, say_percent)})."
    )
    times_said = [
        f"half of the {what} have come by {say_days(one.typical_days)}"
        for what, one in (("wins", won), ("losses", lost))
        if one.typical_days is not None
    ]
    return f"{said} {_capital(say_list(times_said))} of a deal's life." if times_said else said


def queue_figures(study: Study) -> tuple[Figure, ...]:
    """Return how the pipeline fills and empties."""
    queue = study.estimates.queue
    chart = None if queue is None else cumulative_flow_chart(queue.weeks)
    if queue is None or chart is None:
        return ()
    return (Figure(chart, f"Queues: {say_growth(queue.growth)}"),)


def outcome_figures(study: Study) -> tuple[Figure, ...]:
    """Return how long deals stay that are won later, beside those that are lost later."""
    chart = None if study.outcomes is None else outcome_strips(study.outcomes.stages)
    return () if study.outcomes is None or chart is None else (Figure(chart, say_outcomes(study.outcomes)),)


def say_outcomes(found: GroupTimes) -> str:
    """Say in which stages winners go on at another pace than losers that went on as well."""
    differ = [one.stage for one in found.stages if one.q is not None and one.q <= SURE]
    if not differ:
        return (
            "Among deals that went on from a stage, winners took neither more nor less time than losers, as far as"
            " chance lets that be told."
        )
    return f"Among deals that went on, winners and losers went at different paces in {say_list(differ)}."


def forecast_figures(study: Study) -> tuple[Figure, ...]:
    """Return past periods and the next one."""
    found = study.outlook
    if found is None:
        return ()
    told = None if refused(found) else found.forecast
    return (Figure(forecast_chart(found.gate, found.days, study.log.as_of, told), say_verdict(found)),)


def chance_figures(study: Study) -> tuple[Figure, ...]:
    """Return the declared probabilities against what came."""
    chart = None if study.outlook is None else calibration_chart(study.outlook.chances)
    return () if study.outlook is None or chart is None else (Figure(chart, say_chances(study.outlook.chances)),)


def say_verdict(found: Outlook) -> str:
    """Say what the next days bring, or why that is not said."""
    days = f"{found.days:g} days"
    if refused(found):
        return (
            f"No forecast of the next {days} is given: {found.gate.because}. A range would promise what it cannot hold."
        )
    if found.forecast is None:
        return "No forecast: no deal was seen in an open stage for any time."
    wins, revenue = found.forecast.wins, found.forecast.revenue
    money = ""
    if revenue is not None:
        currency = f" {found.forecast.currency}" if found.forecast.currency else ""
        money = f", worth {revenue.estimate:,.0f}{currency} ({revenue.low:,.0f} to {revenue.high:,.0f})"
    tested = "Past forecasts held" if found.gate.verdict == "open" else "Such forecasts could not be tried"
    return (
        f"The next {days} bring {wins.estimate:,.0f} wins ({wins.low:,.0f} to {wins.high:,.0f} in nine of ten such"
        f" periods){money}, if deals go on as they went. {tested}: {found.gate.because}."
    )


def say_chances(chances: Sequence[StageChance]) -> str:
    """Say which declared probabilities are not what came."""
    declared = [one for one in chances if one.declared is not None]
    if not declared:
        return "Neither the playbook nor the CRM declares a win probability; this is what each stage has been worth."
    off = [
        f"{one.stage} (declared {say_percent(one.declared or 0.0)}, came {say_percent(one.observed.won.estimate)})"
        for one in declared
        if one.verdict in ("too high", "too low")
    ]
    if not off:
        return f"All {say_count(len(declared), 'declared probability', 'declared probabilities')} fit what came."
    return f"Not what came: {say_list(off)}."


def _capital(said: str) -> str:
    return said[:1].upper() + said[1:]
