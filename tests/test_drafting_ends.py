"""The ends of a draft bear the log's names, kinds of loss among them, and a column of reasons only where it is kept."""

from __future__ import annotations

from processminer.discovery.discover import discover
from processminer.drafting.draft import draft_playbook
from processminer.drafting.ends import ends_of
from processminer.playbook.read import parse_playbook
from tests.worlds import log_of

ENDS = {"won": ("Signed",), "lost": ("Lost to competitor", "No decision", "Not qualified")}


def test_kinds_of_loss_are_told_by_their_names() -> None:
    deals = {
        "a": ["A", "Signed"],
        "b": ["A", "Lost to competitor"],
        "c": ["A", "No decision"],
        "d": ["A", "Not qualified"],
    }
    outcomes = parse_playbook(draft_playbook(discover(log_of(deals, **ENDS)))).outcomes
    assert outcomes.won == ("Signed",)
    assert set(outcomes.lost) == set(ENDS["lost"])
    assert (outcomes.no_decision, outcomes.disqualified) == (("No decision",), ("Not qualified",))


def reasons(filled: int, lost: int = 10) -> str:
    deals = {"won": ["A", "Won"], **{f"d{number}": ["A", "Lost"] for number in range(lost)}}
    said = {f"d{number}": {"Loss_Reason__c": "Price"} for number in range(filled)}
    log = log_of(deals, attributes={deal: said.get(deal, {"Loss_Reason__c": ""}) for deal in deals})
    assert ends_of(log).reasons_filled == filled
    return draft_playbook(discover(log))


def test_a_column_of_reasons_that_nearly_all_lost_deals_fill_is_written_down() -> None:
    assert parse_playbook(reasons(9)).outcomes.loss_reason == "Loss_Reason__c"


def test_one_that_many_leave_empty_is_only_spoken_of() -> None:
    text = reasons(8)
    assert parse_playbook(text).outcomes.loss_reason is None
    assert "# No loss_reason: Loss_Reason__c would be the column, but only 8 of 10 (80 %" in text


def test_without_such_a_column_nothing_is_said() -> None:
    text = draft_playbook(discover(log_of({"a": ["A", "Won"], "b": ["A", "Lost"]})))
    assert "loss_reason" not in text
