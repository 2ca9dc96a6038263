"""Pipedrive, Zoho, Dynamics, Odoo, Bitrix24 and stage logs of any make: what each says beyond the six deals."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from processminer.log.read import read_log

if TYPE_CHECKING:
    from processminer.log.eventlog import EventLog

EXPORTS = Path(__file__).parent / "exports"


OURS = sorted(
    folder.name
    for folder in EXPORTS.iterdir()
    if folder.name.startswith(("pipedrive", "zoho", "dynamics", "odoo", "bitrix", "stage-"))
)


START = datetime(2026, 1, 5, 9, 0)


STAGES = "id,order_nr,name,is_deleted,deal_probability,pipeline_id\n" + "".join(
    f"{number},{number},{name},false,{number * 20},1\n" for number, name in enumerate("ABC", 1)
)


FLOW = "id,item_id,user_id,field_key,old_value,new_value,is_bulk_update_flag,log_time,change_source\n"


DEALS = "id,title,user_id,pipeline_id,stage_id,value,currency,add_time,stage_change_time,status,won_time,lost_time\n"


def read(folder: Path, files: dict[str, str]) -> EventLog:
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return read_log(folder)


def paths(log: EventLog) -> dict[str, list[str]]:
    """Return each deal's path as "stage day.month hour:minute"."""
    rows = log.relations.rows(
        "SELECT deal_id, stage, make_timestamp(step >> 10) FROM (SELECT deal, unnest(steps) AS step, "
        "unnest(range(len(steps))) AS place FROM paths) JOIN stage_names ON code = step & 1023 JOIN deals USING (deal) "
        "ORDER BY deal_id, place"
    )
    told: dict[str, list[str]] = {}
    for deal, stage, moment in rows:
        told.setdefault(deal, []).append(f"{stage} {moment:%d.%m %H:%M}")
    return told


def outcome(log: EventLog) -> dict[str, str]:
    return dict(log.relations.rows("SELECT deal_id, outcome FROM deals ORDER BY deal_id"))


def problems(log: EventLog) -> dict[str, int]:
    return {problem.kind: problem.rows for problem in log.ingest.problems}


def flow(*rows: tuple[str, str, str, str, str]) -> str:
    """Return a deal flow of rows of deal, field, old and new value, and time."""
    lines = [f"{n},{deal},9,{field},{old},{new},0,{at},app" for n, (deal, field, old, new, at) in enumerate(rows)]
    return FLOW + "\n".join(lines) + "\n"


@pytest.mark.parametrize("folder", OURS)
def test_rows_read_are_rows_used_and_rows_set_aside(folder: str) -> None:
    report = read_log(EXPORTS / folder / "export").ingest
    assert report.rows_read == report.rows_used + sum(report.set_aside.values())
    assert report.rows_read == sum(file.rows for file in report.files)
    assert not [file for file in report.files if file.role == "not used"]


def test_a_deal_set_back_to_open_returns_to_the_stage_it_stood_in(tmp_path: Path) -> None:
    log = read(
        tmp_path,
        {
            "flow.csv": flow(
                ("1", "stage_id", "1", "2", "2026-01-06 10:00:00"),
                ("1", "status", "open", "lost", "2026-01-08 10:00:00"),
                ("1", "status", "lost", "open", "2026-01-12 10:00:00"),
                ("1", "status", "open", "won", "2026-01-15 10:00:00"),
                ("2", "status", "open", "lost", "2026-01-09 10:00:00"),
            ),
            "deals.csv": DEALS
            + "1,One,9,1,2,10,EUR,2026-01-05 09:00:00,2026-01-06 10:00:00,won,2026-01-15 10:00:00,\n"
            + "2,Two,9,1,1,10,EUR,2026-01-05 09:30:00,,lost,,2026-01-09 10:00:00\n",
            "stages.csv": STAGES,
        },
    )
    assert paths(log) == {
        "1": ["A 05.01 09:00", "B 06.01 10:00", "Lost 08.01 10:00", "B 12.01 10:00", "Won 15.01 10:00"],
        "2": ["A 05.01 09:30", "Lost 09.01 10:00"],
    }
    assert outcome(log) == {"1": "won", "2": "lost"}
    assert problems(log)["reopened-status"] == 1


def test_a_won_deal_without_any_time_of_it_ends_at_the_last_thing_known(tmp_path: Path) -> None:
    log = read(
        tmp_path,
        {
            "flow.csv": flow(
                ("1", "stage_id", "1", "2", "2026-01-06 10:00:00"), ("2", "stage_id", "1", "3", "2026-01-07 10:00:00")
            ),
            "deals.csv": DEALS
            + "1,One,9,1,2,10,EUR,2026-01-05 09:00:00,,won,,\n"
            + "2,Two,9,1,3,10,EUR,2026-01-05 09:00:00,,lost,,2026-01-20 08:00:00\n",
            "stages.csv": STAGES,
        },
    )
    assert paths(log)["1"][-1] == "Won 06.01 10:00"
    assert outcome(log) == {"1": "won", "2": "lost"}
    assert (problems(log)["end-undated"], problems(log)["end-from-status"]) == (1, 1)


def test_a_deal_that_never_moved_has_its_present_stage_from_its_creation_on(tmp_path: Path) -> None:
    log = read(
        tmp_path,
        {
            "flow.csv": flow(
                ("1", "stage_id", "1", "2", "2026-01-06 10:00:00"),
                ("1", "status", "open", "won", "2026-01-07 10:00:00"),
            ),
            "deals.csv": DEALS
            + "1,One,9,1,2,10,EUR,2026-01-05 09:00:00,,won,2026-01-07 10:00:00,\n"
            + "2,Two,9,1,3,10,EUR,2026-01-05 12:00:00,,open,,\n",
            "stages.csv": STAGES,
        },
    )
    assert paths(log)["2"] == ["C 05.01 12:00"]


def test_a_status_in_another_language_or_in_capitals_ends_a_deal_all_the_same(tmp_path: Path) -> None:
    rows = [("1", "Gewonnen"), ("2", "VERLOREN"), ("3", "offen")]
    text = "Deal - ID;Deal - Titel;Deal - Phase;Deal - Status;Deal - Deal erstellt;Deal - Letzte Phasenänderung;"
    text += "Deal - Datum des gewonnenen Deals;Deal - Datum des verlorenen Deals\n"
    for deal, status in rows:
        ended = "2026-02-03 10:00:00"
        text += f"{deal};Deal {deal};Angebot;{status};2026-01-05 09:00:00;2026-01-19 09:00:00;"
        text += f"{ended if deal == '1' else ''};{ended if deal == '2' else ''}\n"
    log = read(tmp_path, {"deals.csv": text})
    assert log.ingest.profile == "pipedrive-deals-export"
    assert paths(log) == {
        "1": ["Open 05.01 09:00", "Angebot 19.01 09:00", "Gewonnen 03.02 10:00"],
        "2": ["Open 05.01 09:00", "Angebot 19.01 09:00", "VERLOREN 03.02 10:00"],
        "3": ["Open 05.01 09:00", "Angebot 19.01 09:00"],
    }
    assert {answer.question: answer.verdict for answer in log.ingest.answers}["path"] == "no"


def test_a_list_of_deals_in_portuguese_is_read_by_its_dates_where_its_status_is_a_word_of_the_house(
    tmp_path: Path,
) -> None:
    head = "Negócio - ID,Negócio - Título,Negócio - Etapa,Negócio - Status,Negócio - Negócio criado em,"
    head += "Negócio - Última alteração de etapa,Negócio - Ganho em,Negócio - Data de perda\n"
    text = head + (
        "1,Um,Proposta,Fechou!,2026-01-05 09:00:00,2026-01-10 09:00:00,2026-01-20 09:00:00,\n"
        "2,Dois,Proposta,Perdido,2026-01-05 09:00:00,,,2026-01-21 09:00:00\n"
        "3,Três,Proposta,Aguardando,2026-01-05 09:00:00,,,\n"
    )
    log = read(tmp_path, {"negocios.csv": text})
    assert outcome(log) == {"1": "won", "2": "lost", "3": "open"}
    assert problems(log)["unknown-status"] == 1
    assert paths(log)["1"][-1] == "Won 20.01 09:00"


@given(data=st.data())
@settings(max_examples=8, deadline=None, phases=(Phase.explicit, Phase.generate))
def test_a_deal_flow_tells_every_move_and_every_end(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The path is counted once more from what was drawn: the stages in turn, then the status."""
    moves: list[tuple[str, str, str, str, str]] = []
    records: list[str] = []
    expected: dict[str, list[str]] = {}
    for deal in range(1, data.draw(st.integers(2, 6)) + 1):
        created = START + timedelta(hours=deal)
        stages = data.draw(st.lists(st.sampled_from("ABC"), min_size=1, max_size=6))
        stages = [stage for at, stage in enumerate(stages) if at == 0 or stage != stages[at - 1]]
        ended = "won" if deal == 1 else "lost" if deal == 2 else data.draw(st.sampled_from(["won", "lost", "open"]))
        moment, told = created, [f"{stages[0]} {created:%d.%m %H:%M}"]
        for before, after in pairwise(stages):
            moment += timedelta(minutes=data.draw(st.integers(2, 5_000)))
            moves.append(
                (str(deal), "stage_id", str("ABC".index(before) + 1), str("ABC".index(after) + 1), f"{moment}")
            )
            told.append(f"{after} {moment:%d.%m %H:%M}")
        at_end = moment + timedelta(minutes=data.draw(st.integers(2, 5_000)))
        if ended != "open":
            told.append(f"{ended.capitalize()} {at_end:%d.%m %H:%M}")
            if data.draw(st.booleans()):
                moves.append((str(deal), "status", "open", ended, f"{at_end}"))
        won, lost = (f"{at_end}" if ended == one else "" for one in ("won", "lost"))
        records.append(f"{deal},D,9,1,{'ABC'.index(stages[-1]) + 1},1,EUR,{created},{moment},{ended},{won},{lost}\n")
        expected[str(deal)] = told
    moves.append(("1", "value", "0", "1", f"{START + timedelta(hours=1)}"))
    shuffled = data.draw(st.permutations(moves))
    folder = tmp_path_factory.mktemp("flow")
    log = read(folder, {"flow.csv": flow(*shuffled), "deals.csv": DEALS + "".join(records), "stages.csv": STAGES})
    assert paths(log) == expected


@given(data=st.data())
@settings(max_examples=8, deadline=None, phases=(Phase.explicit, Phase.generate))
def test_seconds_in_stages_give_back_the_moves_of_deals_that_never_returned(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    looked = START + timedelta(days=200)
    stages = "ID,Stage Name,Sequence,Is Won Stage?\n7,A,1,False\n3,B,2,False\n5,C,3,False\n2,Sold,9,True\n"
    ids = {"A": 7, "B": 3, "C": 5, "Sold": 2}
    leads = "ID,Opportunity,Stage,Created on,Last Stage Update,Closed Date,Active,Status time\n"
    expected: dict[str, list[str]] = {}
    for deal in range(1, data.draw(st.integers(2, 5)) + 1):
        visited = [s for s in "ABC" if data.draw(st.booleans())] or ["A"]
        visited += ["Sold"] if deal == 1 else []
        moment = START + timedelta(hours=deal)
        told: list[str] = []
        entries: list[datetime] = []
        for stage in visited:
            told.append(f"{stage} {moment:%d.%m %H:%M}")
            entries.append(moment)
            moment += timedelta(minutes=data.draw(st.integers(2, 40_000)))
        lost = f"{moment}" if deal == 2 else ""
        told += [f"Lost {moment:%d.%m %H:%M}"] if lost else []
        lengths = {
            str(ids[stage]): int((after - entered).total_seconds())
            for stage, entered, after in zip(visited, entries, [*entries[1:], looked], strict=True)
        }
        written = json.dumps(lengths) if data.draw(st.booleans()) else str(lengths)
        quoted = '"' + written.replace('"', '""') + '"'
        leads += f"{deal},D,{visited[-1]},{entries[0]},{entries[-1]},{lost},{not lost},{quoted}\n"
        expected[str(deal)] = told
    log = read(tmp_path_factory.mktemp("odoo"), {"leads.csv": leads, "stages.csv": stages})
    assert log.ingest.profile == "odoo-duration-tracking"
    assert paths(log) == expected


def test_lengths_that_cannot_be_read_and_returns_that_cannot_be_seen_are_counted(tmp_path: Path) -> None:
    stages = "ID,Stage Name,Sequence,Is Won Stage?\n1,A,1,False\n2,B,2,False\n9,Sold,9,True\n"
    leads = (
        "ID,Opportunity,Stage,Created on,Last Stage Update,Closed Date,Active,Status time\n"
        '1,One,Sold,2026-01-05 09:00:00,2026-01-06 09:00:00,2026-01-06 09:00:00,True,"{""1"": 86400, ""9"": 5}"\n'
        "2,Two,B,2026-01-05 09:00:00,2026-01-08 09:00:00,2026-01-09 09:00:00,False,oops\n"
        '3,Three,A,2026-01-05 09:00:00,2026-01-09 09:00:00,,True,"{""1"": 200000, ""2"": 3600}"\n'
    )
    log = read(tmp_path, {"leads.csv": leads, "stages.csv": stages})
    assert (problems(log)["unreadable-durations"], problems(log)["return-unseen"]) == (1, 1)
    assert paths(log)["2"] == ["B 08.01 09:00", "Lost 09.01 09:00"]
    assert outcome(log) == {"1": "won", "2": "lost", "3": "open"}
    verdicts = {answer.question: answer.verdict for answer in log.ingest.answers}
    assert (verdicts["path"], verdicts["loops"], verdicts["durations"]) == ("partly", "no", "partly")


def test_an_audit_that_writes_codes_for_the_status_is_read_by_them(tmp_path: Path) -> None:
    head = "Changed Date,Changed By,Event,Record GUID,Changed Field,Old Value,New Value\n"
    rows = (
        "2026-01-06T10:00:00Z,Ann,Update,f-1,activestageid,s-1,s-2\n"
        "2026-01-09T10:00:00Z,Ann,Update,o-1,statecode,0,1\n"
        "2026-01-07T10:00:00Z,Ann,Update,f-2,activestageid,s-1,s-2\n"
        "2026-01-10T10:00:00Z,Ann,Update,o-2,statecode,0,2\n"
    )
    log = read(
        tmp_path,
        {
            "audit.csv": head + rows,
            "flows.csv": "businessprocessflowinstanceid,opportunityid,activestageid\nF-1,o-1,s-2\nf-2,o-2,s-2\n",
            "opportunities.csv": "opportunityid,name,statecode,createdon\n"
            "o-1,One,1,2026-01-05T09:00:00Z\no-2,Two,2,2026-01-05T09:00:00Z\n",
            "processstage.csv": "processstageid,stagename,stagecategory\ns-1,Qualify,0\ns-2,Develop,1\n",
        },
    )
    assert paths(log) == {
        "o-1": ["Qualify 05.01 09:00", "Develop 06.01 10:00", "Won 09.01 10:00"],
        "o-2": ["Qualify 05.01 09:00", "Develop 07.01 10:00", "Lost 10.01 10:00"],
    }


def test_bulk_updates_that_the_export_flags_are_counted(tmp_path: Path) -> None:
    rows = "".join(f"{n},{n},9,stage_id,1,2,{n % 2},2026-01-{n + 5:02} 10:00:00,app\n" for n in range(1, 9))
    ends = "".join(f"9{n},{n},9,status,open,{end},0,2026-01-20 10:00:00,app\n" for n, end in ((1, "won"), (2, "lost")))
    deals = "".join(f"{n},D,9,1,2,1,EUR,2026-01-05 09:00:00,,open,,\n" for n in range(1, 9))
    log = read(tmp_path, {"flow.csv": FLOW + rows + ends, "deals.csv": DEALS + deals, "stages.csv": STAGES})
    assert problems(log)["bulk-updates"] == 4


def test_labels_and_headers_full_of_quotes_break_nothing(tmp_path: Path) -> None:
    hostile = "Pro\"posal'; DROP TABLE deals; --"
    cell = '"' + hostile.replace('"', '""') + '"'
    log = read(
        tmp_path,
        {
            "flow.csv": flow(
                ("1", "stage_id", "1", "2", "2026-01-06 10:00:00"),
                ("1", "status", "open", "won", "2026-01-09 10:00:00"),
            ),
            "deals.csv": DEALS.replace("title", '"ti""tle\'"')
            + "1,x,9,1,2,1,EUR,2026-01-05 09:00:00,,won,2026-01-09 10:00:00,\n",
            "stages.csv": STAGES.replace("2,2,B", f"2,2,{cell}"),
        },
    )
    assert paths(log) == {"1": ["A 05.01 09:00", f"{hostile} 06.01 10:00", "Won 09.01 10:00"]}


LANGUAGES = {
    "English": ("Opportunity ID,Stage,Date Entered,Owner", "Closed Won", "Closed Lost"),
    "Italian": ("ID trattativa,Fase,Data ingresso,Responsabile", "Chiuso vinto", "Perso"),
    "French": ("ID affaire,Étape,Date d'entrée dans l'étape,Propriétaire", "Gagnée", "Fermé perdu"),
    "German": ("Geschäft,Verkaufsphase,Eintrittsdatum,Verantwortlich", "Gewonnen", "Verloren"),
    "Spanish": ("Negocio,Etapa del negocio,Fecha de entrada,Usuario", "Cerrado ganado", "Perdido"),
    "Portuguese": ("Negócio,Etapa,Data de entrada,Responsável", "Ganho", "Fechado perdido"),
    "Chinese": ("交易编号,销售阶段,阶段进入时间,负责人", "已成交", "丢单"),
    "Russian": ("ID сделки,Этап сделки,Дата перехода,Менеджер", "Успешно реализовано", "Закрыто и не реализовано"),
}


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_a_stage_log_is_read_in_any_of_eight_languages(language: str, tmp_path: Path) -> None:
    head, won, lost = LANGUAGES[language]
    rows = [("1", "X", "05"), ("1", "Y", "09"), ("1", won, "20"), ("2", "X", "06"), ("2", lost, "21"), ("3", "X", "07")]
    text = head + "\n" + "".join(f"{deal},{stage},2026-01-{day} 09:30,Ann\n" for deal, stage, day in rows)
    log = read(tmp_path, {"log.csv": text})
    assert log.ingest.profile == "stage-log"
    assert outcome(log) == {"1": "won", "2": "lost", "3": "open"}
    assert paths(log)["1"] == ["X 05.01 09:30", "Y 09.01 09:30", f"{won} 20.01 09:30"]


def test_a_history_beside_a_list_of_deals_is_read_rather_than_the_two_dates_of_the_list(tmp_path: Path) -> None:
    log = read(
        tmp_path,
        {
            "deals.csv": "deal_id,name,stage,created_at,closed_at\n1,One,Won,2026-01-05,2026-01-09\n"
            "2,Two,Lost,2026-01-05,2026-01-10\n",
            "history.csv": "deal_id,stage,changed_at\n1,Demo,2026-01-05 10:00\n1,Won,2026-01-09 10:00\n"
            "2,Demo,2026-01-05 11:00\n2,Lost,2026-01-10 10:00\n",
        },
    )
    assert log.ingest.profile == "stage-log"
    assert paths(log)["1"] == ["Demo 05.01 10:00", "Won 09.01 10:00"]
