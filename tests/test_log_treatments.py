"""Every treatment of whole deals, records and people changes what it says it changes, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from processminer.discovery.discover import discover
from processminer.errors import InputError
from processminer.log.options import Options
from processminer.log.read import read_log
from tests.quirk_worlds import day, healthy, met, outcomes, paths, read, records_of, salesforce, timed, write

CLEAN = healthy(60)


def records(**of_deal: dict[str, object]) -> list[dict[str, object]]:
    """Return the records of the clean deals, changed for some."""
    return [{**record, **of_deal.get(str(record["Id"]), {})} for record in records_of(CLEAN)]


def test_a_history_that_begins_too_late_counts_by_outcome_alone(tmp_path: Path) -> None:
    changed = {"d010": {"CreatedDate": day(-30)}, "d011": {"CreatedDate": day(3)}}
    log = read(salesforce(tmp_path, CLEAN, records=records(**changed)))
    assert met(log)["left-truncated"].rows == 2
    assert set(outcomes(log)) - set(paths(log)) == {"d010", "d011"}
    assert discover(log).totals.excluded == {"history begins too late": 2}
    kept = read(tmp_path, left_truncated="keep")
    assert len(paths(kept)) == 60
    assert outcomes(kept) == outcomes(log)


def test_where_most_deals_were_created_long_before_their_history_the_paths_are_kept(tmp_path: Path) -> None:
    told = [{**record, "CreatedDate": day(-400)} for record in records()]
    log = read(salesforce(tmp_path, CLEAN, records=told))
    assert met(log)["left-truncated"].rows == 60
    assert len(paths(log)) == 60


def test_a_record_ahead_of_its_history_adds_an_untimed_step(tmp_path: Path) -> None:
    rows = [*CLEAN, ("h", "Qualify", 2.0)]
    told = [*records(), {**records_of([("h", "Negotiate", 2.0)])[0], "CloseDate": "2027-01-01"}]
    log = read(salesforce(tmp_path, rows, records=told))
    assert met(log)["history-behind-record"].rows == 1
    assert paths(log)["h"] == ["Qualify", "Negotiate"]
    assert timed(log) == 180
    assert log.relations.rows("SELECT place, why FROM untimed_steps") == [(2, "history-behind-record")]
    assert paths(read(tmp_path, history_behind_record="keep"))["h"] == ["Qualify"]


def test_a_close_date_far_from_the_closing_is_said_and_can_be_believed(tmp_path: Path) -> None:
    closings = {deal: at for deal, stage, at in CLEAN if stage.startswith("Closed")}
    changed = {
        "d020": {"CloseDate": day(closings["d020"] - 5)[:10]},
        "d021": {"CloseDate": day(closings["d021"] + 6)[:10]},
    }
    log = read(salesforce(tmp_path, CLEAN, records=records(**changed)))
    assert met(log)["late-close"].rows == 2
    closed = "SELECT closed_at::DATE::VARCHAR FROM deals WHERE deal_id = 'd020'"
    assert log.relations.row(closed) == (day(closings["d020"])[:10],)
    believed = read(tmp_path, late_close="close-date")
    assert believed.relations.row(closed) == (day(closings["d020"] - 5)[:10],)


def test_close_dates_at_an_hour_of_another_zone_are_recognised(tmp_path: Path) -> None:
    told = [{**record, "CloseDate": f"{str(record['CloseDate'])[:10]}T22:00:00Z"} for record in records()]
    log = read(salesforce(tmp_path, CLEAN, records=told))
    assert met(log)["close-date-zone"].rows == 60
    assert "22:00 UTC" in met(log)["close-date-zone"].treatment
    nearest = read(tmp_path, close_date_zone="nearest-day")
    assert nearest.relations.row("SELECT count(*) FROM records WHERE hour(close_date) = 0") == (60,)
    assert log.relations.row("SELECT count(*) FROM records WHERE hour(close_date) = 22") == (60,)


def zombies(number: int) -> tuple[list[tuple[str, str, float]], list[dict[str, object]]]:
    rows = [(f"z{at}", "Propose", 1.0 + at) for at in range(number)]
    late = [("last", "Qualify", 300.0)]
    told = [{**record, "CloseDate": "2026-02-01"} for record in records_of(rows)]
    return [*CLEAN, *rows, *late], [*records(), *told, {**records_of(late)[0], "CloseDate": "2027-06-01"}]


def test_stale_open_deals_are_counted_with_their_value_and_can_be_lost(tmp_path: Path) -> None:
    rows, told = zombies(3)
    log = read(salesforce(tmp_path, rows, records=told))
    problem = met(log)["stale-open"]
    assert (problem.rows, problem.deals) == (3, 3)
    assert "3,000 in all" in problem.treatment
    assert outcomes(log)["z0"] == "open"
    lost = read(tmp_path, stale_open="lost")
    assert {outcomes(lost)[f"z{at}"] for at in range(3)} == {"lost"}
    assert outcomes(lost)["last"] == "open"
    assert paths(lost)["z0"] == ["Propose", "Closed Lost"]
    assert timed(lost) == timed(log)
    assert discover(lost).totals.lost == discover(log).totals.lost + 3


def test_merged_deals_are_set_aside_and_the_survivor_keeps_its_outcome_alone(tmp_path: Path) -> None:
    stages = {
        "Qualify": "s1",
        "Propose": "s2",
        "Negotiate": "s3",
        "Closed Won": "closedwon",
        "Closed Lost": "closedlost",
    }
    rows = [(deal, stages[stage], day(at), "CRM_UI") for deal, stage, at in CLEAN]
    write(tmp_path, "deal_stage.csv", ["deal_id", "value", "date_entered", "source"], rows)
    write(tmp_path, "merged_deal.csv", ["deal_id", "merged_deal_id"], [["d001", "d003"], ["d001", "d004"]])
    log = read(tmp_path)
    assert log.ingest.deals_set_aside == {"merged": 2}
    assert log.ingest.set_aside["merged"] == 8
    assert met(log)["merged"].deals == 2
    assert outcomes(log)["d001"] == "won"
    assert set(outcomes(log)) - set(paths(log)) == {"d001"}
    kept = read(tmp_path, merged="keep")
    assert len(paths(kept)) == len(outcomes(kept)) == 60


def test_an_import_in_one_go_is_no_history_of_moments(tmp_path: Path) -> None:
    rows = [(f"i{at:02}", "Qualify" if at % 3 else "Propose", 1.0) for at in range(31)]
    log = read(salesforce(tmp_path, [*rows, ("w", "Closed Won", 9.0)], more={"CreatedById": ["admin"] * 31 + ["rep"]}))
    assert (met(log)["bulk-updates"].rows, met(log)["bulk-updates"].deals) == (31, 31)


def test_users_that_are_programs_are_named_by_the_user(tmp_path: Path) -> None:
    folder = salesforce(
        tmp_path, CLEAN, more={"CreatedById": ["Robo" if at % 10 == 0 else f"rep {at}" for at in range(240)]}
    )
    assert "machine-made" not in met(read(folder))
    log = read_log(folder, Options(machines=("robo",)))
    assert met(log)["machine-made"].rows == 24


def test_moves_between_two_lists_far_apart_are_left_out_of_times(tmp_path: Path) -> None:
    looks = [0, 7, 14, 21, 28, 35, 42, 90]
    for at in looks:
        standing = {deal: stage for deal, stage, moved in CLEAN if moved <= at}
        rows = [(deal, f"Deal {deal}", stage, day(at)[:10]) for deal, stage in standing.items()]
        write(tmp_path, f"list {day(at)[:10]}.csv", ["Deal ID", "Deal Name", "Stage", "Snapshot Date"], rows)
    log = read(tmp_path)
    assert log.ingest.profile == "snapshots"
    answers = {answer.question: answer.verdict for answer in log.ingest.answers}
    assert (answers["loops"], answers["durations"]) == ("partly", "partly")
    seen = {deal for deal, stage, moved in CLEAN if 42 < moved <= 90}
    assert met(log)["between-looks"].deals == len(seen)
    assert timed(read(tmp_path, between_looks="keep")) > timed(log)


@pytest.mark.parametrize("word", ["Renewal", "Existing Customer - Upgrade", "Rinnovo", "Verlängerung", "续约"])
def test_renewals_are_told_by_their_type_and_can_be_left_out(tmp_path: Path, word: str) -> None:
    told = [{**record, "Type": word if at < 7 else "New Business"} for at, record in enumerate(records())]
    log = read(salesforce(tmp_path, CLEAN, records=told))
    assert met(log)["renewals"].rows == 7
    assert log.ingest.deals_used == 60
    for options in (Options(treat={"renewals": "set-aside"}), Options(only={"type": "new business"})):
        new = read_log(tmp_path, options)
        assert new.ingest.deals_used == 53
        assert sum(new.ingest.deals_set_aside.values()) == 7
        assert new.ingest.rows_read == new.ingest.rows_used + sum(new.ingest.set_aside.values())
        assert sum(new.ingest.set_aside.values()) == 7 * 5


def test_an_attribute_or_a_value_that_no_deal_has_is_refused(tmp_path: Path) -> None:
    folder = salesforce(tmp_path, CLEAN, records=records())
    with pytest.raises(InputError, match="Did you mean 'StageName'"):
        read_log(folder, Options(only={"StageNam": "x"}))
    with pytest.raises(InputError, match="no deal whose StageName is"):
        read_log(folder, Options(only={"StageName": "nowhere"}))


def piped(tmp_path: Path) -> Path:
    told = [{**record, "Pipeline": "Partners" if at < 20 else "Sales"} for at, record in enumerate(records())]
    write(
        tmp_path,
        "log.csv",
        ["deal_id", "stage", "entered_at", "pipeline"],
        [
            (deal, stage, day(at), next(one["Pipeline"] for one in told if one["Id"] == deal))
            for deal, stage, at in CLEAN
        ],
    )
    return tmp_path


def test_several_pipelines_are_listed_and_one_can_be_looked_at(tmp_path: Path) -> None:
    largest = read(piped(tmp_path))
    assert met(largest)["several-pipelines"].examples == ("Sales (40 deals)", "Partners (20 deals)")
    assert read(tmp_path, several_pipelines="keep").ingest.deals_used == 60
    assert largest.ingest.deals_used == 40
    assert largest.ingest.deals_set_aside == {"other-pipeline": 20}
    partners = read_log(tmp_path, Options(pipeline="partners"))
    assert partners.ingest.deals_used == 20
    with pytest.raises(InputError, match="Did you mean 'Partners'"):
        read_log(tmp_path, Options(pipeline="Partner"))


def test_amounts_in_other_currencies_can_be_left_out(tmp_path: Path) -> None:
    told = [{**record, "CurrencyIsoCode": "USD" if at < 5 else "EUR"} for at, record in enumerate(records())]
    log = read(salesforce(tmp_path, CLEAN, records=told))
    assert met(log)["mixed-currency"].rows == 5
    usual = read(tmp_path, mixed_currency="usual-only")
    assert log.relations.row("SELECT count(amount) FROM deals") == (60,)
    assert usual.relations.row("SELECT count(amount) FROM deals") == (55,)
    assert "unreadable-amount" not in met(usual)


def test_deals_without_an_amount_are_counted_among_the_lost(tmp_path: Path) -> None:
    log = read(salesforce(tmp_path, CLEAN, records=records(d000={"Amount": ""}, d001={"Amount": ""})))
    assert met(log)["no-amount"].rows == 2
    assert "1 of 30 (3 %)" in met(log)["no-amount"].treatment


def test_people_can_be_hidden_everywhere(tmp_path: Path) -> None:
    owners = {str(record["Id"]): f"Ann Example {at % 3}" for at, record in enumerate(records())}
    told = [{**record, "OwnerId": owners[str(record["Id"])], "Created_by": "Ann Example 1"} for record in records()]
    actors = [f"Bob Example {at % 2}" for at in range(len(CLEAN))]
    log = read(salesforce(tmp_path, CLEAN, records=told, more={"CreatedById": actors}))
    assert met(log)["people"].rows == 5
    hidden = read(tmp_path, people="hide")
    everything = str(hidden.relations.rows("SELECT * FROM deals")) + str(hidden.relations.rows("SELECT * FROM events"))
    everything += str(hidden.relations.rows("SELECT * FROM attributes"))
    assert "Example" not in everything
    assert hidden.relations.rows("SELECT DISTINCT owner FROM deals ORDER BY 1") == [
        ("Owner 1",),
        ("Owner 2",),
        ("Owner 3",),
    ]


def test_deals_of_one_name_are_counted(tmp_path: Path) -> None:
    log = read(salesforce(tmp_path, CLEAN, records=records(d000={"Name": "Acme"}, d001={"Name": "ACME"})))
    assert met(log)["same-name"].rows == 2


def test_a_stage_used_until_another_began_at_its_place_was_probably_renamed(tmp_path: Path) -> None:
    rows = [(deal, "Offer" if stage == "Propose" and at > 18 else stage, at) for deal, stage, at in CLEAN]
    log = read(salesforce(tmp_path, rows))
    (told,) = met(log)["renamed-stage"].examples
    assert told.startswith("'Propose' became 'Offer' about 2026-01-2")
    joined = read(tmp_path, renamed_stage="join")
    assert {stage.name for stage in log.stages} - {stage.name for stage in joined.stages} == {"Propose"}
    assert paths(joined)["d000"] == ["Qualify", "Offer", "Negotiate", "Closed Lost"]


def test_a_time_far_away_can_be_set_aside_and_then_does_not_move_the_moment_we_look(tmp_path: Path) -> None:
    rows = [*healthy(500, spread=0.2), ("far", "Qualify", 13_000.0)]
    log = read(salesforce(tmp_path, rows), far_away_time="keep")
    assert met(log)["far-away-time"].rows == 1
    assert log.as_of.year > 2050
    without = read(tmp_path)
    assert without.as_of.year == 2026
    assert without.ingest.set_aside == {"far-away-time": 1}
    assert without.ingest.deals_set_aside == {"far-away-time": 1}


@pytest.mark.parametrize(("slips", "told"), [(1, 1), (3, 3)])
def test_a_few_times_in_the_far_future_are_told_of_a_small_log_too(tmp_path: Path, slips: int, told: int) -> None:
    rows = [*healthy(60, spread=0.2), *((f"far{n}", "Qualify", 20_000.0 + n) for n in range(slips))]
    assert met(read(salesforce(tmp_path, rows), far_away_time="keep"))["far-away-time"].rows == told
    assert read(tmp_path).as_of.year == 2026


def test_a_handful_of_events_has_no_time_far_from_the_others(tmp_path: Path) -> None:
    rows = [("a", "Qualify", 1.0), ("a", "Closed Won", 2.0), ("b", "Qualify", 900.0), ("b", "Closed Lost", 1800.0)]
    assert "far-away-time" not in met(read(salesforce(tmp_path, rows)))


def test_too_few_closed_deals_are_said(tmp_path: Path) -> None:
    assert met(read(salesforce(tmp_path, healthy(20))))["too-few"].rows == 20
    assert "too-few" not in met(read(salesforce(tmp_path / "more", healthy(40))))


def test_answers_say_what_to_export_for_a_full_one(tmp_path: Path) -> None:
    log = read(salesforce(tmp_path, CLEAN))
    for answer in log.ingest.answers:
        assert (answer.verdict == "yes") == (answer.instead == ""), answer


def test_a_grouped_report_is_told_from_a_total_below_the_table(tmp_path: Path) -> None:
    def treatment(rows: list[str]) -> str:
        file = tmp_path / "log.csv"
        file.write_text("\n".join(["deal_id,stage,entered_at", *rows]) + "\n", encoding="utf-8")
        (found,) = (problem for problem in read_log(file).ingest.problems if problem.kind == "no-deal")
        return found.treatment

    whole = [f"{deal},{stage},2026-01-0{day}" for deal in "abc" for day, stage in enumerate(["A", "B", "Won"], 1)]
    assert "grouped" not in treatment([*whole[:4], ",B,2026-01-02", *whole[4:]])
    assert "grouped" in treatment([row if at % 3 == 0 else row[1:] for at, row in enumerate(whole)])
