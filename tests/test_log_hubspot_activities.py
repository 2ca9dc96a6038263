"""What HubSpot says was done for a deal: of several deals, of tables of their own, and yet to come."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from processminer.log.read import read_log
from tests.test_log_hubspot import EXPORTS, START, at, conserved, problem, write

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


# Activities

DEAL_STAGE = ("deal_id", "value", "date_entered")


def fivetran(folder: Path, links: Iterable[tuple[str, str]], tables: Mapping[str, list[tuple[str, ...]]]) -> Path:
    """Write a folder as Fivetran lands it: deals 1 and 2, and their activities."""
    steps = [("1", "Demo", at(0)), ("1", "Closed Won", at(9)), ("2", "Demo", at(1)), ("9", "Demo", at(2))]
    write(folder / "deal_stage.csv", DEAL_STAGE, steps)
    header = ("deal_id", "deal_pipeline_stage_id", "is_deleted", "property_dealname")
    deals = [("1", "Closed Won", "FALSE", "x"), ("2", "Demo", "FALSE", "y"), ("9", "Demo", "TRUE", "z")]
    write(folder / "deal.csv", header, deals)
    write(folder / "engagement_deal.csv", ("deal_id", "engagement_id"), links)
    for name, (columns, *rows) in tables.items():
        write(folder / f"{name}.csv", columns, rows)
    return folder


def test_an_activity_of_several_deals_is_an_event_of_each_and_one_row(tmp_path: Path) -> None:
    links = [("1", "c1"), ("2", "c1"), ("77", "c1"), ("77", "c2"), ("78", "c2"), ("9", "c3"), ("1", "c3"), ("9", "c4")]
    calls = [("id", "type", "timestamp"), *((f"c{number}", "CALL", at(number)) for number in range(1, 6))]
    log = read_log(fivetran(tmp_path, links, {"engagement": calls}))
    events = log.relations.rows(
        "SELECT deal_id, count(*) FROM task_events JOIN deals USING (deal) GROUP BY ALL ORDER BY ALL"
    )
    assert events == [("1", 2), ("2", 1)]
    # c1 and c3 are used; c2 and c4 are of deals that are unknown or deleted, c5 is of none.
    assert (log.ingest.set_aside["task-of-unknown-deal"], log.ingest.set_aside["task-without-deal"]) == (2, 1)
    assert conserved(log)


def test_calls_mails_and_tasks_of_their_own_tables_are_told_by_their_properties(tmp_path: Path) -> None:
    links = [("1", "c1"), ("1", "m1"), ("2", "t1"), ("2", "t2")]
    owner = "property_hubspot_owner_id"
    tables: dict[str, list[tuple[str, ...]]] = {
        "a": [("engagement_id", "property_hs_timestamp", "property_hs_call_duration"), ("c1", at(1), "60")],
        "b": [
            ("engagement_id", "property_hs_timestamp", "property_hs_email_direction", owner),
            ("m1", at(2), "EMAIL", "5"),
        ],
        "c": [
            ("engagement_id", "property_hs_timestamp", "property_hs_task_type", "property_hs_task_status"),
            ("t1", at(3), "TODO", "COMPLETED"),
            ("t2", at(4), "TODO", "NOT_STARTED"),
        ],
    }
    log = read_log(fivetran(tmp_path, links, tables))
    events = log.relations.rows(
        "SELECT deal_id, task_events.name, actor FROM task_events JOIN deals USING (deal) ORDER BY occurred_at"
    )
    assert events == [("1", "CALL", None), ("1", "EMAIL", "5"), ("2", "TASK", None)]
    planned = problem(log, "task-not-done")
    assert planned is not None
    assert planned.examples == ("2 (c.csv:3)",)
    assert conserved(log)


def test_an_activity_may_list_its_deals_itself(tmp_path: Path) -> None:
    fivetran(tmp_path, [], {})
    (tmp_path / "engagement_deal.csv").unlink()
    calls: list[dict[str, Any]] = [
        {"engagement": {"id": 71, "type": "CALL", "timestamp": 1767690000000}, "associations": {"dealIds": [1, 2]}},
        {"engagement": {"id": 72, "type": "NOTE", "timestamp": 1767690000000}, "associations": {"dealIds": []}},
    ]
    (tmp_path / "engagements.json").write_text(json.dumps({"results": calls}), encoding="utf-8")
    log = read_log(tmp_path)
    events = log.relations.rows(
        "SELECT deal_id, task_events.name FROM task_events JOIN deals USING (deal) ORDER BY ALL"
    )
    assert events == [("1", "CALL"), ("2", "CALL")]
    assert log.ingest.set_aside["task-without-deal"] == 1
    assert conserved(log)


def test_activities_of_several_tables_of_a_database_are_one(tmp_path: Path) -> None:
    export = EXPORTS / "hubspot-deal-stage" / "export"
    with duckdb.connect(str(tmp_path / "crm.duckdb")) as database:
        for file in export.glob("*.csv"):
            database.execute(f"CREATE TABLE {file.stem} AS FROM read_csv('{file}')")
    events = "SELECT deal, occurred_at, name, actor FROM task_events ORDER BY ALL"
    log = read_log(tmp_path / "crm.duckdb")
    assert log.relations.rows(events) == read_log(export).relations.rows(events)
    planned = problem(log, "task-not-done")
    assert planned is not None
    assert "engagement_id 31479928701" in planned.examples[0]
    assert conserved(log)


def test_an_activity_set_for_the_future_does_not_move_the_moment_we_look_at(tmp_path: Path) -> None:
    calls = [("id", "type", "timestamp"), ("c1", "MEETING", at(3)), ("c2", "MEETING", at(40))]
    log = read_log(fivetran(tmp_path, [("1", "c1"), ("1", "c2")], {"engagement": calls}))
    assert log.as_of == START + timedelta(days=9)
    assert log.ingest.set_aside["task-after-as-of"] == 1


def test_a_change_is_made_by_the_person_whose_number_as_a_user_it_bears(tmp_path: Path) -> None:
    write(tmp_path / "deal_stage.csv", (*DEAL_STAGE, "source_id"), [("1", "Closed Won", at(0), "userId:95")])
    owners = [("44", "95", "Ann", "Lee"), ("45", "96", "Bob", "Roy")]
    write(tmp_path / "owner.csv", ("owner_id", "active_user_id", "first_name", "last_name"), owners)
    assert read_log(tmp_path).relations.rows("SELECT actor FROM events") == [("Ann Lee",)]
