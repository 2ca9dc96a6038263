"""Every quirk that is planted in an export is seen as often as it was planted, and none is seen in a clean one."""

from __future__ import annotations

from pathlib import Path

import pytest

from processminer.discovery.discover import discover
from processminer.errors import InputError
from processminer.log.options import Options
from processminer.log.quirks.catalogue import explain_quirk, quirks
from processminer.log.quirks.chains import chain
from processminer.log.read import read_log
from tests.quirk_worlds import day, healthy, met, outcomes, paths, read, records_of, salesforce, timed, write

CLEAN = healthy(60)


def test_a_clean_export_shows_nothing_that_is_wrong(tmp_path: Path) -> None:
    log = read(salesforce(tmp_path, CLEAN, records=records_of(CLEAN)))
    assert [problem.kind for problem in log.ingest.problems if not problem.harmless] == []
    assert met(log) == {}
    assert log.ingest.set_aside == log.ingest.deals_set_aside == {}
    assert log.ingest.deals_read == log.ingest.deals_used == 60


def test_every_quirk_of_the_list_has_a_page_with_its_treatments() -> None:
    assert {quirk.number for quirk in quirks().values()} >= {f"Q{number}" for number in range(1, 32)}
    for kind, quirk in quirks().items():
        assert quirk.treatments, kind
        page = explain_quirk(kind)
        assert all(f"--treat {kind}={name}" in page for name in quirk.treatments)


def test_a_quirk_or_a_treatment_that_does_not_exist_is_refused_with_the_nearest(tmp_path: Path) -> None:
    folder = salesforce(tmp_path, CLEAN)
    with pytest.raises(InputError, match="Did you mean 'bulk-updates'"):
        read_log(folder, Options(treat={"bulk-update": "keep"}))
    with pytest.raises(InputError, match="Did you mean 'keep'"):
        read_log(folder, Options(treat={"bulk-updates": "kep"}))


def test_examples_name_the_deal_and_the_row(tmp_path: Path) -> None:
    rows = [*CLEAN, ("d001", "Qualify", 0.7)]
    problem = met(read(salesforce(tmp_path, rows)))["no-stage-change"]
    assert (problem.rows, problem.deals) == (1, 1)
    assert problem.examples == (f"d001 (history.csv:{len(rows) + 1})",)


def test_a_file_exported_twice_is_counted_row_by_row(tmp_path: Path) -> None:
    log = read(salesforce(tmp_path, [*CLEAN, *CLEAN]))
    assert log.ingest.set_aside == {"repeated-row": len(CLEAN)}
    assert "no-stage-change" not in met(log)
    assert log.ingest.rows_used == len(CLEAN)
    kept = read(tmp_path, repeated_row="keep")
    assert kept.ingest.set_aside == {}
    assert met(kept)["repeated-row"].rows == len(CLEAN)
    assert paths(kept) == paths(log)


def bulk(number: int, minutes: float) -> list[tuple[str, str, float]]:
    return [(f"b{at:03}", "Propose", 40 + at * minutes / 1440) for at in range(number)]


def written_by(rows: list[tuple[str, str, float]], actor: str = "cleaner") -> dict[str, list[str]]:
    return {"CreatedById": [actor if deal.startswith("b") and at >= 40 else f"rep {deal}" for deal, _, at in rows]}


@pytest.mark.parametrize(("number", "minutes", "seen"), [(12, 0.7, 12), (9, 0.7, 0), (12, 2.0, 0), (10, 0.9, 10)])
def test_a_clean_up_is_ten_changes_by_one_person_within_ten_minutes(
    tmp_path: Path, number: int, minutes: float, seen: int
) -> None:
    begun = [(f"b{at:03}", "Qualify", at * 1.3) for at in range(number)]
    ended = [(f"b{at:03}", "Closed Lost", 60 + at * 1.3) for at in range(number)]
    rows = [*CLEAN, *begun, *bulk(number, minutes), *ended]
    log = read(
        salesforce(
            tmp_path, rows, more={"CreatedById": written_by(rows[: -number or None])["CreatedById"] + ["z"] * number}
        )
    )
    assert (met(log)["bulk-updates"].rows if seen else 0) == seen
    assert ("bulk-updates" in met(log)) == bool(seen)
    kept = read(tmp_path, bulk_updates="keep")
    # Each such step ends one stay and begins another.
    assert timed(kept) - timed(log) == 2 * seen
    assert paths(kept) == paths(log)


def test_a_bulk_change_is_no_change_where_it_leaves_the_deals_where_they_were(tmp_path: Path) -> None:
    begun = [(f"b{at:03}", "Propose", at * 1.3) for at in range(12)]
    rows = [*CLEAN, *begun, *bulk(12, 0.5)]
    log = read(salesforce(tmp_path, rows, more=written_by(rows)))
    assert "bulk-updates" not in met(log)
    assert met(log)["no-stage-change"].rows == 12


def changelog(folder: Path, rows: list[tuple[str, str, str, float, str]]) -> Path:
    told = [(deal, left, to, day(at), writer) for deal, left, to, at, writer in rows]
    write(folder, "log.csv", ["deal_id", "from_stage", "to_stage", "changed_at", "source_type"], told)
    return folder


def moved(writer_of: dict[str, str] | None = None) -> list[tuple[str, str, str, float, str]]:
    before: dict[str, str] = {}
    rows: list[tuple[str, str, str, float, str]] = []
    for deal, stage, at in CLEAN:
        rows.append((deal, before.get(deal, ""), stage, at, (writer_of or {}).get(deal, "CRM_UI")))
        before[deal] = stage
    return rows


def test_writers_tell_imports_machines_and_bulk_edits(tmp_path: Path) -> None:
    writers = {"d001": "IMPORT", "d002": "WORKFLOWS", "d003": "CRM_UI_BULK_ACTION"}
    log = read(changelog(tmp_path, moved(writers)))
    assert log.ingest.profile == "stage-changes"
    seen = {kind: (one.rows, one.deals) for kind, one in met(log).items() if kind not in {"outcome-by-name", "people"}}
    assert seen == {"imported": (4, 1), "machine-made": (4, 1), "bulk-updates": (4, 1)}
    everything = timed(read(tmp_path, imported="keep", bulk_updates="keep"))
    assert everything == 3 * 60
    assert timed(log) == everything - 2 * 3
    assert timed(read(tmp_path, machine_made="leave-out-of-times")) == everything - 3 * 3


def test_a_chain_of_quick_moves_by_a_machine_is_filled_in(tmp_path: Path) -> None:
    chained = [("m", "", "Qualify", 1.0, "CRM_UI")]
    stops = ("Propose", "Negotiate", "Closed Won")
    for at, (left, to) in enumerate(zip(("Qualify", *stops), stops, strict=False)):
        chained.append(("m", left, to, 5 + at / 86400, "AUTOMATION_PLATFORM"))
    log = read(changelog(tmp_path, [*moved(), *chained]))
    assert (met(log)["machine-filled"].rows, met(log)["machine-filled"].deals) == (3, 1)
    kept = read(tmp_path, machine_filled="keep")
    assert timed(kept) - timed(log) == 1
    assert timed(read(tmp_path, machine_filled="keep", clicked_through="keep")) - timed(kept) == 2


@pytest.mark.parametrize("turned", [False, True])
def test_moves_of_one_moment_are_chained_by_the_stage_left(tmp_path: Path, turned: bool) -> None:
    # Against the order of the stages: the deal went back, and the export names the stage that was left.
    tied = [("t", "Negotiate", "Propose", 20.0, ""), ("t", "Propose", "Qualify", 20.0, "")]
    before = [("t", "", "Negotiate", 10.0, "")]
    log = read(changelog(tmp_path, [*moved(), *before, *(reversed(tied) if turned else tied)]))
    assert paths(log)["t"] == ["Negotiate", "Propose", "Qualify"]
    problem = met(log)["tied-timestamps"]
    assert (problem.rows, problem.deals) == (1, 1)
    assert "1 of 1 moments were settled by the stage that was left" in problem.treatment
    by_order = read(tmp_path, tied_timestamps="stage-order")
    assert paths(by_order)["t"] == ["Negotiate", "Qualify", "Propose"]
    by_file = read(tmp_path, tied_timestamps="file-order")
    assert paths(by_file)["t"] == ["Negotiate", *(("Qualify", "Propose") if turned else ("Propose", "Qualify"))]


def test_moves_that_fit_no_chain_are_left_to_the_order_of_the_stages() -> None:
    assert chain(((0, 1), (1, 0), (0, 2))) == (1, 0, 2)
    assert chain(((3, 4), (1, 2))) is None
    assert chain(((0, 1), (1, 0))) == (1, 0)


def test_days_without_hours_are_said_and_can_be_left_out_of_times(tmp_path: Path) -> None:
    rows = [(deal, stage, day(at)[:10]) for deal, stage, at in CLEAN]
    write(tmp_path, "log.csv", ["deal_id", "stage", "entered_at"], rows)
    log = read(tmp_path)
    assert met(log)["day-precision"].rows == len(rows)
    assert timed(log) == 3 * 60
    assert timed(read(tmp_path, day_precision="leave-out-of-times")) == 0


def test_stages_passed_over_and_moves_back_are_counted(tmp_path: Path) -> None:
    more = [("s", "Qualify", 1.0), ("s", "Negotiate", 2.0), ("s", "Propose", 3.0), ("s", "Negotiate", 4.0)]
    log = read(salesforce(tmp_path, [*CLEAN, *more]))
    assert (met(log)["skipped-stages"].rows, met(log)["returns"].rows) == (1, 1)


def test_a_reopened_deal_has_its_last_outcome_or_if_asked_its_first(tmp_path: Path) -> None:
    back = [("r", "Qualify", 1.0), ("r", "Closed Lost", 2.0), ("r", "Propose", 3.0)]
    again = [("s", "Qualify", 1.0), ("s", "Closed Lost", 2.0), ("s", "Propose", 3.0), ("s", "Closed Won", 4.0)]
    log = read(salesforce(tmp_path, [*CLEAN, *back, *again]))
    assert met(log)["reopened"].rows == 2
    assert (outcomes(log)["r"], outcomes(log)["s"]) == ("open", "won")
    first = read(tmp_path, reopened="first-outcome")
    assert (outcomes(first)["r"], outcomes(first)["s"]) == ("lost", "lost")


def test_deals_created_as_closed_are_counted_and_can_be_set_aside(tmp_path: Path) -> None:
    rows = [*CLEAN, ("c", "Closed Won", 3.0), ("e", "Closed Lost", 3.5)]
    log = read(salesforce(tmp_path, rows, records=records_of(rows)))
    assert met(log)["created-closed"].rows == 2
    assert len(outcomes(log)) == 62
    gone = read(tmp_path, created_closed="set-aside")
    assert len(outcomes(gone)) == 60
    assert gone.ingest.set_aside == {"created-closed": 4}
    assert gone.ingest.deals_set_aside == {"created-closed": 2}
    assert gone.ingest.deals_read == 62


def test_deals_closed_within_a_day_are_said_and_can_be_left_out_of_times(tmp_path: Path) -> None:
    rows = [*CLEAN, ("q", "Qualify", 3.0), ("q", "Propose", 3.2), ("q", "Closed Won", 3.5)]
    log = read(salesforce(tmp_path, rows))
    assert met(log)["closed-within-a-day"].rows == 1
    without = read(tmp_path, closed_within_a_day="leave-out-of-times")
    assert timed(log) - timed(without) == 2
    won = {lead.outcome: lead.deals for lead in discover(without).lead_times}
    assert won == {"won": 30, "lost": 30}
