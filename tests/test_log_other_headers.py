"""Exports in other languages and from other tools: their headers are known, so that no date in them is passed over."""

from __future__ import annotations

from pathlib import Path

import pytest

from processminer.log.options import Options
from processminer.log.read import read_log

OPENINGS = {
    "de": (
        "Datensatz-ID;Deal-Name;Deal-Phase;Erstellungsdatum;Abschlussdatum",
        'Datum des Eintritts in "{} (Vertrieb)"',
    ),
    "de, short": ("Datensatz-ID;Deal-Name;Deal-Phase;Erstelldatum;Abschlussdatum", "Eintrittsdatum „{} (Vertrieb)“"),
    "fr": (
        "ID d'enregistrement;Nom de la transaction;Phase de la transaction;Date de création;Date de fermeture",
        "Date d'entrée dans « {} (Vente) »",
    ),
    "it": ("ID record;Nome trattativa;Fase trattativa;Data di creazione;Data di chiusura", 'Data di ingresso in "{}"'),
    "es": (
        "ID de registro;Nombre del negocio;Etapa del negocio;Fecha de creación;Fecha de cierre",
        'Fecha de entrada en "{} (Ventas)"',
    ),
}


def paths(file: Path) -> dict[str, list[str]]:
    log = read_log(file)
    told = log.relations.rows(
        "SELECT deal_id, list(events.name ORDER BY occurred_at) FROM events JOIN deals USING (deal) GROUP BY deal_id"
    )
    return {str(deal): list(stages) for deal, stages in told}


@pytest.mark.parametrize("language", OPENINGS)
def test_hubspots_dates_of_stages_count_in_other_languages_too(tmp_path: Path, language: str) -> None:
    plain, dated = OPENINGS[language]
    headers = [*plain.split(";"), *(dated.format(stage) for stage in ("Démo", "Closed Won", "Closed Lost"))]
    quoted = ";".join('"' + header.replace('"', '""') + '"' for header in headers)
    file = tmp_path / "deals.csv"
    file.write_text(
        f"{quoted}\n"
        "7;Uno;Closed Won;13/01/2026 09:00;20/01/2026 10:00;13/01/2026 09:00;20/01/2026 10:00;\n"
        "8;Due;Closed Lost;14/01/2026 09:00;21/01/2026 10:00;14/01/2026 09:00;;21/01/2026 10:00\n"
    )
    assert paths(file) == {"7": ["Démo", "Closed Won"], "8": ["Démo", "Closed Lost"]}


@pytest.mark.parametrize(
    "headers",
    ["Issue key,From,To,When", "Card,From stage,To stage,Moved on", "Deal ID,Old stage,New stage,Entered on"],
)
def test_moves_of_a_board_are_changes_of_stage(tmp_path: Path, headers: str) -> None:
    file = tmp_path / "moves.csv"
    file.write_text(
        f"{headers}\nS-1,,Demo,2026-01-13 09:00\nS-1,Demo,Won,2026-01-20 10:00\nS-2,,Demo,2026-01-14 09:00\n"
    )
    assert paths(file) == {"S-1": ["Demo", "Won"], "S-2": ["Demo"]}
    assert read_log(file).ingest.rows_used == 3


@pytest.mark.parametrize("headers", ["Deal ID,Stage,Entered on", "Deal-ID,Phase,Eintritt", "Card,Stage,When"])
def test_a_stage_log_is_known_by_more_words_for_its_time(tmp_path: Path, headers: str) -> None:
    file = tmp_path / "log.csv"
    file.write_text(f"{headers}\nx,Demo,2026-01-13 09:00\nx,Closed Won,2026-01-20 10:00\n")
    assert paths(file) == {"x": ["Demo", "Closed Won"]}


def test_a_column_named_for_the_deal_does_not_make_an_event_log_of_a_table(tmp_path: Path) -> None:
    file = tmp_path / "tracker.csv"
    file.write_text(
        "Company,Value,Call date,Offer date,Won date,Lost date\n"
        "Uno,100,2026-01-13,2026-01-15,2026-01-20,\nDue,200,2026-01-14,,,2026-01-21\n"
    )
    log = read_log(file, Options(columns={"deal": "Company"}))
    assert log.ingest.profile == "wide-stage-dates"
    assert (log.ingest.deals_read, log.ingest.rows_used) == (2, 2)
