"""Stages that cost deals of their own doing, and stages that only make the way longer."""

from __future__ import annotations

import pytest

from processminer.conformance.conform import conform
from processminer.discovery.discover import discover
from processminer.estimates.estimate import estimate
from processminer.findings.deadly import only_longer
from processminer.findings.facts import facts_of
from processminer.playbook.read import parse_playbook
from processminer.statistics.estimated import Estimated
from tests.worlds import log_of

PLAYBOOK = """\
name: New business
stages:
  - name: Lead
  - name: Pilot
    optional: true
  - name: Proposal
outcomes: {won: [Won], lost: [Lost]}
"""


@pytest.mark.parametrize(
    ("dying", "costs", "told"),
    [
        pytest.param(5, 0.12, True, id="as few die in it as elsewhere"),
        pytest.param(5, 0.25, False, id="deals are lost after it, too"),
        pytest.param(40, 0.12, False, id="more die in it than elsewhere"),
    ],
)
def test_a_stage_is_to_blame_for_more_than_one_more_stage_costs(dying: int, costs: float, *, told: bool) -> None:
    paths = [
        (100, ["Lead", "Pilot", "Proposal", "Won"]),
        (dying, ["Lead", "Pilot", "Lost"]),
        (30, ["Lead", "Lost"]),
        (30, ["Lead", "Proposal", "Lost"]),
    ]
    deals = {f"d{kind}-{number}": path for kind, (many, path) in enumerate(paths) for number in range(many)}
    playbook = parse_playbook(PLAYBOOK, "playbook.yaml")
    discovery = discover(log_of(deals, order=("Lead", "Pilot", "Proposal")))
    conformance = conform(discovery, playbook, PLAYBOOK)
    facts = facts_of(discovery, conformance, estimate(discovery, conformance, playbook), playbook)
    stage = playbook.stage("Pilot")
    assert stage is not None
    assert only_longer(stage, Estimated(-costs, 0.03, 500.0), facts) is told
