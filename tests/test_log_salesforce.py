"""Salesforce's exports tell what they can: paths, people, amounts, activities, contacts, and what is set aside."""

from __future__ import annotations

import csv
import shutil
from collections import Counter
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from processminer.errors import LogError
from processminer.log.read import read_log
from tests.needs import public_log
from tests.same_deals import DEALS, expected, told

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from processminer.log.eventlog import EventLog

EXPORTS = Path(__file__).parent / "exports"
FOLDERS = sorted(folder.name for folder in EXPORTS.iterdir() if folder.name.startswith("salesforce"))

FACTS = {
    "Acme": ("Ann Lee", 12500.5),
    "Borea": ("Bob Roy", 8000.0),
    "Cargo": ("Ann Lee", 30000.0),
    "Delta": ("Bob Roy", 15000.0),
    "Elba": ("Cem Sahin", 21000.0),
    "Fjord": ("Cem Sahin", None),
}


def export(folder: str) -> Path:
    return EXPORTS / folder / "export"


def write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, quoting=csv.QUOTE_ALL)
        writer.writerow(header)
        writer.writerows(rows)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def fields(log: EventLog, *names: str) -> set[tuple[object, ...]]:
    return set(
        log.relations.rows(
            "SELECT deals.name, strftime(occurred_at, '%m-%d'), field, old, new "
            f"FROM field_rows JOIN deals USING (deal_id) WHERE field IN ({', '.join(repr(name) for name in names)})"
        )
    )


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_export_tells_whose_the_deals_are_and_what_they_are_worth(folder: str) -> None:
    log = read_log(export(folder))
    deals = log.relations.rows("SELECT name, owner, amount FROM deals ORDER BY name")
    assert {name: (owner, amount) for name, owner, amount in deals} == FACTS


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_row_is_used_or_set_aside_by_reason(folder: str) -> None:
    report = read_log(export(folder)).ingest
    assert report.rows_read == report.rows_used + sum(report.set_aside.values())
    assert report.rows_read == sum(file.rows for file in report.files)
    assert not [file.name for file in report.files if file.role == "not used"]


@pytest.mark.parametrize("folder", FOLDERS)
def test_edits_of_amounts_are_kept_as_events(folder: str) -> None:
    edits = fields(read_log(export(folder)), "amount")
    assert {(name, day, money(old), money(new)) for name, day, _, old, new in edits} == {
        ("Acme", "01-26", 14000, 12500.5),
        ("Cargo", "01-29", 33000, 30000),
        ("Delta", "02-10", 12000, 15000),
    }


def money(written: object) -> float:
    """Return an amount as the reports ("EUR 14,000.00") and the tables ("14000") of the exports write it."""
    return float(str(written).removeprefix("EUR ").replace(",", ""))


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_close_date_that_is_pushed_is_an_event(folder: str) -> None:
    pushed = {(name, day) for name, day, *_ in fields(read_log(export(folder)), "close_date")}
    assert {("Delta", "02-10"), ("Elba", "02-12")} <= pushed


def test_an_owner_told_by_name_and_by_id_changes_once() -> None:
    for folder in (folder for folder in FOLDERS if folder.split("--")[0] == "salesforce-field-history"):
        log = read_log(export(folder))
        assert fields(log, "owner") == {("Delta", "02-04", "owner", "Ann Lee", "Bob Roy")}
        assert log.ingest.set_aside["field-change-told-twice"] == 1


@pytest.mark.parametrize("variant", ["", "--fivetran"])
def test_tasks_and_calendar_events_are_activities_if_they_took_place(variant: str) -> None:
    log = read_log(export(f"salesforce-opportunity-history{variant}"))
    done = log.relations.rows(
        "SELECT deals.name, task_events.name, subject, strftime(occurred_at, '%m-%d %H:%M') FROM task_events "
        "JOIN deals USING (deal) ORDER BY occurred_at"
    )
    assert done == [
        ("Acme", "Call", "Intro call", "01-06 15:00"),
        ("Acme", "Email", "Agenda for the demo", "01-09 09:30"),
        ("Acme", "Meeting", "Product demo", "01-12 10:00"),
        ("Borea", "Call", "Call back", "01-20 10:05"),
        ("Cargo", "Meeting", "Terms", "02-03 13:00"),
    ]
    aside = log.ingest.set_aside
    assert (aside["task-not-done"], aside["task-without-deal"], aside["task-after-as-of"]) == (1, 1, 1)


def test_contacts_are_counted_for_each_deal() -> None:
    log = read_log(export("salesforce-opportunity-history"))
    counted = log.relations.rows(
        "SELECT name, value FROM attributes JOIN deals USING (deal) WHERE attribute = 'Contacts' ORDER BY name"
    )
    assert counted == [("Acme", "3"), ("Cargo", "2"), ("Delta", "1")]
    assert "Contacts" in log.attributes


def test_contacts_of_other_deals_and_deleted_ones_are_set_aside(tmp_path: Path) -> None:
    shutil.copytree(export("salesforce-opportunity-history"), tmp_path / "export")
    (contacts,) = (tmp_path / "export").glob("OpportunityContactRole.csv")
    deal = rows_of(contacts)[0]["OpportunityId"]
    header = ("Id", "OpportunityId", "ContactId", "Role", "IsPrimary", "IsDeleted", "CreatedDate")
    rows = [
        ("1", deal[:15], "003A", "", "false", "false", ""),
        ("2", deal, "003A", "", "false", "false", ""),
        ("3", deal, "003B", "", "false", "true", ""),
        ("4", "006XX0000000000AAA", "003C", "", "false", "false", ""),
        ("5", deal, "", "", "false", "false", ""),
    ]
    write(contacts, header, rows)
    log = read_log(tmp_path / "export")
    assert log.relations.rows("SELECT value FROM attributes WHERE attribute = 'Contacts'") == [("1",)]
    assert log.ingest.set_aside["contact-not-counted"] == 3


def test_the_stage_dictionary_says_order_and_outcome_where_words_do_not(tmp_path: Path) -> None:
    write(
        tmp_path / "OpportunityHistory.csv",
        ("OpportunityId", "StageName", "CreatedDate"),
        [
            ("a", "zeta", "2026-01-05T09:00:00.000Z"),
            ("a", "alpha", "2026-01-06T09:00:00.000Z"),
            ("a", "OMEGA", "2026-01-07T09:00:00.000Z"),
            ("b", "alpha", "2026-01-06T09:00:00.000Z"),
            ("b", "psi", "2026-01-08T09:00:00.000Z"),
        ],
    )
    write(
        tmp_path / "OpportunityStage.csv",
        ("Id", "MasterLabel", "ApiName", "SortOrder", "IsClosed", "IsWon", "DefaultProbability", "IsActive"),
        [
            ("1", "Zeta (new)", "zeta", "1", "false", "false", "10", "true"),
            ("2", "Alpha", "alpha", "2", "false", "false", "40", "true"),
            ("3", "Omega", "OMEGA", "3", "true", "true", "100", "true"),
            ("4", "Psi", "psi", "4", "true", "false", "0", "true"),
        ],
    )
    log = read_log(tmp_path)
    assert [(stage.name, stage.kind) for stage in log.stages] == [
        ("Zeta (new)", "open"),
        ("Alpha", "open"),
        ("Omega", "won"),
        ("Psi", "lost"),
    ]


def test_a_history_of_stages_is_preferred_to_tracked_fields_and_versions(tmp_path: Path) -> None:
    for folder in ("salesforce-opportunity-history", "salesforce-field-history"):
        for file in export(folder).glob("*History.csv"):
            shutil.copy(file, tmp_path / file.name)
    assert read_log(tmp_path).ingest.profile == "salesforce-opportunity-history"


def test_field_history_without_its_values_is_refused_with_what_to_do(tmp_path: Path) -> None:
    (source,) = export("salesforce-field-history--airbyte").glob("OpportunityFieldHistory.csv")
    kept = [
        {header: cell for header, cell in row.items() if header not in {"OldValue", "NewValue"}}
        for row in rows_of(source)
    ]
    write(tmp_path / "OpportunityFieldHistory.csv", list(kept[0]), [list(row.values()) for row in kept])
    with pytest.raises(LogError, match="no column of new values") as caught:
        read_log(tmp_path)
    assert "OpportunityHistory" in (caught.value.hint or "")


def test_a_report_without_ids_goes_by_the_names_of_the_deals(tmp_path: Path) -> None:
    (source,) = export("salesforce-opportunity-history-report").glob("*.csv")
    with source.open(encoding="utf-8", newline="") as file:
        header, *rows = [row[1:] if len(row) > 1 else row for row in csv.reader(file) if row]
    write(tmp_path / "report.csv", header, rows)
    log = read_log(tmp_path)
    assert log.ingest.profile == "salesforce-opportunity-history-report"
    assert dict(log.relations.rows("SELECT deal_id, outcome FROM deals")) == {
        "Acme": "won", "Borea": "lost", "Cargo": "won", "Delta": "open", "Elba": "lost", "Fjord": "open",
    }  # fmt: skip


def test_a_report_that_begins_with_the_newest_row_tells_what_one_does_that_begins_with_the_oldest(
    tmp_path: Path,
) -> None:
    (source,) = export("salesforce-opportunity-history-report").glob("*.csv")
    header, *lines = source.read_text(encoding="utf-8").splitlines()
    body = [line for line in lines if line.startswith('"006')]
    (tmp_path / "oldest.csv").write_text("\n".join([header, *reversed(body)]))
    (tmp_path / "newest.csv").write_text("\n".join([header, *body]))
    oldest, newest = read_log(tmp_path / "oldest.csv"), read_log(tmp_path / "newest.csv")
    facts = "SELECT deal_id, name, outcome, amount, owner, created_at FROM deals ORDER BY deal_id"
    steps = "SELECT deal, steps FROM paths ORDER BY deal"
    for sql in (facts, steps):
        assert oldest.relations.rows(sql) == newest.relations.rows(sql)
    assert fields(oldest, "amount", "close_date") == fields(newest, "amount", "close_date")


@pytest.mark.public_log
def test_a_warehouse_without_words_for_won_and_lost_goes_by_its_flags() -> None:
    folder = public_log("salesforce_warehouse")
    deals = rows_of(folder / "sf_opportunity_data.csv")
    versions = rows_of(folder / "sf_opportunity_history_data.csv")
    log = read_log(folder)
    assert log.ingest.profile == "salesforce-history-mode"
    outcomes = Counter(
        "won" if deal["is_won"] == "true" else "lost" if deal["is_closed"] == "true" else "open" for deal in deals
    )
    assert dict(log.relations.rows("SELECT outcome, count(*) FROM deals GROUP BY outcome")) == outcomes
    kinds = {
        deal["stage_name"]: "won" if deal["is_won"] == "true" else "lost" if deal["is_closed"] == "true" else "open"
        for deal in deals
    }
    assert {stage.name: stage.kind for stage in log.stages} == kinds
    entered = {(version["id"], version["stage_name"], version["_fivetran_start"]) for version in versions}
    stages = log.relations.rows(
        "SELECT deal_id, events.name, strftime(occurred_at, '%Y-%m-%d %H:%M:%S') FROM events JOIN deals USING (deal) "
        "WHERE kind = 'stage'"
    )
    assert set(stages) == entered
    (kept,) = (problem for problem in log.ingest.problems if problem.kind == "all-deleted")
    assert kept.rows == sum(deal["is_deleted"] == "true" for deal in deals) == len(deals)
    assert {
        file.role: file.rows for file in log.ingest.files if file.role in {"history", "deals", "tasks", "owners"}
    } == {
        "history": len(versions),
        "deals": len(deals),
        "tasks": sum(len(rows_of(folder / f"sf_{kind}_data.csv")) for kind in ("task", "event")),
        "owners": len(rows_of(folder / "sf_user_data.csv")),
    }


@pytest.mark.public_log
def test_a_weekly_export_gives_the_figures_that_its_files_show() -> None:
    folder = public_log("salesforce_export")
    deals, history = rows_of(folder / "opportunity.csv"), rows_of(folder / "OpportunityHistory.csv")
    log = read_log(folder)
    assert log.ingest.profile == "salesforce-opportunity-history"
    outcomes = Counter(
        "won" if deal["IsWon"] == "1" else "lost" if deal["IsClosed"] == "1" else "open" for deal in deals
    )
    assert dict(log.relations.rows("SELECT outcome, count(*) FROM deals GROUP BY outcome")) == outcomes
    (amount,) = log.relations.row("SELECT sum(amount) FROM deals")
    assert amount == sum(float(deal["Amount"]) for deal in deals)
    seen: dict[str, dict[str, str]] = {}
    edits: Counter[str] = Counter()
    for row in history:
        before = seen.get(row["OpportunityId"], row)
        edits.update(
            field
            for field, column in {"amount": "Amount", "close_date": "CloseDate"}.items()
            if before[column] != row[column]
        )
        seen[row["OpportunityId"]] = row
    counted = log.relations.rows(
        "SELECT field, count(*) FROM field_rows WHERE field IN ('amount', 'close_date') GROUP BY field"
    )
    assert dict(counted) == edits


def test_the_daily_history_of_dbt_is_read_as_daily_looks_and_not_as_changes(tmp_path: Path) -> None:
    header = (
        "opportunity_day_id",
        "date_day",
        "opportunity_id",
        "name",
        "stage_name",
        "created_date",
        "is_won",
        "is_closed",
    )
    rows: list[tuple[object, ...]] = []
    for number, (name, path) in enumerate(DEALS.items()):
        for day in range((datetime(2026, 2, 28) - path[0][1]).days + 2):
            evening = datetime.combine(path[0][1].date() + timedelta(days=day), time.max)
            stage = [stage for stage, moment in path if moment <= evening][-1]
            flags = (str(stage == "Closed Won").lower(), str(stage.startswith("Closed")).lower())
            rows.append((f"{number}-{day}", evening.date(), f"006{number}", name, stage, path[0][1], *flags))
    write(tmp_path / "salesforce__opportunity_daily_history.csv", header, rows)
    log = read_log(tmp_path)
    assert log.ingest.profile == "snapshots"
    assert told(log, "days") == expected("days")
