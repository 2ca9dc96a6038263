"""What to do in the CRM, in forecasts and in reports on the day a revision comes into force."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.revisions.acted_on import stage_of
from processminer.words import say_count, say_percent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.findings.facts import Facts
    from processminer.playbook.parts.stages import Stage
    from processminer.revisions.revision import Revision

CUTOVER = (
    "Deals that begin on the day from which the new version holds, or later, are judged by it; those under way end by"
    " the old one, as long as the new file says what it replaces and from when it is valid."
)
"""Without it, half of the deals would be told to have broken a rule that did not hold when they began."""

_GATED = frozenset({"require-stage", "forbid-skip"})
_OPENED = frozenset({"make-stage-optional", "allow-skip", "allow-return"})
_ASKED = frozenset({"require-task", "add-task", "add-exit-criterion", "check-earlier"})
_TIMED = frozenset({"set-time-limit", "set-handover-limit", "give-up-rule"})


def migration_of(revision: Revision, facts: Facts) -> tuple[str, ...]:
    """Return the steps, one sentence or two each, in the order in which they are taken."""
    name = stage_of(revision, facts)
    stage = None if name is None else facts.playbook.stage(name)
    kind = revision.kind
    if kind == "add-alias":
        steps = _named(revision)
    elif kind in {"remove-stage", "merge-stages"}:
        steps = _without(revision, stage, facts)
    elif kind == "add-stage":
        steps = _with(revision, facts)
    elif kind == "set-probability":
        steps = _forecast(stage, facts)
    elif kind == "split-by-segment":
        steps = _split(revision)
    else:
        steps = _ruled(revision, stage, facts)
    return tuple(steps)


def _named(revision: Revision) -> Iterator[str]:
    yield (
        f"Nothing changes in the CRM. Do not rename '{revision.subject}' there: the alias lets the playbook read the"
        " old deals and the new ones alike."
    )


def _without(revision: Revision, stage: Stage | None, facts: Facts) -> Iterator[str]:
    named = " and ".join(f"'{one}'" for one in revision.subject.split(" + ")) if stage is None else f"'{stage.name}'"
    yield (
        f"Take the value {named} out of use in the CRM's list of stages; neither delete nor rename it, or the history"
        f" of {_went_through(stage, facts)} is lost or says what never was."
    )
    yield (
        f"{_in_it_now(stage, facts)}: move each to the stage that its work has got to, on one day, and write down which"
        " day, so that these moves are not taken for the pace of the team."
    )
    if revision.kind == "merge-stages":
        yield "Keep the old names as aliases of the stage that stays: deals of both times can then be read as one."
    yield (
        f"Forecast: take {named} out of its forecast category{_chance(stage)}; reports, automations and lists that ask"
        " for it by name find nothing from that day on."
    )
    yield CUTOVER


def _with(revision: Revision, facts: Facts) -> Iterator[str]:
    flows = [one for one in facts.discovery.stages if one.stage == revision.subject]
    if flows:
        now = sum(one.open for one in flows)
        yield (
            f"The CRM has '{revision.subject}' already ({say_count(sum(one.deals for one in flows), 'deal')} went"
            f" through it, {now:,} {'is' if now == 1 else 'are'} in it now): nobody has to move anything."
        )
    else:
        yield f"Add '{revision.subject}' to the CRM's list of stages as a value of its own; rename none for it."
    yield (
        "Forecast: give it a forecast category and a probability between those of its neighbours, and tell those who"
        " read conversion from stage to stage that there is one step more."
    )
    yield CUTOVER


def _forecast(stage: Stage | None, facts: Facts) -> Iterator[str]:
    where = "the stage" if stage is None else f"'{stage.name}'"
    yield (
        f"Set the probability of {where} in the CRM on the day on which the version comes into force. The weighted"
        f" forecast jumps on that day: {_in_it_now(stage, facts)}; tell those who plan by it beforehand, and keep both"
        " figures for one period."
    )
    yield "Deals that were closed keep the probability that they were closed with."


def _split(revision: Revision) -> Iterator[str]:
    yield (
        f"Give each kind of deal ({revision.subject}) a process of its own in the CRM (record type, pipeline), and say"
        " in each playbook, under 'applies_to', which deals it is for."
    )
    yield (
        "Make the field by which they are told apart required when a deal is made: a deal without it is judged by none"
        " of the playbooks."
    )
    yield "Reports on all deals have to add the kinds up from now on; keep the names of shared stages the same in all."
    yield CUTOVER


def _ruled(revision: Revision, stage: Stage | None, facts: Facts) -> Iterator[str]:
    now = _in_it_now(stage, facts)
    kind, subject = revision.kind, revision.subject
    if kind in _GATED:
        yield f"Let the CRM ask for it where it can (a rule on the change of stage): '{subject}'. {now}."
        yield "Deals that have passed that place already owe nothing; do not send them back."
    elif kind in _OPENED:
        yield (
            f"Take away what forces people the other way in the CRM (a rule on the change of stage, a required field):"
            f" '{subject}'."
        )
        yield "Conversion from stage to stage is to be counted among the deals that were in the stage, not among all."
    elif kind in _ASKED:
        yield (
            f"Put '{subject}' where people work: a required field, a checklist or a step on the deal's page. {now}: ask"
            " it of them from the next change of stage on."
        )
        yield "Do not fill it in afterwards for older deals: what is written after the decision proves nothing."
    elif kind in _TIMED:
        yield (
            "Set the alert or the task that the CRM raises to the new time."
            f" {now}: go through those beyond it once, by hand."
        )
        yield "Reports on overdue deals change on that day; say so in them."
    elif kind == "drop-task":
        yield f"Take '{subject}' from checklists, templates and required fields; what was recorded stays where it is."
    else:
        yield f"Tell those who work in it, and change what the CRM allows at '{subject}'. {now}."
    yield CUTOVER


def _went_through(stage: Stage | None, facts: Facts) -> str:
    flow = None if stage is None else facts.flow(stage)
    return "its deals" if flow is None else say_count(flow.deals, "deal")


def _in_it_now(stage: Stage | None, facts: Facts) -> str:
    """Say how many open deals the day of the change meets where it acts."""
    flow = None if stage is None else facts.flow(stage)
    if flow is None or stage is None:
        return f"{say_count(facts.discovery.totals.open, 'deal')} are open now"
    return f"{say_count(flow.open, 'open deal')} {'is' if flow.open == 1 else 'are'} in {stage.name} now"


def _chance(stage: Stage | None) -> str:
    return (
        ""
        if stage is None or stage.probability is None
        else f" and drop its probability of {say_percent(stage.probability)}"
    )
