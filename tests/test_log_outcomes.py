"""How a deal stands is read off its last terminal event, and nothing is invented."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from processminer.errors import LogError
from processminer.log.names import Names
from processminer.log.options import Options
from processminer.log.read import read_log
from tests.worlds import log_of


def outcomes(log) -> dict[str, str]:
    return dict(log.relations.rows("SELECT deal_id, outcome FROM deals ORDER BY deal_id"))


def kinds(log) -> dict[str, int]:
    return {problem.kind: problem.rows for problem in log.ingest.problems}


def test_the_last_terminal_event_decides() -> None:
    log = log_of(
        {"w": ["A", "Won"], "l": ["A", "Lost"], "o": ["A"], "lw": ["A", "Lost", "B", "Won"], "wl": ["A", "Won", "Lost"]}
    )
    assert outcomes(log) == {"w": "won", "l": "lost", "o": "open", "lw": "won", "wl": "lost"}


def test_a_deal_that_went_back_into_the_pipeline_is_open_and_counted_as_reopened() -> None:
    log = log_of({"back": ["A", "Lost", "B"], "y": ["A", "B", "Won"]})
    assert outcomes(log)["back"] == "open"
    assert kinds(log)["reopened"] == 1


def test_a_stage_after_the_sale_does_not_reopen_a_won_deal() -> None:
    deals = {f"d{n}": ["A", "B", "Won", "Delivery"] for n in range(5)} | {"plain": ["A", "B", "Won"]}
    log = log_of(deals)
    assert set(outcomes(log).values()) == {"won"}
    assert "reopened" not in kinds(log)


def test_a_deal_seen_only_when_it_closed_counts_as_an_outcome_and_is_said() -> None:
    log = log_of({"x": ["Won"], "y": ["A", "Lost"]})
    assert outcomes(log) == {"x": "won", "y": "lost"}
    assert kinds(log)["created-closed"] == 1


def test_rows_without_a_change_of_stage_collapse_in_a_crm_history() -> None:
    log = log_of({"x": ["A", "A", "B", "B", "B", "Won"]})
    (steps,) = log.relations.row("SELECT len(steps) FROM paths")
    assert steps == 3
    assert kinds(log)["no-stage-change"] == 3


def test_equal_times_are_ordered_by_the_declared_stages_and_counted() -> None:
    log = log_of({"x": [("C", 1), ("B", 1), ("A", 0), ("Won", 2)]}, order=("A", "B", "C"))
    path = log.relations.row("SELECT list_transform(steps, lambda s: s & 1023) FROM paths")[0]
    assert [log.stages[code].name for code in path] == ["A", "B", "C", "Won"]
    assert kinds(log)["tied-timestamps"] == 1


def test_equal_times_without_a_declared_order_follow_the_flow_of_the_other_deals() -> None:
    usual = {f"d{n}": ["Z first", "M second", "A third", "Won"] for n in range(10)}
    log = log_of(usual | {"tied": [("A third", 1), ("M second", 1), ("Z first", 1), ("Won", 2)]})
    assert [stage.name for stage in log.stages] == ["Z first", "M second", "A third", "Won"]
    path = log.relations.row(
        "SELECT list_transform(steps, lambda s: s & 1023) FROM paths JOIN deals USING (deal) WHERE deal_id = 'tied'"
    )[0]
    assert path == [0, 1, 2, 3]


def test_an_alias_is_read_as_the_declared_stage_whatever_its_case() -> None:
    log = log_of(
        {"x": ["qualified to BUY", "Won"]}, order=("Qualification",), aliases={"Qualified To Buy": "Qualification"}
    )
    assert log.stages[0].name == "Qualification"
    assert kinds(log)["other-spelling"] == 1


def test_an_undeclared_stage_takes_its_place_between_the_declared_ones() -> None:
    deals = {f"d{n}": ["A", "X", "B", "Won"] for n in range(4)}
    log = log_of(deals, order=("A", "B"))
    assert [stage.name for stage in log.stages] == ["A", "X", "B", "Won"]


def test_looking_back_in_time_opens_what_was_then_open() -> None:
    deals = {"x": [("A", 0), ("B", 5), ("Won", 10)], "y": [("A", 8)]}
    log = log_of(deals, as_of_day=6)
    assert outcomes(log) == {"x": "open"}
    assert kinds(log)["after-as-of"] == 2


def test_a_record_that_is_closed_closes_a_history_that_lags_behind(tmp_path: Path) -> None:
    (tmp_path / "h.csv").write_text(
        "OpportunityId,StageName,CreatedDate\nx,A,2026-01-01T00:00:00Z\ny,A,2026-01-02T00:00:00Z\n"
        "y,Closed Won,2026-01-09T00:00:00Z\n"
    )
    (tmp_path / "o.csv").write_text(
        "Id,StageName,IsClosed,IsWon,CloseDate\nx,Closed Lost,true,false,2026-01-05\n"
        "y,Closed Won,true,true,2026-01-09\n"
    )
    log = read_log(tmp_path)
    assert outcomes(log) == {"x": "lost", "y": "won"}
    assert kinds(log)["history-behind-record"] == 1


def test_a_name_for_won_that_the_log_does_not_have_is_a_mistake_with_a_suggestion(tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    file.write_text("deal_id,stage,entered_at\nx,A,2026-01-01\nx,Closed Won,2026-01-02\n")
    with pytest.raises(LogError, match="Did you mean 'Closed Won'"):
        read_log(file, Options(names=Names(won=("Close Won",), insist=True)))


def test_a_log_in_which_nothing_means_won_asks_for_it(tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    file.write_text("deal_id,stage,entered_at\nx,Alpha,2026-01-01\nx,Beta,2026-01-02\n")
    with pytest.raises(LogError, match="--won"):
        read_log(file)


def test_deals_that_were_only_lost_or_are_all_open_can_be_read(tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    file.write_text("deal_id,stage,entered_at\nx,A,2026-01-01\nx,Closed Lost,2026-01-02\n")
    assert outcomes(read_log(file)) == {"x": "lost"}
    assert outcomes(log_of({"x": ["A"], "y": ["A", "B"]})) == {"x": "open", "y": "open"}


@pytest.mark.parametrize("word", ["Chiuso vinto", "赢单", "Gewonnen", "CLOSED  WON", "Ganho", "Gagné"])
def test_won_is_known_in_seven_languages(tmp_path: Path, word: str) -> None:
    file = tmp_path / "log.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows(
            [["deal_id", "stage", "entered_at"], ["x", "A", "2026-01-01"], ["x", word, "2026-01-02"]]
        )
    assert outcomes(read_log(file)) == {"x": "won"}


def export(folder: Path, history: str, deals: str, tasks: str = "") -> Path:
    (folder / "h.csv").write_text("OpportunityId,StageName,CreatedDate\n" + history)
    (folder / "o.csv").write_text(deals)
    if tasks:
        (folder / "t.csv").write_text("WhatId,Type,Subject,Status,CompletedDateTime\n" + tasks)
    return folder


def test_a_deal_that_the_export_marks_as_deleted_is_set_aside_with_its_history(tmp_path: Path) -> None:
    history = "x,A,2026-01-01\nx,Closed Won,2026-01-02\ny,A,2026-01-01\ny,Closed Lost,2026-01-03\n"
    deals = "Id,StageName,IsClosed,IsWon,IsDeleted\nx,Closed Won,true,true,false\ny,Closed Lost,true,false,true\n"
    log = read_log(export(tmp_path, history, deals))
    assert outcomes(log) == {"x": "won"}
    assert log.ingest.set_aside == {"deleted": 2, "repeated-or-deleted-record": 1}


def test_activities_join_whether_ids_have_15_or_18_characters(tmp_path: Path) -> None:
    long = "006Hp000015Yh7kIAC"
    history = f"{long},A,2026-01-01\n{long},Closed Won,2026-01-04\n"
    deals = f"Id,StageName,IsClosed,IsWon\n{long},Closed Won,true,true\n"
    log = read_log(export(tmp_path, history, deals, f"{long[:15]},Call,Call,Completed,2026-01-02\n"))
    assert log.has_tasks
    assert log.relations.row("SELECT count(*) FROM task_events") == (1,)


def test_a_close_date_in_the_far_future_does_not_move_the_moment_we_look(tmp_path: Path) -> None:
    history = "x,A,2026-01-01\ny,A,2026-01-02\ny,Closed Won,2026-01-09\n"
    deals = "Id,StageName,IsClosed,IsWon,CloseDate\nx,Closed Lost,true,false,2062-06-30\n"
    deals += "y,Closed Won,true,true,2026-01-09\n"
    log = read_log(export(tmp_path, history, deals))
    assert f"{log.as_of:%Y-%m-%d}" == "2026-01-09"
    assert outcomes(log)["x"] == "lost"


def test_looking_back_before_the_first_event_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LogError, match="after the moment to look at"):
        log_of({"x": ["A", "Won"]}, as_of_day=-5)
