"""What a playbook declares and nobody holds deals against yet is told as unchecked."""

from __future__ import annotations

from processminer.conformance.conform import conform
from processminer.discovery.discover import discover
from processminer.playbook.read import parse_playbook
from tests.worlds import log_of

TEXT = """\
name: t
stages:
  - name: A
    max_silence: 10 days
    min_contacts: 2
  - name: B
    max_visits: 1
    entry_criteria:
      - {name: Sponsor, field: Sponsor}
outcomes: {won: [Won], lost: [Lost]}
"""


def test_a_rule_that_is_not_held_yet_is_unchecked_for_every_deal_that_came_to_its_stage() -> None:
    found = conform(discover(log_of({"x": ["A", "B", "Won"], "y": ["A"]})), parse_playbook(TEXT), TEXT)
    told = {(one.stage, one.subject): (one.unchecked, one.line) for one in found.obligations if one.kind == "other"}
    assert told == {
        ("A", "max_silence"): (2, 4),
        ("A", "min_contacts"): (2, 5),
        ("B", "max_visits"): (1, 7),
        ("B", "Sponsor"): (1, 9),
    }
    assert all(one.needs for one in found.obligations if one.kind == "other")
