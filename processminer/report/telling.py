"""What every telling says in the same words: the headline, the labels, the answers to the three questions."""

from __future__ import annotations

import math
import shlex
from datetime import time, timedelta
from typing import TYPE_CHECKING

from processminer.statistics.interval import Interval
from processminer.words import say_count, say_days, say_list, say_percent

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date, datetime

    from processminer.findings.finding import Grade
    from processminer.playbook.parts.upkeep import DeviationKind
    from processminer.report.stage_rows import StageRow
    from processminer.study import Study

QUESTIONS = (
    "How many deals ended in a sale, and how many were lost?",
    "How long do deals stay in each stage?",
    "Where can the process be faster?",
)
"""What a sales manager asks first of a sales process."""

FIRST_FINDINGS = 5
"""More than a reader acts on in one sitting is a list, not a message; the rest is folded, not dropped."""

TIME_RULES = ("stage-over-limit", "stage-waits", "silent-in-stage", "handed-over-late", "stale-deals")
"""Rules whose findings say where deals lose time."""

GRADES: Mapping[Grade, str] = {
    "A": "from an experiment, or as good as one",
    "B": "adjusted for what was known beforehand, and unlikely to be chance",
    "C": "a pattern, counted and described; no cause is claimed",
    "D": "too few deals to tell",
}

DEVIATIONS: Mapping[DeviationKind, str] = {
    "skipped": "stage skipped",
    "not-repeated": "not done again after a return",
    "undeclared": "not in the playbook",
    "returned": "went back",
    "started-late": "started further on",
    "over-time": "over the time limit",
    "task-missing": "task not seen",
    "task-late": "task done afterwards",
    "criterion-missing": "exit criterion not met",
    "entry-criterion-missing": "entry criterion not met",
    "too-many-visits": "too many visits",
    "too-long-silent": "silent for too long",
    "too-few-contacts": "too few contacts",
    "wrong-owner": "owned by another role",
    "late-handover": "handed over late",
    "no-loss-reason": "lost without a reason",
    "service-late": "service begun late",
}

MINUS = "\N{MINUS SIGN}"

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def say_date(moment: date) -> str:
    """Say the day of a moment, without asking the machine for its language.

    >>> from datetime import datetime, UTC
    >>> say_date(datetime(2026, 9, 3, tzinfo=UTC))
    '3 September 2026'
    """
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


def say_part(part: int, whole: int, limits: str = "") -> str:
    """Say how many of so many deals, with the share and, if they are given, its limits.

    >>> say_part(2, 3), say_part(2, 3, "9 to 99 %"), say_part(0, 0)
    ('2 of 3 deals (67 %)', '2 of 3 deals (67 %, 95 % interval 9 to 99 %)', '0 of 0 deals')
    """
    counts = f"{part:,} of {whole:,} deals"
    interval = f", 95 % interval {limits}" if limits else ""
    return f"{counts} ({say_percent(part / whole)}{interval})" if whole else counts


def say_of(part: int, whole: int) -> str:
    """Say a share of all deals where the count itself stands beside it.

    >>> say_of(1, 4), say_of(0, 0)
    ('25 % of 4 deals', 'of 0 deals')
    """
    return f"{say_percent(part / whole)} of {say_count(whole, 'deal')}" if whole else "of 0 deals"


def exists(number: float | None) -> bool:
    """Tell whether there is a number at all: not None, not NaN, not infinite."""
    return number is not None and math.isfinite(number)


def say_range(interval: Interval, say: Callable[[float], str]) -> str:
    """Say the limits of an interval, or that there are none.

    >>> from processminer.statistics.interval import Interval
    >>> say_range(Interval(0.44, 0.41, 0.47), say_percent)
    '41 to 47 %'
    """
    if not (exists(interval.low) and exists(interval.high)):
        return "not estimated"
    low, high = say(interval.low), say(interval.high)
    if low == high:
        return low
    number, _, unit = low.rpartition(" ")
    return f"{number} to {high}" if number and high.endswith(f" {unit}") else f"{low} to {high}"


def say_points(difference: float) -> str:
    """Say a difference of two shares in percentage points, with its sign.

    >>> say_points(0.118), say_points(-0.0004)
    ('+11.8 points', '0.0 points')
    """
    return f"{say_signed(round(difference * 100, 1))} points"


def say_signed(number: float) -> str:
    """Say a number with its sign and one decimal; nothing and next to nothing have none."""
    shown = f"{abs(number):,.1f}"
    return shown if float(shown.replace(",", "")) == 0 else f"{'+' if number > 0 else MINUS}{shown}"


def say_mean(row: StageRow) -> str:
    """Say the mean stay in a stage, or that it is not estimated."""
    return (
        say_days(row.time.mean_days.estimate) if row.time and exists(row.time.mean_days.estimate) else "not estimated"
    )


def headline(study: Study) -> str:
    """Say in one sentence how the deals of the log stand."""
    totals = study.discovery.totals
    if totals.deals == 0:
        return "There is no deal in this log."
    since = f" since {say_date(totals.since)}" if totals.since is not None else ""
    won = f"{totals.won:,} of {totals.deals:,} deals{since} {_were(totals.won)} won"
    return f"{won}, {totals.lost:,} {_were(totals.lost)} lost, and {totals.open:,} {_are(totals.open)} still open."


def _were(number: int) -> str:
    return "was" if number == 1 else "were"


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def say_rows(study: Study) -> str:
    """Say how many rows were read, used and set aside."""
    ingest = study.log.ingest
    aside = ingest.rows_read - ingest.rows_used
    return f"{say_count(ingest.rows_read, 'row')} read, {ingest.rows_used:,} used, {aside:,} set aside"


def say_playbook(study: Study) -> str:
    """Say which playbook the deals were held against, and where it is from."""
    playbook = study.declared.playbook
    origin = "drafted from the won deals of this log" if study.declared.drafted else study.declared.file
    return f"{playbook.name} {playbook.version} ({origin})"


def say_win_rate(study: Study) -> str:
    """Say the win rate with its counts, its interval and its definition."""
    win = study.estimates.win_rate
    if win.closed == 0:
        return "no deal has closed yet"
    return f"{say_part(win.won, win.closed, say_range(win.rate, say_percent))}. {win.definition.removesuffix('.')}"


def say_won_in_time(study: Study) -> str:
    """Say which share of all deals, open ones counted as unfinished, is won in time; nothing where unknown."""
    win = study.estimates.win_rate
    if win.within is None or win.within_days is None or not exists(win.within.estimate):
        return ""
    share, limits = say_percent(win.within.estimate), say_range(win.within, say_percent)
    return f"Of all deals, open ones too, {share} are won within {say_days(win.within_days)} (95 % interval {limits})."


def say_lead_times(study: Study) -> str:
    """Say how long closed deals took from first event to outcome, half of them at most."""
    told = [
        f"{say_days(lead.median_days)} for {say_count(lead.deals, f'{lead.outcome} deal')}"
        for lead in study.discovery.lead_times
        if exists(lead.median_days)
    ]
    return f"median {say_list(told)}" if told else "no deal was seen both before and at its close"


def say_conformance(study: Study) -> str:
    """Say how many deals keep to the playbook, leave it, or may still do either."""
    found = study.conformance
    whole = found.deals_conforming + found.deals_violating + found.deals_pending
    if whole == 0:
        return "no deal has a path that could be held against the playbook"
    fitness = f"; mean fitness of the paths {found.fitness:.3f}" if exists(found.fitness) else ""
    return (
        f"{say_part(found.deals_conforming, whole)} keep to the playbook, {found.deals_violating:,} leave it, "
        f"{found.deals_pending:,} {_are(found.deals_pending)} under way without a breach{fitness}"
    )


def say_speed(rows: tuple[StageRow, ...]) -> str:
    """Say in which stages the days of deals lie, the most first."""
    ranked = stages_by_days(rows)[:3]
    if not ranked:
        return "No time in a stage could be measured."
    places = [
        f"{row.stage} ({say_percent(row.time.share_of_deal_days)} of them, {say_count(row.time.deals, 'deal')})"
        for row in ranked
        if row.time is not None
    ]
    return f"Of all the days that deals spent in stages, most lie in {say_list(places)}."


def stages_by_days(rows: tuple[StageRow, ...]) -> list[StageRow]:
    """Return the stages that hold any of the days of deals, the largest share first."""
    held = [row for row in rows if row.time is not None and row.time.share_of_deal_days > 0]
    return sorted(held, key=lambda row: -row.time.share_of_deal_days if row.time else 0.0)


def headed(message: str) -> tuple[str, str]:
    """Return the first sentence of a message, and what it goes on to say.

    >>> headed("2 of 3 deals (67 %) skip Demo. It does not tell."), headed("Short.")
    (('2 of 3 deals (67 %) skip Demo.', 'It does not tell.'), ('Short.', ''))
    """
    first, stop, rest = message.partition(". ")
    return (f"{first}.", rest) if stop else (message, "")


def next_commands(study: Study) -> tuple[str, ...]:
    """Return the commands that lead on from here: look into the first finding, try the first revision."""
    log = _log(study)
    commands: list[str] = []
    if study.findings:
        commands += [
            study.findings[0].evidence.command,
            f"processminer explain {study.findings[0].rule}",
        ]
    if study.revisions:
        commands.append(f"processminer revise {log} {shlex.quote(study.declared.file)} --apply {study.revisions[0].id}")
    return tuple(commands)


def audit_command(study: Study) -> str:
    """Return the command that makes this report again."""
    declared = study.declared
    playbook = "" if declared.drafted else f" --playbook {shlex.quote(declared.file)}"
    moment = "" if "--as-of" in study.log.words else _as_of(study.log.as_of)
    return f"processminer audit {_log(study)}{playbook}{moment}"


def _log(study: Study) -> str:
    return shlex.join(study.log.words or (study.log.source,))


def _as_of(moment: datetime) -> str:
    """Return the option that looks at the log as it stood then; the command line knows whole seconds only.

    None is said for midnight, which the option reads as the end of that day.
    """
    whole = moment if moment.microsecond == 0 else moment.replace(microsecond=0) + timedelta(seconds=1)
    return "" if whole.time() == time() else f" --as-of {whole:%Y-%m-%dT%H:%M:%S}"


def say_limits(share: tuple[float, float, float]) -> str:
    """Say the limits of a share that comes as estimate, low and high."""
    return say_range(Interval(*share), say_percent)


def say_estimate(interval: Interval) -> str:
    """Say the estimate of a share, or that there is none."""
    return say_percent(interval.estimate) if exists(interval.estimate) else "not estimated"


def say_number(value: object) -> str:
    """Say a number of the evidence as it stands, or that there is none.

    >>> say_number(1200), say_number(0.12346), say_number(None), say_number("SMB")
    ('1,200', '0.1235', 'not known', 'SMB')
    """
    if isinstance(value, float):
        return f"{value:,.4g}" if exists(value) else "not known"
    if isinstance(value, int):
        return f"{value:,}"
    return "not known" if value is None else str(value)
