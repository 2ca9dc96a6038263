"""How a deviation is said to a sales manager, so that the sentence stands alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from processminer.conformance.rules.contacts import Contacts
from processminer.conformance.rules.criteria import Condition, EntryCondition
from processminer.conformance.rules.handovers import Transfer
from processminer.conformance.rules.limits import Limit
from processminer.conformance.rules.losses import LossReason
from processminer.conformance.rules.owners import Custody
from processminer.conformance.rules.services import Beginning
from processminer.conformance.rules.silences import Silence
from processminer.conformance.rules.tasks import Duty
from processminer.words import say_count, say_days, say_list, say_percent

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from processminer.conformance.breaches import Breach
    from processminer.conformance.rules.rule import Rule, Standing
    from processminer.playbook.parts.upkeep import DeviationKind


def say_breach(breach: Breach, deals: int, reached: int) -> str:
    """Say what deals broke of the order of the stages."""
    subject = breach.subject
    later, _, earlier = subject.partition(" -> ")
    said = {
        "undeclared": f"passed through {subject}, a stage that the playbook does not know"
        if breach.stage is None
        else f"that had come to {later} went on to {earlier}, which the playbook does not let follow",
        "started-late": f"began in {subject}, where the playbook lets none begin",
        "returned": f"that had come to {later} went back to {earlier}, which the playbook does not allow",
        "skipped": f"that came to {subject} or past it skipped it, although the playbook requires it",
        "too-many-visits": f"that had been in {subject} were there more often than the playbook allows",
        "not-repeated": f"that had been in {subject} went back and then past it without doing it again, "
        "which the playbook does not allow",
    }
    return f"{of_deals(deals, reached)} {said[breach.kind]}."


def say_absent(stage: str, deals: int, reached: int, unknown: Sequence[str]) -> str:
    """Say that deals came past a required stage that no deal was ever in, and what the reader can do about it.

    `unknown` are the stages of the log that the playbook does not know: one of them may be it.
    """
    which = unknown[0] if len(unknown) == 1 else f"one of {say_list(unknown, 3)}"
    mended = (
        f"If {which}, which the playbook does not know, is that stage, an alias joins the two"
        if unknown
        else "If the CRM has another name for it, an alias joins the two"
    )
    return (
        f"{of_deals(deals, reached)} that came past {stage} skipped it, although the playbook requires it: no deal was "
        f"ever in a stage of that name. {mended}; if the CRM has no such stage, this says nothing of how people work."
    )


def say_rule(rule: Rule, standing: Standing, kind: DeviationKind, deals: int) -> str:
    """Say how many deals broke a rule beside the path in one way."""
    said = _SAID[type(rule)](rule, standing, kind)
    return f"{of_deals(deals, standing.kept + standing.broken)} {said}."


def _limit(rule: Limit, standing: Standing, _: DeviationKind) -> str:
    # In a service stage the deal is won, and what is open is the service.
    deal = "deal" if rule.path[0] == "service" else "open deal"
    now = say_count(standing.remarked, f"{deal} is", f"{deal}s are")
    right_now = f"; {now} over it right now" if standing.remarked else ""
    return f"stayed in {rule.subject} longer than the {say_days(rule.days)} that the playbook allows{right_now}"


def _duty(rule: Duty, _: Standing, kind: DeviationKind) -> str:
    times = f" {rule.task.times} times" if rule.task.times > 1 else ""
    soon = rule.task.within
    if kind == "task-missing":
        return f"went on from {rule.stage}, and '{rule.subject}' was never done{times}"
    if soon is None:
        return f"went on from {rule.stage} before '{rule.subject}' was done{times}; it was logged only afterwards"
    return (
        f"that came to {rule.stage} did not have '{rule.subject}' done{times} within {say_days(soon)}, "
        "or only after they had gone on"
    )


def _condition(rule: Condition, _: Standing, __: DeviationKind) -> str:
    moved = "came to" if rule.at_entry else "went on from"
    return f"{moved} {rule.stage} without '{rule.subject}': {_shortfall(rule)}"


def _shortfall(rule: Condition) -> str:
    fields, wanted = rule.criterion.fields, rule.criterion.needed
    when = "in the export" if rule.note else "at that moment"
    seen = f"nothing shows {say_list((repr(name) for name in rule.criterion.seen_as), 3)} by then"
    values = " or ".join(repr(value) for value in rule.criterion.values[:3])
    if not fields:
        return seen
    if len(rule.criterion.elements) == 1:
        short = f"{fields[0]} is not {values} {when}" if values else f"{fields[0]} is empty {when}"
    else:
        rest = f"of its {len(rule.criterion.elements)} fields {'as they should be' if values else 'filled'}"
        short = f"the export shows fewer than {wanted} {rest}" if rule.note else f"fewer than {wanted} {rest} {when}"
    return f"{short}, and {seen}" if rule.labels else short


def _custody(rule: Custody, _: Standing, __: DeviationKind) -> str:
    return (
        f"that were in {rule.stage} were never owned there by the role {rule.role}, which the playbook makes its owner"
    )


def _transfer(rule: Transfer, standing: Standing, _: DeviationKind) -> str:
    entered = "were won" if rule.at_win else f"came to {rule.stage}"
    never = f"; {standing.remarked:,} of them were not taken to this day" if standing.remarked else ""
    return f"that {entered} were not taken over by {rule.handover.taker} within {say_days(rule.days)}{never}"


def _silence(rule: Silence, standing: Standing, _: DeviationKind) -> str:
    now = say_count(standing.remarked, "open deal is", "open deals are")
    right_now = f"; {now} silent for longer than that right now" if standing.remarked else ""
    return f"that were in {rule.stage} had no activity there for more than {say_days(rule.days)}{right_now}"


def _contacts(rule: Contacts, _: Standing, __: DeviationKind) -> str:
    people = say_count(rule.least, "person", "people")
    return f"went on from {rule.stage} with fewer than {people} of the buyer taking part"


def _loss_reason(rule: LossReason, _: Standing, __: DeviationKind) -> str:
    return f"that were lost do not say why: {rule.subject} is empty"


def _beginning(rule: Beginning, standing: Standing, _: DeviationKind) -> str:
    never = f"; for {standing.remarked:,} of them it has not begun to this day" if standing.remarked else ""
    return f"that {rule.set_off} did not begin {rule.subject} within {say_days(rule.days)} of that{never}"


_SAID: Mapping[type[Rule], Callable[[Any, Standing, DeviationKind], str]] = {
    Limit: _limit,
    Duty: _duty,
    Condition: _condition,
    EntryCondition: _condition,
    Custody: _custody,
    Transfer: _transfer,
    Silence: _silence,
    Contacts: _contacts,
    LossReason: _loss_reason,
    Beginning: _beginning,
}


def of_deals(part: int, whole: int) -> str:
    """Say how many of the deals that could have left the playbook did: the beginning of every sentence.

    >>> of_deals(1, 3), of_deals(1, 5000), of_deals(4999, 5000)
    ('1 of 3 deals (33 %)', '1 of 5,000 deals (under 0.1 %)', '4,999 of 5,000 deals (over 99.9 %)')
    """
    share = part / whole
    # One in thousands is not none, and all but one are not all.
    few, most = 0 < share < 0.0005, 0.9995 < share < 1
    said = "under 0.1 %" if few else "over 99.9 %" if most else say_percent(share)
    return f"{part:,} of {say_count(whole, 'deal')} ({said})"
