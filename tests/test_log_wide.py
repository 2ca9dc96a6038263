"""Lists of deals with a date for each stage: which columns they are, whatever an organisation called them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from processminer.log.read import read_log
from processminer.log.sources.profile import profiles
from processminer.log.sources.stage_dates import stage_dates, stage_label
from processminer.log.tables.table import Table

(PATTERN,) = (profile.stage_column for profile in profiles() if profile.name == "wide-stage-dates")


def sifted(*headers: str, kind: str = "VARCHAR") -> tuple[str, ...]:
    assert PATTERN is not None
    return stage_dates(Table("t", Path("t.csv"), "t.csv", dict.fromkeys(headers, kind), 1, "rowid"), PATTERN)


@pytest.mark.parametrize(
    ("one", "other", "stage"),
    [
        ("x3_technical_evaluation_date__c", "x4_pilot_date__c", "technical_evaluation"),
        ("Date entered Kick-off", "Date entered Pilot", "Kick-off"),
        ("date_entered_kick_off", "date_entered_pilot", "kick_off"),
        ("Entered: Kick-off", "Entered: Pilot", "Kick-off"),
        ("Stage entered - Kick-off", "Stage entered - Pilot", "Kick-off"),
        ("Kick-off (entered)", "Pilot (entered)", "Kick-off"),
        ("Demo (entered)", "Proposal (entered)", "Demo"),
        ("Demo Date", "Proposal Date", "Demo"),
        ("Proposal entered at", "Demo entered at", "Proposal"),
        ("Stage 3 - Kick-off Date", "Stage 4 - Pilot Date", "Kick-off"),
        ("Moved to Kick-off", "Moved to Pilot", "Kick-off"),
        ("Data ingresso Proposta", "Data ingresso Collaudo", "Proposta"),
        ("Data di ingresso in Proposta", "Data di ingresso in Collaudo", "Proposta"),
        ("Date d'entrée Proposition", "Date d'entrée Essai", "Proposition"),
        ("Eintrittsdatum Angebot", "Eintrittsdatum Pilot", "Angebot"),
        ("Fecha de entrada en Propuesta", "Fecha de entrada en Piloto", "Propuesta"),
        ("Data de entrada em Proposta", "Data de entrada em Piloto", "Proposta"),
        ("Demo日期", "商务谈判日期", "Demo"),
        ("Closed Won Date", "Demo Date", "Closed Won"),
    ],
)
def test_two_headers_made_alike_hold_the_dates_of_stages(one: str, other: str, stage: str) -> None:
    found = sifted("Deal ID", one, other, "Created Date", "Close Date")
    assert found == (one, other)
    assert PATTERN is not None
    match = PATTERN.match(one)
    assert match is not None
    assert match["stage"] == stage


@pytest.mark.parametrize(
    "headers",
    [
        ("Created Date", "Close Date", "Last Modified Date"),
        ("created_at", "updated_at", "closed_at"),
        ("Renewal Date", "Contract Start Date", "Birth Date"),
        ("Next Activity Date", "Last Activity Date", "Expected Close Date"),
        ("Date entered current stage", "Time in current stage"),
        ("Demo Date", "Amount"),
        ("Berlin Date", "Paris Date", "Demo Date"),
        ("1. Name", "2. Owner"),
        ("Data creazione", "Data chiusura", "Ultima modifica"),
    ],
)
def test_other_dates_are_no_stages(headers: tuple[str, ...]) -> None:
    assert sifted(*headers) == ()


def test_a_column_of_numbers_or_flags_holds_no_dates() -> None:
    assert sifted("Demo Date", "Proposal Date", kind="BOOLEAN") == ()
    assert sifted("Demo Date", "Proposal Date", kind="DATE") == ("Demo Date", "Proposal Date")


def test_a_stage_is_called_as_the_deals_own_stage_column_calls_it() -> None:
    assert stage_label("technical_evaluation", ["Closed Won", "3-Technical Evaluation"]) == "3-Technical Evaluation"
    assert stage_label("legal_review", ["Closed Won"]) == "Legal review"
    assert stage_label("Legal Review", []) == "Legal Review"


def test_a_deal_closes_on_its_close_date_where_its_last_stage_has_no_date_but_never_before_a_stage(
    tmp_path: Path,
) -> None:
    (tmp_path / "deals.csv").write_text(
        "Deal ID,Stage,Close Date,Demo Date,Proposal Date\n"
        "a,Closed Won,2026-03-01,2026-01-05,2026-02-01\n"
        "b,Closed Lost,2026-01-15,2026-01-05,2026-02-01\n"
        "c,Proposal,2026-12-31,,2026-02-03\n"
        "d,Closed Lost,TBD,2026-01-07,\n"
    )
    log = read_log(tmp_path)
    rows = log.relations.rows(
        "SELECT deal_id, events.name, occurred_at FROM events JOIN deals USING (deal) WHERE kind = 'stage' "
        "ORDER BY 1, 3, 2"
    )
    assert [(deal, stage, f"{at:%m-%d}") for deal, stage, at in rows] == [
        ("a", "Demo", "01-05"),
        ("a", "Proposal", "02-01"),
        ("a", "Closed Won", "03-01"),
        ("b", "Demo", "01-05"),
        ("b", "Closed Lost", "02-01"),
        ("b", "Proposal", "02-01"),
        ("c", "Proposal", "02-03"),
        ("d", "Demo", "01-07"),
    ]
    assert log.as_of == datetime(2026, 3, 1)
    problems = {problem.kind: problem for problem in log.ingest.problems}
    assert problems["closed-by-close-date"].rows == 3
    assert problems["unreadable-time"].rows == 1
    assert {answer.question: answer.verdict for answer in log.ingest.answers}["loops"] == "no"
