"""Changes of fields in a table beside a history of stages, and deals that only a history of fields tells of."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest

from processminer.log.read import read_log

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

HISTORY = ("OpportunityId", "StageName", "CreatedDate", "Amount")
STAGES = [
    ("006A", "Prospecting", "2026-01-01T08:00:00.000Z", "100"),
    ("006A", "Demo", "2026-01-05T08:00:00.000Z", "150"),
    ("006A", "Closed Won", "2026-01-20T08:00:00.000Z", "150"),
    ("006B", "Prospecting", "2026-01-02T08:00:00.000Z", "70"),
]
FIELDS = ("OpportunityId", "Field", "CreatedDate", "OldValue", "NewValue")
DEALS = ("Id", "StageName", "IsClosed", "IsWon", "OwnerId")
RECORDS = [("006A", "Closed Won", "true", "true", "Bo"), ("006B", "Prospecting", "false", "false", "Ada")]


def written(folder: Path, **tables: Sequence[Sequence[str]]) -> Path:
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(rows)
    return folder


def salesforce(folder: Path, *changes: Sequence[str]) -> Path:
    return written(
        folder,
        OpportunityHistory=[HISTORY, *STAGES],
        OpportunityFieldHistory=[FIELDS, *changes],
        Opportunity=[DEALS, *RECORDS],
    )


def test_changes_of_fields_beside_a_history_are_read_and_its_stages_are_not_told_twice(tmp_path: Path) -> None:
    folder = salesforce(
        tmp_path,
        ("006A", "Owner", "2026-01-03T08:00:00.000Z", "Ada", "Bo"),
        ("006A", "Budget__c", "2026-01-04T08:00:00.000Z", "", "true"),
        ("006A", "StageName", "2026-01-05T08:00:00.000Z", "Prospecting", "Demo"),
    )
    log = read_log(folder)
    assert {file.role for file in log.ingest.files} == {"history", "deals", "changes"}
    told = log.relations.rows("SELECT deal_id, field, old, new FROM field_rows ORDER BY occurred_at, field")
    assert told == [
        ("006A", "owner", "Ada", "Bo"),
        ("006A", "Budget__c", None, "true"),
        ("006A", "amount", "100", "150"),
    ]
    assert log.relations.row("SELECT count(*) FROM paths WHERE len(steps) = 3")[0] == 1


def test_of_a_field_that_both_know_the_table_of_changes_is_used(tmp_path: Path) -> None:
    folder = salesforce(tmp_path, ("006A", "Amount", "2026-01-02T08:00:00.000Z", "100", "150"))
    rows = read_log(folder).relations.rows("SELECT field, occurred_at::DATE::VARCHAR, old, new FROM field_rows")
    assert rows == [("amount", "2026-01-02", "100", "150")]


def test_a_change_after_the_last_stage_is_when_the_log_was_looked_at_last(tmp_path: Path) -> None:
    folder = salesforce(tmp_path, ("006B", "Budget__c", "2026-02-11T08:00:00.000Z", "", "true"))
    assert read_log(folder).as_of.date().isoformat() == "2026-02-11"


def test_changes_that_cannot_be_used_are_counted_with_their_lines(tmp_path: Path) -> None:
    folder = salesforce(
        tmp_path,
        ("006X", "Budget__c", "2026-01-04T08:00:00.000Z", "", "true"),
        ("006A", "", "2026-01-04T08:00:00.000Z", "", "true"),
    )
    log = read_log(folder)
    kinds = {one.kind: one for one in log.ingest.problems}
    assert kinds["field-change-of-unknown-deal"].examples == ("OpportunityFieldHistory.csv:2",)
    assert kinds["field-change-incomplete"].rows == 1
    assert log.ingest.rows_read == log.ingest.rows_used + sum(log.ingest.set_aside.values())


@pytest.mark.parametrize("computed", ["hs_time_in_stage", "hs_is_closed"])
def test_a_history_of_every_property_tells_what_deals_are_without_a_table_of_them(
    tmp_path: Path, computed: str
) -> None:
    rows = [
        (deal, name, value, f"2026-01-{day:02} 10:00")
        for deal, segment in (("1", "SMB"), ("2", "Enterprise"))
        for name, value, day in (
            ("dealstage", "Open", 1),
            ("segment", "unknown", 1),
            ("segment", segment, 3),
            (computed, "17", 3),
            ("dealstage", "closedwon", 9),
        )
    ]
    folder = written(tmp_path, history=[("Record ID", "Property name", "Value", "Change date"), *rows])
    log = read_log(folder)
    assert log.attributes == ("segment",)
    told = log.relations.rows("SELECT deal_id, value FROM attributes JOIN deals USING (deal) ORDER BY deal_id")
    assert told == [("1", "SMB"), ("2", "Enterprise")]
