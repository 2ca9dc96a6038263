"""The public logs kept beside the project give the figures that are known of them; skipped where they are absent."""

from __future__ import annotations

import pytest

from processminer.discovery.discover import discover
from processminer.log.names import Names
from processminer.log.options import Options
from processminer.log.read import read_log
from tests.needs import public_log

pytestmark = pytest.mark.public_log

BPIC = "bpic2012/BPIC12.xes.gz"
LOANS = Names(won=("A_APPROVED",), lost=("A_DECLINED", "A_CANCELLED"), insist=True)


def test_bpic_2012_by_completions_has_the_known_outcomes() -> None:
    totals = discover(read_log(public_log(BPIC), Options(names=LOANS))).totals
    assert (totals.deals, totals.won, totals.lost, totals.open) == (13_087, 2_246, 10_442, 399)


@pytest.mark.slow
def test_bpic_2012_with_every_event_has_the_moves_and_variants_that_pm4py_counts() -> None:
    from processminer.engines.petri import directly_follows, variants

    log = read_log(public_log(BPIC), Options(names=LOANS, lifecycle="all"))
    found = discover(log)
    assert len(found.variants) == 4_366
    frame = log.relations.frame(
        "SELECT case_id, activity, timestamp FROM xes_rows WHERE activity IS NOT NULL ORDER BY rowid"
    )
    assert {(move.source, move.target): move.count for move in found.moves} == directly_follows(frame)
    assert {variant.path: variant.deals for variant in found.variants} == variants(frame)


def test_road_traffic_has_the_known_size() -> None:
    log = read_log(
        public_log("road_traffic/Road_Traffic_Fine_Management_Process.xes.gz"),
        Options(names=Names(won=("Payment",), lost=("Send for Credit Collection",), insist=True)),
    )
    found = discover(log)
    assert found.totals.deals == 150_370
    assert len(found.variants) == 231
    assert sum(stage.visits for stage in found.stages) == 561_470


def test_a_deal_list_with_two_dates_says_that_it_has_no_path() -> None:
    log = read_log(public_log("maven_crm"))
    totals = discover(log).totals
    assert (totals.deals, totals.won, totals.lost, totals.open) == (8_800, 4_238, 2_473, 2_089)
    assert totals.excluded == {"no dated event": 500}
    verdicts = {answer.question: answer.verdict for answer in log.ingest.answers}
    assert verdicts["path"] == verdicts["loops"] == verdicts["tasks"] == "no"
    (won_value,) = log.relations.row("SELECT sum(amount) FROM deals WHERE outcome = 'won'")
    assert won_value == 10_005_534


def test_a_salesforce_export_of_a_demo_org_says_that_it_has_no_history() -> None:
    log = read_log(public_log("salesforce_export"))
    assert log.ingest.profile == "salesforce-opportunity-history"
    assert {file.role: file.rows for file in log.ingest.files} == {"history": 62, "deals": 31, "not used": 93}
    assert discover(log).totals.deals == 31
    assert {answer.question: answer.verdict for answer in log.ingest.answers}["path"] == "no"
