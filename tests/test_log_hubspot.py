"""HubSpot's exports tell what they can: every change, each deal's last values, its activities, and what is lost."""

from __future__ import annotations

import csv
import json
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from processminer.errors import Question
from processminer.log.names import Names
from processminer.log.options import Options
from processminer.log.read import read_log
from processminer.log.sources.profile import profiles
from tests.needs import public_log
from tests.same_deals import DEALS, told

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from processminer.log.eventlog import EventLog, Problem

EXPORTS = Path(__file__).parent / "exports"


START = datetime(2026, 1, 5, 9, 0)


STAGES = ("Qualification", "Demo", "Proposal", "Closed Won", "Closed Lost")


def write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(header)
        writer.writerows(rows)
    return path


def at(day: float) -> str:
    return (START + timedelta(days=day)).isoformat(" ", "seconds")


def problem(log: EventLog, kind: str) -> Problem | None:
    return next((problem for problem in log.ingest.problems if problem.kind == kind), None)


def conserved(log: EventLog) -> bool:
    report = log.ingest
    return report.rows_read == report.rows_used + sum(report.set_aside.values())


def answer(log: EventLog, question: str) -> str:
    return next(answer.verdict for answer in log.ingest.answers if answer.question == question)


# Columns of stages


@pytest.mark.parametrize(
    ("header", "stage", "pipeline"),
    [
        ('Date entered "Proposal (Sales Pipeline)"', "Proposal", "Sales Pipeline"),
        ('Date entered "Proposal (v2) (Sales Pipeline)"', "Proposal (v2)", "Sales Pipeline"),
        ('Date entered "Proposal (Sales (EU))"', "Proposal", "Sales (EU)"),
        ('Date entered "Retorno"', "Retorno", None),
        ("hs_v2_date_entered_1049659391", "1049659391", None),
        ("hs_date_entered_closedwon", "closedwon", None),
        ("properties.hs_v2_date_entered_closedwon", "closedwon", None),
        ("property_hs_v_2_date_entered_240516941", "240516941", None),
        ("PROPERTY_HS_V_2_DATE_ENTERED_CLOSEDWON", "CLOSEDWON", None),
        ("property_hs_v2_date_entered_closedwon.value", "closedwon", None),
        ("property_hs_v2_date_entered_closedwon__value", "closedwon", None),
        ("hs_v2_date_entered_current_stage", None, None),
        ("hs_v2_date_exited_closedwon", None, None),
        ('Date exited "Proposal (Sales Pipeline)"', None, None),
    ],
)
def test_a_header_names_a_stage_and_its_pipeline_or_none(header: str, stage: str | None, pipeline: str | None) -> None:
    (wide,) = (profile for profile in profiles() if profile.name == "hubspot-deals-wide")
    assert wide.stage_column is not None
    match = wide.stage_column.match(header)
    assert (match["stage"], match["pipeline"]) == (stage, pipeline) if match else stage is None


@pytest.mark.parametrize(
    ("header", "says"),
    [
        ('Cumulative time in "Demo (Sales Pipeline)" (HH:mm:ss)', "cumulative time in"),
        ('Latest time in "Demo (Sales Pipeline)"', "latest time in"),
        ('Time in "Demo (Sales Pipeline)" (HH:mm:ss)', "time in"),
        ("hs_v2_cumulative_time_in_closedwon", "cumulative_time_in"),
        ("property_hs_v_2_latest_time_in_closedwon", "latest_time_in"),
        ("hs_time_in_closedwon", "time_in"),
        ("hs_v2_time_in_current_stage", None),
        ("Time in trade", None),
        ("Segment", None),
    ],
)
def test_a_header_that_the_crm_derives_from_the_path_is_no_attribute(header: str, says: str | None) -> None:
    (wide,) = (profile for profile in profiles() if profile.name == "hubspot-deals-wide")
    derived = wide.tables["deals"].derived
    assert derived is not None
    match = derived.match(header)
    assert (match["told"].casefold() if match else None) == says


@pytest.mark.parametrize("export", ["hubspot-deals-wide", "hubspot-deals-wide--api-names"])
def test_returns_that_a_wide_export_cannot_date_are_counted(export: str) -> None:
    log = read_log(EXPORTS / export / "export")
    again = sum(visits - 1 for path in DEALS.values() for visits in Counter(stage for stage, _ in path).values())
    seen = problem(log, "return-seen-in-totals")
    assert seen is not None
    assert seen.rows == again
    assert answer(log, "loops") == "partly"
    assert not any("time_in" in name or "exited" in name or "time in" in name for name in log.attributes)


def test_an_open_stage_that_was_left_before_it_was_entered_is_a_return(tmp_path: Path) -> None:
    header = ["Record ID", "Deal Name", "Deal Stage", *(f'Date {did} "Demo (P)"' for did in ("entered", "exited"))]
    header += ['Date entered "Closed Won (P)"']
    rows = [
        ["1", "back", "Demo", "2026-01-20 10:00", "2026-01-12 10:00", "2026-01-15 10:00"],
        ["2", "straight", "Closed Won", "2026-01-11 10:00", "2026-01-12 10:00", "2026-01-12 10:00"],
    ]
    log = read_log(write(tmp_path / "deals.csv", header, rows))
    seen = problem(log, "return-seen-in-totals")
    assert seen is not None
    assert (seen.rows, seen.examples) == (1, ("1",))


def test_the_newer_of_two_properties_of_a_stage_counts(tmp_path: Path) -> None:
    header = [
        "hs_object_id",
        "dealname",
        "dealstage",
        "hs_date_entered_a",
        "hs_v2_date_entered_a",
        "hs_date_entered_closedwon",
    ]
    rows = [["1", "x", "closedwon", "2026-01-01T10:00:00Z", "2026-01-02T10:00:00Z", "2026-01-05T10:00:00Z"]]
    log = read_log(write(tmp_path / "deals.csv", header, rows))
    assert told(log, "changes") == [(("a", "2026-01-02 10:00"), ("Closed Won", "2026-01-05 10:00"))]


def test_one_label_in_two_pipelines_is_two_stages(tmp_path: Path) -> None:
    stages = [("Proposal", "Sales"), ("Closed Won", "Sales"), ("Proposal", "Renewals"), ("Closed Won", "Renewals")]
    header = ["Record ID", "Deal Name", "Pipeline", "Deal Stage"]
    header += [f'Date entered "{stage} ({pipeline})"' for stage, pipeline in stages]
    rows = [
        ["1", "x", "Sales", "Closed Won", "2026-01-02 10:00", "2026-01-05 10:00", "", ""],
        ["2", "y", "Renewals", "Closed Won", "", "", "2026-01-03 10:00", "2026-01-06 10:00"],
    ]
    both = Options(treat={"several-pipelines": "keep"})
    log = read_log(write(tmp_path / "deals.csv", header, rows), both)
    assert {stage.name for stage in log.stages} == {"Proposal (Sales)", "Proposal (Renewals)", "Closed Won"}
    assert log.relations.rows("SELECT outcome, count(*) FROM deals GROUP BY ALL") == [("won", 2)]


def test_a_list_without_stage_dates_tells_outcomes_and_whole_lengths(tmp_path: Path) -> None:
    header = ["Record ID", "Deal Name", "Deal Stage", "Create Date", "Close Date", "Date entered current stage"]
    rows = [
        # The close date of a closed deal may be edited: it ended when it came to the stage it stands in.
        ["1", "won", "Closed Won", "2026-01-02 10:00", "2026-01-31 00:00", "2026-01-20 10:00"],
        ["2", "open", "Demo", "2026-01-03 10:00", "2026-06-30 00:00", "2026-01-09 10:00"],
        ["3", "new", "Demo", "2026-01-04 10:00", "2026-06-30 00:00", "2026-01-04 10:00"],
    ]
    log = read_log(write(tmp_path / "deals.csv", header, rows))
    assert log.ingest.profile == "hubspot-deals-list"
    assert told(log, "changes") == [
        (("Demo", "2026-01-04 10:00"),),
        (("Open", "2026-01-02 10:00"), ("Closed Won", "2026-01-20 10:00")),
        (("Open", "2026-01-03 10:00"), ("Demo", "2026-01-09 10:00")),
    ]
    assert (answer(log, "path"), answer(log, "outcomes")) == ("no", "partly")


def test_an_expected_close_date_closes_nothing(tmp_path: Path) -> None:
    rows = [("1", "x", "Closed Lost", "2026-01-02 10:00", "2026-01-31 00:00")]
    rows += [(str(number), "y", "Demo", "2026-01-03 10:00", "2026-06-30 00:00") for number in range(2, 5)]
    header = ("Record ID", "Deal Name", "Deal Stage", "Create Date", "Close Date")
    log = read_log(write(tmp_path / "deals.csv", header, rows))
    assert log.as_of == datetime(2026, 1, 31)
    assert dict(log.relations.rows("SELECT outcome, count(*) FROM deals GROUP BY ALL")) == {"lost": 1, "open": 3}


# Histories

paths = st.lists(
    st.lists(st.sampled_from(STAGES[:3]), min_size=1, max_size=6).flatmap(
        lambda stages: st.sampled_from([stages, [*stages, "Closed Won"], [*stages, "Closed Lost"]])
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(paths=paths, data=st.data())
def test_property_history_and_stage_history_tell_the_same_whatever_the_order_of_their_rows(
    paths: list[list[str]], data: st.DataObject, tmp_path: Path
) -> None:
    paths = [*paths, ["Demo", "Closed Won"]]
    steps = [
        (f"18{deal}", stage, at(deal + 3 * place))
        for deal, path in enumerate(paths)
        for place, stage in enumerate(path)
    ]
    rows = [("dealstage", stage, when, deal, "CRM_UI") for deal, stage, when in steps]
    rows += [("amount", str(100 + place), when, deal, "CRM_UI") for place, (deal, _, when) in enumerate(steps)]
    one = write(
        tmp_path / "deals_property_history.csv",
        ("name", "value", "timestamp", "dealId", "source"),
        data.draw(st.permutations(rows)),
    )
    header = ("deal_id", "value", "date_entered", "_fivetran_active")
    other = write(tmp_path / "deal_stage.csv", header, ((deal, stage, when, "TRUE") for deal, stage, when in steps))
    logs = [read_log(one), read_log(other)]
    assert [log.ingest.profile for log in logs] == ["hubspot-property-history", "hubspot-deal-stage"]
    assert told(logs[0], "changes") == told(logs[1], "changes")
    assert all(conserved(log) for log in logs)
    last = {deal: 100.0 + place for place, (deal, _, _) in enumerate(steps)}
    assert dict(logs[0].relations.rows("SELECT deal_id, amount FROM deals")) == last


def history(path: Path, changes: Iterable[tuple[str, str, object, float]]) -> Path:
    """Write changes (deal, property, value, day), newest first as HubSpot does."""
    newest = sorted(changes, key=lambda change: -change[3])
    header = ("dealId", "property", "value", "timestamp", "sourceType", "updatedByUserId")
    return write(path, header, ((deal, name, value, at(day), "CRM_UI", "7") for deal, name, value, day in newest))


def test_a_deal_bears_the_last_value_of_each_property_even_an_emptied_one(tmp_path: Path) -> None:
    changes = [
        ("1", "dealstage", "Demo", 0.0),
        ("1", "dealname", "Old name", 0.0),
        ("1", "dealname", "New name", 2.0),
        ("1", "amount", "500", 0.0),
        ("1", "amount", "", 3.0),
        ("1", "dealstage", "Closed Won", 4.0),
    ]
    log = read_log(history(tmp_path / "h.csv", changes))
    assert log.relations.rows("SELECT name, amount, outcome FROM deals") == [("New name", None, "won")]


def test_what_a_property_was_is_told_by_the_change_before(tmp_path: Path) -> None:
    changes = [("1", "dealstage", "Demo", 0.0), ("1", "dealstage", "Closed Won", 9.0)]
    changes += [("1", "hubspot_owner_id", owner, day) for owner, day in (("Ann", 0.0), ("Ann", 1.0), ("Bob", 2.0))]
    changes += [("2", "dealstage", "Demo", 0.0), ("2", "hubspot_owner_id", "Ann", 0.0)]
    log = read_log(history(tmp_path / "h.csv", changes))
    owners = log.relations.rows(
        "SELECT deal_id, old, new FROM field_rows WHERE field = 'owner' ORDER BY ALL NULLS FIRST"
    )
    assert owners == [("1", None, "Ann"), ("1", "Ann", "Bob"), ("2", None, "Ann")]
    changed = problem(log, "owner-changes")
    assert changed is not None
    assert changed.rows == 1


def test_twenty_changes_are_as_many_as_hubspot_keeps_so_the_first_may_be_missing(tmp_path: Path) -> None:
    there_and_back = [("Demo", "Proposal")[place % 2] for place in range(19)]
    changes = [("full", "dealstage", stage, float(day)) for day, stage in enumerate([*there_and_back, "Closed Won"])]
    changes += [
        ("short", "dealstage", stage, float(day)) for day, stage in enumerate([*there_and_back[1:], "Closed Won"])
    ]
    log = read_log(history(tmp_path / "h.csv", changes))
    cut = problem(log, "left-truncated")
    assert cut is not None
    assert [example.split(" ")[0] for example in cut.examples] == ["full"]


def test_the_api_may_be_asked_for_the_history_of_the_stage_alone(tmp_path: Path) -> None:
    def deal(number: str, *stages: tuple[str, float]) -> dict[str, Any]:
        versions = [{"value": stage, "timestamp": at(day), "sourceType": "CRM_UI"} for stage, day in reversed(stages)]
        properties = {"dealname": f"Deal {number}", "dealstage": stages[-1][0], "amount": "10"}
        return {"id": number, "properties": properties, "propertiesWithHistory": {"dealstage": versions}}

    deals = [deal("11", ("Demo", 0.0), ("Closed Won", 2.0)), deal("12", ("Demo", 1.0))]
    (tmp_path / "deals.json").write_text(json.dumps({"results": deals}), encoding="utf-8")
    log = read_log(tmp_path)
    assert log.ingest.profile == "hubspot-property-history"
    assert told(log, "changes") == [
        (("Demo", "2026-01-05 09:00"), ("Closed Won", "2026-01-07 09:00")),
        (("Demo", "2026-01-06 09:00"),),
    ]


# A real warehouse


def rows_of(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}_data.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_warehouse_with_hashed_stages_asks_which_of_them_mean_won() -> None:
    folder = public_log("hubspot_warehouse")
    with pytest.raises(Question) as asked:
        read_log(folder)
    assert asked.value.asks == "outcomes"
    assert sorted(asked.value.choices) == sorted({row["value"] for row in rows_of(folder, "deal_stage")})


def test_a_warehouse_is_read_as_it_is_once_that_is_said() -> None:
    folder = public_log("hubspot_warehouse")
    history, deals = rows_of(folder, "deal_stage"), rows_of(folder, "deal")
    won = Counter(row["value"] for row in history).most_common(1)[0][0]
    log = read_log(folder, Options(names=Names(won=(won,))))
    assert log.ingest.profile == "hubspot-deal-stage"
    read = {file.name: file.rows for file in log.ingest.files if file.name.endswith(".csv")}
    assert read == {
        path.name: len(rows_of(folder, path.name.removesuffix("_data.csv"))) for path in folder.glob("*.csv")
    }
    assert conserved(log)
    last = max(datetime.strptime(row["date_entered"] + "Z", "%Y-%m-%d %H:%M:%S%z") for row in history)
    assert log.as_of >= last.replace(tzinfo=None)
    known = {row["deal_id"] for row in history}
    known |= {row["deal_id"] for row in deals if datetime.fromisoformat(row["property_createdate"]) <= log.as_of}
    counted: dict[str, int] = dict(log.relations.rows("SELECT outcome, count(*) FROM deals GROUP BY outcome"))
    assert counted == {"won": sum(row["value"] == won for row in history), "open": len(known) - counted["won"]}
    assert log.relations.row("SELECT count(*) FROM stage_dictionary")[0] == len(rows_of(folder, "deal_pipeline_stage"))
