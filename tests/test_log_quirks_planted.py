"""What CRMs do to histories, planted and counted once more in plain Python; every treatment changes what it says."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner

from processminer.cli import main
from processminer.discovery.discover import discover
from processminer.log.columns import Conventions
from processminer.log.names import Names
from processminer.log.options import Options
from processminer.log.read import read_log
from tests.quirk_worlds import day, healthy, met, outcomes, paths, read, records_of, salesforce, timed, write

CLEAN = healthy(60)
IDS = {"Qualify": "101", "Propose": "102", "Negotiate": "103", "Closed Won": "104", "Closed Lost": "105"}


def test_just_as_many_changes_as_hubspot_keeps_have_lost_their_beginning(tmp_path: Path) -> None:
    ways = {"twenty": 20, "nineteen": 19, "more": 21}
    rows = [(deal, "dealstage", stage, day(at), "CRM_UI") for deal, stage, at in CLEAN]
    for deal, changes in ways.items():
        stages = [("Qualify", "Propose", "Negotiate")[at % 3] for at in range(changes - 1)]
        told = [*stages, "Closed Won"]
        rows += [(deal, "dealstage", stage, day(1 + at), "CRM_UI") for at, stage in enumerate(told)]
    write(tmp_path, "history.csv", ["Record ID", "Property name", "Value", "Timestamp", "Source"], rows)
    log = read(tmp_path)
    assert log.ingest.profile == "hubspot-property-history"
    told = Counter(str(row[0]) for row in rows)
    capped = {deal for deal, changes in told.items() if changes == 20}
    assert met(log)["left-truncated"].deals == len(capped) == 1
    assert set(outcomes(log)) - set(paths(log)) == capped
    kept = read(tmp_path, left_truncated="keep")
    assert set(outcomes(kept)) == set(paths(kept))
    assert len(paths(kept)["twenty"]) == 20


def test_histories_of_two_deals_in_one_go_to_and_fro_and_can_be_left_out(tmp_path: Path) -> None:
    mixed = ["Qualify", "Propose", "Qualify", "Propose", "Qualify", "Closed Won"]
    once = ["Qualify", "Propose", "Qualify", "Propose", "Closed Won"]
    rows = [*CLEAN, *(("mixed", stage, 1.0 + at) for at, stage in enumerate(mixed))]
    rows += [("once", stage, 1.5 + at) for at, stage in enumerate(once)]
    log = read(salesforce(tmp_path, rows))
    seen = {deal for deal, path in paths(log).items() if "A B A B A" in " ".join(_letters(path))}
    assert seen == {"mixed"}
    assert met(log)["interleaved"].deals == len(seen)
    assert "mixed" in paths(log)
    without = read(tmp_path, interleaved="leave-out-of-paths")
    assert set(outcomes(without)) - set(paths(without)) == seen


def _letters(path: list[str]) -> list[str]:
    return ["A" if stage == "Qualify" else "B" if stage == "Propose" else "-" for stage in path]


def dictionary(folder: Path, *, leave_out: tuple[str, ...] = (), inactive: tuple[str, ...] = ()) -> Path:
    """Write the clean deals by the ids of their stages, and what the ids mean, save for some."""
    rows = [(deal, IDS[stage], day(at), "CRM_UI") for deal, stage, at in CLEAN]
    write(folder, "deal_stage.csv", ["deal_id", "value", "date_entered", "source"], rows)
    stages = [
        (number, stage, at, stage not in inactive, stage.startswith("Closed"), stage == "Closed Won")
        for at, (stage, number) in enumerate(IDS.items())
        if stage not in leave_out
    ]
    head = ["stage_id", "label", "display_order", "active", "is_closed", "closed_won"]
    write(folder, "deal_pipeline_stage.csv", head, stages)
    return folder


def test_ids_become_the_names_that_the_dictionary_gives_them(tmp_path: Path) -> None:
    log = read(dictionary(tmp_path))
    assert {stage.name for stage in log.stages} == set(IDS)
    assert not {"unknown-stage", "retired-stage", "stage-ids"} & set(met(log))


def test_stages_without_a_dictionary_are_called_by_their_ids_and_that_is_said(tmp_path: Path) -> None:
    rows = [(deal, IDS[stage], day(at)) for deal, stage, at in CLEAN]
    write(tmp_path, "log.csv", ["deal_id", "stage", "entered_at"], rows)
    log = read_log(tmp_path, Options(names=Names(won=("104",), lost=("105",))))
    assert met(log)["stage-ids"].rows == len(IDS)
    assert {stage.name for stage in log.stages} == set(IDS.values())


def test_stages_that_the_dictionary_lost_keep_their_rows_under_the_id(tmp_path: Path) -> None:
    log = read(dictionary(tmp_path, leave_out=("Propose",)))
    assert met(log)["unknown-stage"].rows == sum(stage == "Propose" for _, stage, _ in CLEAN)
    assert met(log)["unknown-stage"].examples == ("102 (60 rows)",)
    assert sum("102" in stage for path in paths(log).values() for stage in path) == 60
    named = read_log(tmp_path, Options(names=Names(aliases={"102": "Offer"})))
    assert sum(path.count("Offer") for path in paths(named).values()) == 60


def test_stages_that_are_retired_are_said_and_used(tmp_path: Path) -> None:
    log = read(dictionary(tmp_path, inactive=("Negotiate",)))
    assert met(log)["retired-stage"].rows == sum(stage == "Negotiate" for _, stage, _ in CLEAN)
    assert sum(path.count("Negotiate") for path in paths(log).values()) == 60


def test_owners_that_changed_are_counted_deal_by_deal(tmp_path: Path) -> None:
    head = ["OpportunityId", "Field", "OldValue", "NewValue", "CreatedDate", "CreatedById"]
    before: dict[str, str] = {}
    rows: list[tuple[str, ...]] = []
    for deal, stage, at in CLEAN:
        rows.append((deal, "StageName", before.get(deal, "Prospecting"), stage, day(at), "u1"))
        before[deal] = stage
    rows += [(f"d00{at}", "Owner", "Ann", "Bob", day(3.0 + at), "u1") for at in (1, 2, 3)]
    rows += [("d001", "Owner", "Bob", "Cleo", day(5.5), "u1")]
    write(tmp_path, "OpportunityFieldHistory.csv", head, rows)
    log = read(tmp_path)
    changed = {row[0] for row in rows if row[1] == "Owner"}
    assert met(log)["owner-changes"].rows == len(changed) == 3


def test_a_flag_of_bulk_updates_takes_the_moment_and_leaves_the_path(tmp_path: Path) -> None:
    write(
        tmp_path,
        "stages.csv",
        ["id", "order_nr", "name", "pipeline_id"],
        [(1, 1, "A", 1), (2, 2, "B", 1), (3, 3, "C", 1)],
    )
    head = ["id", "item_id", "user_id", "field_key", "old_value", "new_value", "is_bulk_update_flag", "log_time"]
    rows: list[tuple[object, ...]] = []
    for deal in range(20):
        rows += [
            (deal, deal, 9, "stage_id", 1, 2, 0, day(2 + deal * 1.3)),
            (deal, deal, 9, "stage_id", 2, 3, int(deal % 2), day(9 + deal * 1.3)),
            (deal, deal, 9, "status", "open", "won" if deal % 3 else "lost", 0, day(12 + deal * 1.3)),
        ]
    write(tmp_path, "flow.csv", head, rows)
    deals = [(deal, f"D{deal}", 9, 1, 3, 5, "open", day(deal * 1.3)) for deal in range(20)]
    columns = ["id", "title", "user_id", "pipeline_id", "stage_id", "value", "status", "add_time"]
    write(tmp_path, "deals.csv", columns, deals)
    flagged_rows = [row for row in rows if row[6]]
    log, kept = read(tmp_path), read(tmp_path, bulk_updates="keep")
    assert met(log)["bulk-updates"].rows == len(flagged_rows) == 10
    assert timed(kept) - timed(log) == 2 * len(flagged_rows)
    assert paths(kept) == paths(log)


def test_a_closing_far_from_the_close_date_is_counted_by_whole_days(tmp_path: Path) -> None:
    shifts = {"d000": -2.9, "d001": -3.1, "d002": 3.2, "d003": 2.5, "d004": 30.0}
    closings = {deal: at for deal, stage, at in CLEAN if stage.startswith("Closed")}
    told = [
        {**record, "CloseDate": day(closings[str(record["Id"])] + shifts.get(str(record["Id"]), 0.0))}
        for record in records_of(CLEAN)
    ]
    log = read(salesforce(tmp_path, CLEAN, records=told))
    late = {deal for deal, shift in shifts.items() if abs(shift) > 3}
    assert met(log)["late-close"].deals == len(late) == 3
    believed = read(tmp_path, late_close="close-date")
    asked = "SELECT deal_id, closed_at FROM deals ORDER BY deal_id"
    moved = {
        deal
        for (deal, closed), (_, otherwise) in zip(
            log.relations.rows(asked), believed.relations.rows(asked), strict=True
        )
        if closed != otherwise
    }
    assert moved <= late
    assert {"d002", "d004"} <= moved


def test_a_history_that_lags_ends_where_the_record_stands(tmp_path: Path) -> None:
    rows = [*CLEAN, *((f"h{at}", "Qualify", 2.0 + at) for at in range(4))]
    ahead = [("h0", "Propose", 2.0), ("h1", "Negotiate", 3.0), ("h2", "Qualify", 4.0), ("h3", "Propose", 5.0)]
    told = [*records_of(CLEAN), *({**one, "CloseDate": "2027-06-01"} for one in records_of(ahead))]
    log = read(salesforce(tmp_path, rows, records=told))
    behind = {deal: stage for deal, stage, _ in ahead if stage != "Qualify"}
    assert met(log)["history-behind-record"].deals == len(behind)
    assert {deal: paths(log)[deal][-1] for deal in behind} == behind
    kept = read(tmp_path, history_behind_record="keep")
    assert all(paths(kept)[deal] == ["Qualify"] for deal in behind)
    assert timed(kept) == timed(log)


def test_stages_of_one_label_in_two_pipelines_stay_apart_and_one_can_be_looked_at(tmp_path: Path) -> None:
    rows = [(deal, stage, day(at), "Partners" if int(deal[1:]) < 25 else "Sales") for deal, stage, at in CLEAN]
    write(tmp_path, "log.csv", ["deal_id", "stage", "entered_at", "pipeline"], rows)
    count = Counter(
        {pipeline: len({row[0] for row in rows if row[3] == pipeline}) for pipeline in ("Sales", "Partners")}
    )
    log = read(tmp_path, several_pipelines="keep")
    assert log.ingest.deals_set_aside == {}
    assert met(log)["several-pipelines"].examples == tuple(
        f"{name} ({deals} deals)" for name, deals in count.most_common()
    )
    for options, name in (
        (Options(), "Sales"),
        (Options(pipeline="sales"), "Sales"),
        (Options(pipeline="Partners"), "Partners"),
    ):
        one = read_log(tmp_path, options)
        assert set(outcomes(one)) == {str(row[0]) for row in rows if row[3] == name}
        assert one.ingest.set_aside == {"other-pipeline": sum(row[3] != name for row in rows)}
        own = {stage.name.removesuffix(f" ({name})") for stage in one.stages}
        assert own == {str(row[1]) for row in rows if row[3] == name}


def test_dead_deals_that_count_as_lost_change_the_win_counts_alone(tmp_path: Path) -> None:
    rows = [*CLEAN, *((f"z{at}", "Propose", 1.0 + at) for at in range(7)), ("last", "Qualify", 300.0)]
    told = [
        {**one, "CloseDate": "2026-02-01" if str(one["Id"])[0] == "z" else one["CloseDate"]} for one in records_of(rows)
    ]
    told[-1]["CloseDate"] = "2027-06-01"
    kept, lost = read(salesforce(tmp_path, rows, records=told)), read(tmp_path, stale_open="lost")
    assert met(kept)["stale-open"].deals == 7
    before, after = discover(kept).totals, discover(lost).totals
    assert (after.won, after.lost, after.open) == (before.won, before.lost + 7, before.open - 7)


SPELLINGS = ["Avito", "avito", "AVITO", "Avito", "Web Site", "web-site", "phone"]


def test_spellings_of_one_value_are_joined_to_the_most_used_or_kept(tmp_path: Path) -> None:
    told = [{**one, "LeadSource": SPELLINGS[at % len(SPELLINGS)]} for at, one in enumerate(records_of(CLEAN))]
    written = Counter(str(one["LeadSource"]) for one in told)
    log = read(salesforce(tmp_path, CLEAN, records=told))
    asked = "SELECT value, count(*) FROM attributes WHERE attribute = 'LeadSource' GROUP BY value ORDER BY value"
    kept = read(tmp_path, value_spellings="keep")
    assert dict(kept.relations.rows(asked)) == dict(written)
    site = "Web Site" if written["Web Site"] > written["web-site"] else "web-site"
    assert dict(log.relations.rows(asked)) == {
        "Avito": written["Avito"] + written["avito"] + written["AVITO"],
        site: written["Web Site"] + written["web-site"],
        "phone": written["phone"],
    }
    other = {value for value in written if value not in {"Avito", site, "phone"}}
    assert met(log)["value-spellings"].rows == met(kept)["value-spellings"].rows == sum(written[one] for one in other)


def test_ids_that_differ_in_capitals_alone_are_not_joined(tmp_path: Path) -> None:
    accounts = ("001Hp00000abcde", "001Hp00000abcdE")
    told = [{**one, "AccountId": accounts[at % 2]} for at, one in enumerate(records_of(CLEAN))]
    assert "value-spellings" not in met(read(salesforce(tmp_path, CLEAN, records=told)))


def test_what_records_leave_open_or_date_in_the_wrong_order_is_counted(tmp_path: Path) -> None:
    told = [{**one, "OwnerId": "u1", "CurrencyIsoCode": "EUR", "Loss_Reason": "price"} for one in records_of(CLEAN)]
    planted: dict[str, dict[str, dict[str, str]]] = {
        "no-owner": {"d001": {"OwnerId": ""}, "d003": {"OwnerId": ""}},
        "no-currency": {"d005": {"CurrencyIsoCode": ""}},
        "closed-without-close-date": {"d007": {"CloseDate": ""}, "d008": {"CloseDate": ""}},
        "closed-before-created": {"d010": {"CloseDate": "2025-12-24"}},
        "mixed-dates": {"d012": {"CreatedDate": "8.1.2026 09:00"}, "d013": {"CreatedDate": "8.1.2026 21:00"}},
    }
    for deals in planted.values():
        for record in told:
            record.update(deals.get(str(record["Id"]), {}))
    tasks = [("d020", "Call", "t1", day(7.5), "Completed"), ("d020", "Call", "t2", day(9.5), "Completed")]
    tasks += [("d030", "Call", "t3", day(14.5), "Completed"), ("d030", "Call", "t4", day(1.0), "Completed")]
    salesforce(tmp_path, CLEAN, records=told)
    write(tmp_path, "Task.csv", ["WhatId", "Type", "Subject", "CompletedDateTime", "Status"], tasks)
    log = read_log(tmp_path, Options(conventions=Conventions(date_order="dmy")))
    seen = met(log)
    assert {kind: seen[kind].rows for kind in planted} == {kind: len(deals) for kind, deals in planted.items()}
    # d020 was created on the tenth day, d030 on the fifteenth; what lies less than a day before is no slip.
    assert seen["task-before-deal"].rows == 2
    assert seen["task-before-deal"].examples[0].startswith("d020")


def test_lost_deals_without_a_reason_are_counted_where_others_have_one(tmp_path: Path) -> None:
    head = ["Deal - ID", "Deal - Title", "Deal - Stage", "Deal - Status", "Deal - Deal created", "Deal - Lost time"]
    rows = [
        (at, f"D{at}", "A", "Lost" if at % 2 else "Open", f"2026-01-{at:02} 09:00:00",
         f"2026-02-{at:02} 10:00:00" if at % 2 else "", "price" if at % 3 else "")
        for at in range(1, 20)
    ]  # fmt: skip
    write(tmp_path, "deals.csv", [*head, "Deal - Lost reason"], rows)
    silent = [row for row in rows if row[3] == "Lost" and not row[6]]
    assert met(read(tmp_path))["lost-without-reason"].rows == len(silent) == 3


PEOPLE = ("Zebulon Alone", "Wilhelmina Quist", "Bartholomew Zed", "Xanthippe Ruuk")


@pytest.fixture(scope="module")
def hidden(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return what every command writes of a log full of names that are to be hidden."""
    folder = tmp_path_factory.mktemp("people")
    export, out = folder / "export", folder / "out"
    out.mkdir()
    told = [
        {
            **one,
            "OwnerId": PEOPLE[1 + at % 3],
            "Created_by": PEOPLE[1 + (at + 1) % 3].upper(),
            "Team": "North" if at % 2 else "South",
            "Sales Rep": ("Zebulon Alone", "Nobody Else")[at % 2],
        }
        for at, one in enumerate(records_of(CLEAN))
    ]
    salesforce(export, CLEAN, records=told, more={"CreatedById": [PEOPLE[1 + at % 3] for at in range(len(CLEAN))]})
    tasks = [(f"d{at:03}", "Call", f"t{at}", day(1.0 + at), "Completed", PEOPLE[1 + at % 3]) for at in range(60)]
    write(export, "Task.csv", ["WhatId", "Type", "Subject", "CompletedDateTime", "Status", "OwnerId"], tasks)
    hide = ["--treat", "people=hide"]
    commands = {
        "doctor.txt": ["doctor", str(export), *hide],
        "audit.txt": ["audit", str(export), *hide, "--out", str(out / "audit")],
        "map.txt": ["mine", str(export), *hide],
        "map.svg.txt": ["mine", str(export), *hide, "--out", str(out / "map.svg")],
        "stays.txt": ["show", "stays", str(export), *hide],
        "convert.txt": ["convert", str(export), str(out / "clean"), "--format", "csv", *hide],
    }
    for name, words in commands.items():
        result = CliRunner().invoke(main, words)
        assert result.exit_code in {0, 1}, (words, result.output)
        (out / name).write_text(result.output, encoding="utf-8")
    return out


def test_no_name_is_in_anything_that_is_written_once_people_are_hidden(hidden: Path) -> None:
    written = [file for file in hidden.rglob("*") if file.is_file()]
    assert len(written) >= 8, written
    parts = [part.casefold().encode() for name in PEOPLE for part in name.split() if part != "Alone"]
    for file in written:
        content = file.read_bytes().lower()
        assert not [part for part in parts if part in content], file
    names = {file.name for file in written}
    assert {"audit.json", "report.html", "map.svg", "doctor.txt"} <= names
    clean = "".join(file.read_text(encoding="utf-8") for file in (hidden / "clean").iterdir())
    assert {f"Owner {number}" for number in (1, 2, 3)} <= {
        f"Owner {number}" for number in range(9) if f"Owner {number}" in clean
    }
