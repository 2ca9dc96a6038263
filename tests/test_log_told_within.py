"""A stage log that carries amounts and segments in its own rows tells them of the deal, the latest row last."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from processminer.cli import main
from processminer.log.read import read_log

ROWS = [
    "deal_id,stage,entered_at,Amount,Segment,Note",
    "x,Qualification,2026-01-05,100,SMB,first",
    "x,Closed Won,2026-02-05,250,SMB,",
    "y,Qualification,2026-01-07,40,Enterprise,",
]


@pytest.mark.parametrize("order", [1, -1])
def test_the_latest_row_tells_of_the_deal_whichever_way_the_file_runs(tmp_path: Path, order: int) -> None:
    file = tmp_path / "log.csv"
    file.write_text("\n".join([ROWS[0], *ROWS[1:][::order]]) + "\n", encoding="utf-8")
    log = read_log(file)
    assert log.relations.rows("SELECT deal_id, amount FROM deals ORDER BY deal_id") == [("x", 250.0), ("y", 40.0)]
    assert log.attributes == ("Amount", "Note", "Segment")
    segments = "SELECT deal_id, value FROM attributes JOIN deals USING (deal) WHERE attribute = 'Segment' ORDER BY ALL"
    assert log.relations.rows(segments) == [("x", "SMB"), ("y", "Enterprise")]
    assert (log.ingest.rows_read, log.ingest.rows_used) == (3, 3)
    assert {answer.question: answer.verdict for answer in log.ingest.answers}["money"] == "yes"


def test_when_a_stage_was_entered_is_not_when_the_deal_was_created(tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    file.write_text("deal_id,stage,created_at,Segment\nx,A,2026-01-05,S\nx,Won,2026-02-05,S\n", encoding="utf-8")
    log = read_log(file)
    assert log.relations.row("SELECT created_at::DATE::VARCHAR FROM deals") == ("2026-01-05",)


def test_a_log_of_three_columns_tells_nothing_more_of_its_deals(tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    file.write_text("deal_id,stage,entered_at\nx,A,2026-01-05\nx,Won,2026-02-05\n", encoding="utf-8")
    log = read_log(file)
    assert [table.role for table in log.tables] == ["history"]
    assert log.attributes == ()


def test_a_history_of_opportunities_alone_tells_their_amounts(tmp_path: Path) -> None:
    file = tmp_path / "OpportunityHistory.csv"
    file.write_text(
        "Id,OpportunityId,StageName,CreatedDate,Amount\n"
        "1,x,Qualification,2026-01-05,100\n2,x,Closed Won,2026-02-05,250\n",
        encoding="utf-8",
    )
    log = read_log(file)
    assert log.ingest.profile == "salesforce-opportunity-history"
    assert log.relations.rows("SELECT deal_id, amount, outcome FROM deals") == [("x", 250.0, "won")]


def test_a_table_of_deals_beside_a_stage_log_needs_no_dates(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text("deal_id,stage,entered_at\nx,A,2026-01-05\nx,Won,2026-02-05\n", encoding="utf-8")
    (tmp_path / "deals.csv").write_text("deal_id,name,amount,owner,segment\nx,Acme,100,Ann,SMB\n", encoding="utf-8")
    (tmp_path / "calls.csv").write_text(
        "deal_id,activity_type,owner,completed_at\nx,Call,Ann,2026-01-06\n", encoding="utf-8"
    )
    log = read_log(tmp_path)
    assert {table.role: table.file for table in log.tables} == {
        "history": "log.csv",
        "deals": "deals.csv",
        "tasks": "calls.csv",
    }
    assert log.relations.rows("SELECT name, amount, owner FROM deals") == [("Acme", 100.0, "Ann")]
    assert "segment" in log.attributes


def test_a_log_in_which_no_deal_is_won_yet_can_be_looked_at_where_that_is_said(tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    file.write_text("deal_id,stage,entered_at\nx,A,2026-01-05\nx,B,2026-02-05\n", encoding="utf-8")
    result = CliRunner().invoke(main, ["mine", str(file), "--won", "none"])
    assert result.exit_code == 0, result.output
    assert "1 deal: 0 won, 0 lost, 1 open" in result.output
