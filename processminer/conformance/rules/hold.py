"""Every rule beside the path asked of every deal: which rules there are, and how the deals stand to each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.conformance.rules.asked import ask
from processminer.conformance.rules.contacts import contacts_of, hold_contacts
from processminer.conformance.rules.criteria import conditions_of, hold_conditions
from processminer.conformance.rules.handovers import hold_transfers, transfers_of
from processminer.conformance.rules.limits import hold_limits, limits_of
from processminer.conformance.rules.losses import hold_loss_reasons, loss_reasons_of
from processminer.conformance.rules.owners import custodies_of, hold_custodies, put_owners
from processminer.conformance.rules.rule import Standing, rows, run
from processminer.conformance.rules.services import beginnings_of, find_services, hold_beginnings, sources_of
from processminer.conformance.rules.silences import hold_silences, silences_of
from processminer.conformance.rules.tasks import duties_of, hold_duties
from processminer.conformance.walks import put_walks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from processminer.conformance.rules.asked import Asked
    from processminer.conformance.rules.rule import Rule
    from processminer.conformance.walks import Walk
    from processminer.log.eventlog import EventLog
    from processminer.playbook.model import Playbook

_FIND = (
    limits_of, duties_of, conditions_of, custodies_of, transfers_of, silences_of, contacts_of, beginnings_of,
    loss_reasons_of,
)  # fmt: skip

_HOLD = (
    hold_limits, hold_duties, hold_conditions, hold_custodies, hold_transfers, hold_silences, hold_contacts,
    hold_beginnings, hold_loss_reasons,
)  # fmt: skip


def rules_of(asked: Asked) -> tuple[Rule, ...]:
    """Return the rules in the order of the stages, and for each stage its limit, tasks, criteria and the rest."""
    return tuple(sorted((rule for find in _FIND for rule in find(asked)), key=lambda rule: rule.place))


def hold(playbook: Playbook, walks: Sequence[Walk], log: EventLog) -> tuple[tuple[Rule, Standing], ...]:
    """Return how the deals stand to each rule, and leave `rule_verdicts` in the log's database.

    Its columns: rule (the place among those returned), deal, verdict, remark. Only what the playbook asks for is
    looked at.
    """
    asked = ask(playbook, log)
    rules = rules_of(asked)
    log.relations.run(
        "CREATE OR REPLACE TABLE rule_verdicts (rule INTEGER, deal INTEGER, verdict VARCHAR, remark BOOLEAN)"
    )
    _prepare(rules, asked, walks)
    for hold_kind in _HOLD:
        hold_kind(rules, log)
    counted = {rule: Standing(*counts) for rule, *counts in rows(log.relations, "rule_counts")}
    return tuple((rule, counted.get(number, Standing())) for number, rule in enumerate(rules))


def _prepare(rules: Sequence[Rule], asked: Asked, walks: Sequence[Walk]) -> None:
    """Make the relations that the rules read."""
    relations, playbook = asked.log.relations, asked.playbook
    reads = frozenset(name for rule in rules for name in rule.reads)
    serves = any(len(playbook.stages) < rule.place < asked.beyond for rule in rules)
    if serves:
        reads |= {"rule_stays", "stage_dues", "closings"}
    places = frozenset(rule.place for rule in rules) | sources_of(playbook.names, playbook.service)
    put_walks(relations, walks, places)
    for name in sorted(reads):
        run(relations, name)
    if serves:
        find_services(asked)
    if any(rule.kind in {"owner", "handover"} for rule in rules):
        put_owners(asked.log, asked.roles)
