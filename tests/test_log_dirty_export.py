"""An export with every defect at once: each is counted, and no deal is lost by it."""

from __future__ import annotations

from processminer.log.read import read_log
from tests.needs import public_log
from tests.test_log_other_crms import paths, problems

DIRTY = {
    "repeated-or-deleted-record": (1, "deals.csv holds D1008 twice, with another title, amount and source"),
    "repeated-row": (1, "stage_history.csv holds EVT004 twice"),
    "no-record": (1, "EVT005 tells of D1012, which deals.csv does not hold"),
    "task-of-unknown-deal": (1, "A903 belongs to D9999"),
    "task-not-done": (1, "A902 is not completed"),
    "no-dated-event": (9, "deals.csv tells of nine deals of which no row of the history does"),
    "negative-amount": (1, "D1007 is worth -12000"),
    "no-currency": (1, "D1010 has an amount and no currency"),
    "mixed-dates": (1, "D1010 was created on 14.06.2026, and all others on days like 2026-06-01"),
    "unknown-stage": (1, "D1011 stands in WAIT_CLIENT, which the dictionary does not hold"),
    "no-owner": (1, "D1011 has no manager"),
    "closed-without-close-date": (1, "D1009 is won and says not when"),
    "value-spellings": (
        3,
        "Avito and AVITO beside avito, Website beside website; Авито has other letters",
    ),
    "skipped-stages": (1, "D1001 went from QUALIFICATION to PRODUCTION"),
    "left-truncated": (1, "the history of D1003 begins five days after its creation"),
    "no-amount": (1, "nobody says what D1012 is worth"),
    "too-few": (3, "D1003, D1004 and D1009 alone are closed"),
    "first-stage-untimed": (2, "the first rows of D1003 and D1012 leave a stage whose beginning nobody tells"),
}
"""The defects of the files, by the kind they are counted as."""


def test_the_dirty_export_is_read_without_a_word_of_help_and_each_defect_is_counted() -> None:
    log = read_log(public_log("dirty_crm"))
    counted = problems(log)
    assert {kind: counted.get(kind) for kind in DIRTY} == {kind: rows for kind, (rows, _) in DIRTY.items()}
    report = log.ingest
    assert log.as_of.isoformat() == "2026-06-15T06:30:00", "D1011 was created a week after the last row of the history"
    assert report.rows_read == 31 == report.rows_used + sum(report.set_aside.values())
    assert not [file for file in report.files if file.role == "not used"]


def test_the_dirty_export_keeps_every_deal_with_what_is_true_of_it() -> None:
    log = read_log(public_log("dirty_crm"))
    deals = {
        deal: (outcome, amount, currency)
        for deal, outcome, amount, currency in log.relations.rows(
            "SELECT deal_id, outcome, amount, currency FROM deals ORDER BY deal_id"
        )
    }
    assert len(deals) == 12, "eleven deals and an orphan"
    assert deals["D1009"][0] == "won", "won by its stage, without a closing date"
    assert deals["D1010"] == ("open", 174_000, None), "created on 14.06.2026, and without a currency"
    assert deals["D1007"][1] == -12_000, "a negative amount is kept, and counted"
    assert problems(log)["negative-amount"] == 1
    assert deals["D1003"] == ("won", 236_000, "RUB")
    assert deals["D1004"] == ("lost", 57_000, "RUB"), "closed by its record, though its history is not there"
    assert deals["D1008"] == ("open", 69_000, "RUB"), "the last of two rows"
    assert deals["D1012"] == ("open", None, None)
    stages = [stage.name for stage in log.stages]
    assert stages[:4] == ["Новая заявка", "Квалификация", "Расчет", "КП отправлено"], "the dictionary's order"
    assert stages[-2:] == ["Успешно", "Проиграно"], "won and lost by the dictionary's flags"
    assert any("WAIT_CLIENT" in stage for stage in stages), "a stage that the dictionary lacks is kept"
    assert paths(log)["D1001"][:2] == ["Новая заявка 01.06 04:14", "Квалификация 02.06 06:30"]
