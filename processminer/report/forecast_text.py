"""The forecast for a terminal: first whether it is to be believed, then what it says, then the deals behind it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from processminer.report.listing import paragraph, table
from processminer.report.telling import say_date, say_range
from processminer.words import say_count, say_days, say_percent

if TYPE_CHECKING:
    from processminer.discovery.discovery import Discovery
    from processminer.estimates.flow.backtest import Gate
    from processminer.estimates.flow.declared_chances import StageChance
    from processminer.estimates.flow.forecast import Forecast
    from processminer.estimates.flow.give_up import GiveUp
    from processminer.estimates.flow.outlook import Outlook
    from processminer.estimates.flow.stalled import Stalled
    from processminer.statistics.interval import Interval

NOT_KNOWN = (
    "It takes deals to go on as they went: what sellers promise, what buyers say and what competitors do is not in the"
    " log."
)
"""What no forecast from a log of stage changes knows; printed with each."""

BEYOND_QUOTA = 100.0
"""Open deals worth more than so many quotas: the quota was meant as a number of deals, and not as money."""


def render_forecast(discovery: Discovery, found: Outlook, *, anyway: bool = False, width: int = 100) -> str:
    """Return the outlook as text; a forecast that is not to be believed only if it is wanted `anyway`."""
    totals = discovery.totals
    lines = [
        f"{say_count(totals.open, 'deal')} open of {totals.deals:,}, as of {say_date(discovery.log.as_of)}",
        *paragraph(say_gate(found.gate), width, "Gate      "),
    ]
    if refused(found) and not anyway:
        lines += ["", *paragraph(_refusal(found), width)]
    elif found.forecast is None:
        lines += ["", "No forecast: no deal was seen in an open stage for any time."]
    else:
        lines += ["", *_told(found, found.forecast, width)]
    lines += ["", *_past(found.gate, width), *_chances(found.chances, width)]
    if found.stalled is not None:
        lines += ["", *_stalled(found.stalled, width)]
    lines += ["", *_give_ups(found.give_ups, width)]
    return "\n".join(lines) + "\n"


def refused(found: Outlook) -> bool:
    """Tell whether the forecast is not to be believed."""
    return found.gate.verdict == "shut"


def say_gate(gate: Gate) -> str:
    """Say whether forecasts of this log are to be believed, and why."""
    told = {"open": "open", "shut": "shut", "cannot tell": "not known"}[gate.verdict]
    return f"{told}: {gate.because}."


def _refusal(found: Outlook) -> str:
    return (
        f"No forecast of the next {found.days:g} days is given: {found.gate.because}. A range would promise what it"
        " cannot hold. --anyway prints it all the same."
    )


def _told(found: Outlook, forecast: Forecast, width: int) -> list[str]:
    unsure = (
        "" if found.gate.verdict == "open" else ", untested" if found.gate.verdict != "shut" else ", NOT TO BE BELIEVED"
    )
    lines = [f"The next {found.days:g} days{unsure} (nine of ten such periods lie within the range)"]
    wins = forecast.wins
    share = forecast.of_open / wins.estimate if wins.estimate else 0.0
    rate = f"{forecast.begun_a_day * 7:.2g} new deals a week"
    said = (
        f"{wins.estimate:,.0f} expected, {wins.low:,.0f} to {wins.high:,.0f}; {say_percent(share)} of them from the"
        f" {say_count(forecast.open_deals, 'open deal')}, the rest from new ones ({rate}, as over the last 90 days)"
    )
    lines += paragraph(said, width, "Wins      ")
    lines += paragraph(_revenue(forecast), width, "Revenue   ")
    if forecast.money_ratio is not None:
        lines += paragraph(_say_money(forecast.money_ratio, weighed=forecast.money_weighed), width, "Amounts   ")
    if found.quota is not None:
        lines += paragraph(_quota(found, forecast), width, "Quota     ")
    if forecast.unknown:
        unknown = (
            f"{say_count(forecast.unknown, 'open deal')} of unknown chance, since too few others ever stayed in a stage"
            " as long; they count as no win"
        )
        lines += paragraph(unknown, width, "Unknown   ")
    rows = [
        (one.stage, one.deals, f"{one.wins:,.1f}", _money(one.amount), _money(one.expected)) for one in forecast.stages
    ]
    lines += ["", *table(("Open in", "Deals", "Wins expected", "Amount", "Expected of it"), rows, width)]
    return [*lines, "", *paragraph(NOT_KNOWN, width, "Not known ")]


def _revenue(forecast: Forecast) -> str:
    if forecast.revenue is None:
        return "not known: no won deal has an amount"
    return f"{_range(forecast.revenue)}{_currency(forecast.currency)}"


def _say_money(ratio: Interval, *, weighed: bool) -> str:
    """Say whether dear deals are won as often as others, and what the revenue takes of it."""
    told = (
        f"by stage and age the money in open deals is won {ratio.estimate:.2f} times as often as deals are (95 % limits"
        f" {ratio.low:.2f} to {ratio.high:.2f})"
    )
    return (
        f"{told}: {'weighed so' if weighed else 'no more than chance, so that amounts say nothing of the chance here'}"
    )


def _range(interval: Interval) -> str:
    return f"{interval.estimate:,.0f} expected, {interval.low:,.0f} to {interval.high:,.0f}"


def _quota(found: Outlook, forecast: Forecast) -> str:
    chance = (
        ""
        if forecast.chance_of_quota is None
        else f"reached in {say_percent(forecast.chance_of_quota)} of the periods played"
    )
    covered = ""
    if found.coverage is not None and found.quota:
        weighed = sum(stage.expected or 0.0 for stage in forecast.stages) / found.quota
        covered = f"open deals are worth {found.coverage:.1f} times the quota, {weighed:.1f} weighed by their chance"
    told = "; ".join(one for one in (chance, covered) if one) or "no amounts are known"
    if found.coverage is not None and found.coverage > BEYOND_QUOTA:
        told = "read as an amount of money, which all open deals together exceed by far; for a number of wins see Wins"
    return f"revenue of {found.quota:,.0f}{_currency(forecast.currency)}: {told}"


def _money(amount: float | None) -> str:
    return "" if amount is None else f"{amount:,.0f}"


def _currency(currency: str | None) -> str:
    return f" {currency}" if currency else ""


def _past(gate: Gate, width: int) -> list[str]:
    if not gate.past:
        return []
    rows = [
        (
            say_date(one.origin),
            f"{one.expected.estimate:,.0f}",
            say_range(one.expected, lambda wins: f"{wins:,.0f}"),
            one.won,
            "yes" if one.held else "no",
        )
        for one in gate.past
    ]
    return [*table(("Looked from", "Wins expected", "Range", "Came", "Within"), rows, width), ""]


def _chances(chances: tuple[StageChance, ...], width: int) -> list[str]:
    declared = any(one.declared is not None for one in chances)
    rows = [
        (
            one.stage,
            one.observed.deals,
            one.observed.open,
            say_percent(one.observed.won.estimate),
            say_range(one.observed.won, say_percent),
            say_days(one.observed.within_days),
            *(
                ("" if one.declared is None else f"{say_percent(one.declared)} ({one.source})", _verdict(one))
                if declared
                else ()
            ),
        )
        for one in chances
    ]
    titles = ("Stage", "Deals", "Open", "Won", "95 % limits", "Within", *(("Declared", "Which is") if declared else ()))
    return table(titles, rows, width)


def _verdict(chance: StageChance) -> str:
    return "" if chance.verdict == "none" else chance.verdict


def _stalled(found: Stalled, width: int) -> list[str]:
    if not found.deals:
        return ["No open deal has stayed for so long that half of its chance is gone."]
    stake = f", {found.stake:,.0f}{_currency(found.currency)} at stake" if found.stake else ""
    head = (
        f"{say_count(found.deals, 'open deal')} stayed for so long that half or more of a fresh deal's chance to be won"
        f" within {say_days(found.within_days)} is gone{stake}"
    )
    rows = [
        (
            one.deal,
            one.stage,
            say_days(one.days),
            _money(one.amount),
            "not known" if one.chance is None else say_percent(one.chance),
            say_percent(one.fresh),
            _money(one.stake),
        )
        for one in found.most
    ]
    titles = ("Deal", "Stage", "There for", "Amount", "Chance now", "If fresh", "At stake")
    more = found.deals - len(rows)
    return [
        *paragraph(head, width, "Stalled   "),
        *table(titles, rows, width),
        *([f"... and {more:,} more"] if more else []),
    ]


def _give_ups(found: tuple[GiveUp, ...], width: int) -> list[str]:
    if not found:
        return paragraph(
            "In no stage do deals come to an age at which they are not worth their days, as far as they were followed.",
            width,
            "Give up   ",
        )
    held = (
        "costs more than it promises"
        if found[0].basis == "cost"
        else "promises less than a day of a new deal, and three quarters of the chance are gone"
    )
    rows = [
        (
            one.stage,
            say_days(one.days.estimate),
            _ages(one.days),
            say_percent(one.still_there),
            say_percent(one.chance.estimate),
            say_percent(one.fresh),
            f"{one.won_later:,}",
            _money(one.value_later),
        )
        for one in found
    ]
    titles = ("Stage", "After", "95 % limits", "Stay longer", "Chance then", "If fresh", "Won later", "Worth")
    return [
        *paragraph(f"from the age at which a day of a deal {held}", width, "Give up   "),
        *table(titles, rows, width),
    ]


def _ages(days: Interval) -> str:
    """Say the limits of an age, of which the upper one may not be reached."""
    if math.isfinite(days.high):
        return say_range(days, lambda one: f"{one:,.0f}") + " days"
    return f"{days.low:,.0f} days or more"
