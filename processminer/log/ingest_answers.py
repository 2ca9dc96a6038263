"""Which kinds of question a log can answer, why (not), and what to export additionally where it cannot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from processminer.engines.relations import read_sql
from processminer.log.eventlog import Answer
from processminer.log.shapes.wide import RETURNS_SEEN
from processminer.words import say_count, say_list, say_share

if TYPE_CHECKING:
    from collections.abc import Mapping

    from processminer.engines.relations import Relations
    from processminer.log.shapes.source import Source
    from processminer.log.sources.recognise import Recognition

Verdict = Literal["yes", "partly", "no"]

HISTORY = {
    "salesforce": "OpportunityHistory (or OpportunityFieldHistory for the field Stage), one row a change",
    "hubspot": "the property history of Deal stage, one row a change",
    "pipedrive": "the deals' changelog (or flow), one row a change",
    "zoho": "the related list Stage History, one row a change",
    "dynamics": "the audit history of the stage, one row a change",
    "odoo": "the tracking values of the stage (mail.tracking.value), one row a change",
}
"""What each CRM calls the table that holds every change of stage."""


def answers_of(
    relations: Relations, found: Recognition, source: Source, problems: Mapping[str, int]
) -> tuple[Answer, ...]:
    """Return the answers for path, loops, durations, outcomes, tasks and money; `problems` are the counts by kind."""
    deals, closed, won, with_path, stages = (int(n) for n in relations.row(read_sql("processminer.log", "reach.sql")))
    (untimed,) = relations.row("SELECT count(*) FROM untimed_steps")
    return (
        _path(found, with_path, deals, stages),
        _loops(found, source),
        _durations(found, source, problems, with_path, int(untimed)),
        _outcomes(deals, closed, won),
        _tasks(relations, found),
        _money(relations, deals),
    )


def _history(found: Recognition) -> str:
    crm = found.profile.name.partition("-")[0]
    return f"Export {HISTORY.get(crm, 'a history with one row a change of stage: deal, stage, time')}."


def _path(found: Recognition, with_path: int, deals: int, stages: int) -> Answer:
    shape = found.profile.shape
    if shape == "durations":
        because = "The export says how long a deal was in each stage; they are put in the order of the pipeline."
        return Answer("path", "partly", because, _history(found))
    if shape == "two-dates":
        because = "The export holds where a deal stands and two dates, not the stages between."
        return Answer("path", "no", because, _history(found))
    if stages < 2:
        because = "Hardly a deal was seen in more than one stage: there is no history in this export."
        return Answer("path", "no", because, _history(found))
    because = f"{say_share(with_path, deals)} deals have dated stages that are used."
    if with_path == deals:
        return Answer("path", "yes", because)
    return Answer("path", "partly", because, "Export the history of the other deals too, from their creation on.")


def _loops(found: Recognition, source: Source) -> Answer:
    if source.times_made:
        because = "The export holds the time spent in each stage, not how often it was entered."
        return Answer("loops", "no", because, _history(found))
    seen = sum(note.rows for note in source.notes if note.kind == RETURNS_SEEN)
    if seen:
        because = (
            f"Each stage has one date; the times spent there prove {say_count(seen, 'return')}, but not their place."
        )
        return Answer("loops", "partly", because, _history(found))
    if source.loses_returns:
        because = "Each stage has one date, so a return to it cannot be seen."
        return Answer("loops", "no", because, _history(found))
    if source.not_before is not None:
        because = "Deals were looked at now and then; what went to and fro between two looks is not seen."
        return Answer("loops", "partly", because, _history(found))
    return Answer("loops", "yes", "Every change of stage is its own row.")


def _durations(found: Recognition, source: Source, problems: Mapping[str, int], with_path: int, untimed: int) -> Answer:
    if not with_path:
        return Answer("durations", "no", "No deal has a dated event.", _history(found))
    because = _lengths_told(found, source)
    if because is not None:
        return Answer("durations", "partly", because, _history(found))
    if "day-precision" in problems:
        because = "Times are whole days; hours cannot be told."
        return Answer("durations", "partly", because, "Export times with their time of day (through the API).")
    if untimed:
        because = f"{say_count(untimed, 'step')} bear a moment that is not the deal's, and are left out of lengths."
        return Answer("durations", "partly", because, "Nothing to export: the moments were never recorded.")
    return Answer("durations", "yes", "Stage changes carry their time of day.")


def _lengths_told(found: Recognition, source: Source) -> str | None:
    """Return what the kind of export can tell of lengths where it does not tell every entry, else None."""
    if source.times_made:
        return "Lengths are what the export says, all visits of a stage together; when each began is worked out."
    if found.profile.shape == "two-dates":
        return "Only a deal's whole length is known, from its beginning to its end, not that of each stage."
    if source.not_before is not None:
        return "A move is dated by the first list that shows it, so lengths are true to the time between two lists."
    return None


def _outcomes(deals: int, closed: int, won: int) -> Answer:
    because = f"{say_count(won, 'deal')} won and {closed - won:,} lost; {deals - closed:,} still open."
    if won and closed > won:
        return Answer("outcomes", "yes", because)
    missing = "won" if not won else "lost"
    more = f"Export the deals that were {missing} too, or name their stage with --{missing}."
    return Answer("outcomes", "partly" if closed else "no", because, more)


def _tasks(relations: Relations, found: Recognition) -> Answer:
    more = "Add the table of activities (Task.csv for Salesforce, engagements for HubSpot) to the folder."
    if "tasks" not in found.parts:
        return Answer("tasks", "no", "No activities are in the export.", more)
    events, deals, kinds = relations.row("SELECT count(*), count(DISTINCT deal), count(DISTINCT name) FROM task_events")
    because = (
        f"{say_count(events, 'activity', 'activities')} of {say_count(kinds, 'kind')} for {say_count(deals, 'deal')}."
    )
    return Answer("tasks", "yes", because) if events else Answer("tasks", "no", because, more)


def _money(relations: Relations, deals: int) -> Answer:
    (known,) = relations.row("SELECT count(amount) FROM deals")
    (currencies,) = relations.row(
        "SELECT list(DISTINCT currency ORDER BY currency) FROM deals WHERE currency IS NOT NULL AND amount IS NOT NULL"
    )
    if not known:
        return Answer(
            "money", "no", "No deal has an amount.", "Add the amount (and its currency) to the table of deals."
        )
    mixed = f" in {say_list([str(c) for c in currencies])}" if currencies else ""
    because = f"{say_share(int(known), deals)} deals have an amount{mixed}."
    if len(currencies or ()) > 1:
        return Answer("money", "partly", because, "Export the amount in the company's currency, or one currency alone.")
    if known < deals:
        return Answer("money", "partly", because, "Fill the amounts in the CRM; early losses often have none.")
    return Answer("money", "yes", because)
