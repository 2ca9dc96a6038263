"""Where nothing can be proposed, what stays open is said with the deals that would settle it."""

from __future__ import annotations

import pytest

from processminer.playbook.read import parse_playbook
from processminer.revisions.open_questions import MOST
from tests.audits import audit
from tests.playout import LOOKED_AT, played_out

TEXT = """\
name: Small
stages:
  - name: Lead
  - name: Demo
    optional: true
  - name: Pilot
    optional: true
  - name: Proposal
    tasks:
      - {do: Send the deck, seen_as: [Email], optional: true}
outcomes: {won: [Won], lost: [Lost]}
"""


@pytest.mark.parametrize("seed", [1, 2])
def test_two_hundred_deals_yield_questions_with_numbers_and_no_advice(seed: int) -> None:
    told = audit(TEXT, **played_out(parse_playbook(TEXT), 200, seed), as_of_day=LOOKED_AT)
    assert not [one for one in told.revisions if one.grade in {"A", "B"} or one.effect]
    assert 0 < len(told.undecided) <= MOST
    assert [one.needed_deals for one in told.undecided] == sorted(one.needed_deals for one in told.undecided)
    for one in told.undecided:
        assert one.needed_deals > 200
        # What would take ten years has no day.
        assert one.there_on is None or one.there_on > told.log.as_of.date()
        assert "deals that did it against" in one.because


def test_where_the_playbook_leaves_nothing_to_people_there_is_nothing_to_ask() -> None:
    text = TEXT.replace("    optional: true\n", "").replace(", optional: true", "")
    told = audit(text, **played_out(parse_playbook(text), 200, 3), as_of_day=LOOKED_AT)
    assert (told.revisions, told.undecided) == ((), ())
