"""A log that is converted says what the log said, to other programs and to ourselves."""

from __future__ import annotations

import csv
import gzip
import importlib
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from processminer.cli import main, shipped
from processminer.discovery.discover import discover
from processminer.errors import InputError, LogError
from processminer.log.eventlog import EventLog
from processminer.log.names import Names
from processminer.log.read import Options, read_log
from processminer.log.write.convert import convert, format_of
from processminer.log.write.xml_names import plain_name, xml_name
from processminer.report.json_report import audit_document
from processminer.study import declare, names_of, study
from tests.needs import public_log
from tests.worlds import log_of

FILES = ("csv", "parquet", "log.xes", "log.xes.gz", "log.json", "log.xmlocel", "log.sqlite")
"""A folder by its format, a file by its ending."""

PLAYBOOK = "b2b-saas"


def converted(log: EventLog, folder: Path, name: str) -> Path:
    out = folder / name
    convert(log, out, name if name in {"csv", "parquet"} else None)  # type: ignore[arg-type]
    return out


def audited(log: EventLog, playbook: str | None = None) -> Any:
    """Return what an audit says of a log, apart from where the log came from and what it is called."""
    declared = None if playbook is None else declare(shipped.playbook(playbook))
    document = audit_document(study(log, declared))
    document.pop("source")
    text = json.dumps(document)
    for word in log.words:
        text = text.replace(json.dumps(word)[1:-1], "LOG")
    return json.loads(text)


stages = st.sampled_from(
    ["Demo", "demo 2", "=1+1", "'quoted'", '<b>"&"</b>', "a,b;c", "Verkäufe\u202e", "@x", "_x0020_"]
)
ends = st.sampled_from(["Won", "Lost", "Won, late"])
hostile = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=6).map(
    str.strip
) | st.sampled_from(
    ["=cmd", "-5", "-x", "'", "''=a", "+1.5", "@a", "1e5", "\t=x", 'say "hi"', "two\nlines", "NULL", "null", "007"]
)
stops = st.tuples(
    st.lists(st.tuples(stages, st.integers(0, 40).map(lambda half: half / 2)), min_size=1, max_size=6),
    st.none() | st.tuples(ends, st.integers(30, 90).map(float)),
    st.none() | st.tuples(stages, st.integers(80, 120).map(float)),
).map(lambda told: [*told[0], *(one for one in told[1:] if one is not None)])
worlds = st.fixed_dictionaries(
    {
        "deals": st.dictionaries(st.sampled_from(["a", "=b", "'c", "d,1", "é", "f"]), stops, min_size=2),
        "attributes": st.dictionaries(
            st.sampled_from(["a", "=b", "é"]),
            st.dictionaries(st.sampled_from(["Amount", "owner", "=X", "deal_id", "Kind, of"]), hostile, max_size=3),
        ),
        "tasks": st.dictionaries(
            st.sampled_from(["a", "'c", "f"]),
            st.lists(st.tuples(st.sampled_from(["Call", "Demo", "=mail"]), st.integers(0, 50).map(float)), max_size=3),
        ),
        "changes": st.dictionaries(
            st.sampled_from(["a", "=b", "'c", "é"]),
            st.lists(
                st.tuples(
                    st.sampled_from(["Amount", "Owner", "Need__c", "need__C", 'Kind, "of"', "<b>", "é", "tab\tbed"]),
                    # Few moments, so that changes fall together; one on the day that OCEL takes for the beginning.
                    st.sampled_from([1.0, 1.5, 20.25, -20454.0]),
                    hostile,
                    hostile,
                    st.sampled_from(["", "u1", "'Ann' <a>"]),
                ),
                max_size=6,
            ),
        ),
    }
)

CHANGES = (
    "SELECT deal_id, occurred_at, field, old, new, actor FROM field_rows ORDER BY deal_id, occurred_at, position, field"
)


@settings(max_examples=14, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(world=worlds, name=st.sampled_from(FILES))
def test_a_converted_log_gives_the_same_audit(
    tmp_path_factory: pytest.TempPathFactory, world: dict[str, Any], name: str
) -> None:
    log = log_of(won=("Won", "Won, late"), **world)
    back = read_log(converted(log, tmp_path_factory.mktemp("out"), name))
    assert back.ingest.profile == "processminer-log"
    assert back.relations.rows(CHANGES) == log.relations.rows(CHANGES)
    assert audited(back) == audited(log)


@pytest.mark.slow
@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("sample", ["salesforce", "hubspot"])
def test_a_converted_sample_gives_the_same_audit(tmp_path: Path, sample: str, name: str) -> None:
    log = read_log(shipped.sample(sample))
    out = converted(log, tmp_path, name)
    assert audited(read_log(out)) == audited(log)
    names = Options(names=names_of(declare(shipped.playbook(PLAYBOOK)).playbook))
    assert audited(read_log(out, names), PLAYBOOK) == audited(read_log(shipped.sample(sample), names), PLAYBOOK)


def test_everything_about_a_deal_survives(tmp_path: Path) -> None:
    """Ties, a deal opened again, one without any dated event, a moment that is no true one, and what was set aside."""
    source = tmp_path / "export"
    source.mkdir()
    (source / "OpportunityHistory.csv").write_text(
        "OpportunityId,StageName,CreatedDate,CreatedById\n"
        "one,Demo,2026-01-05T10:00:00Z,u1\none,Offer,2026-01-05T10:00:00Z,u2\none,Closed Won,2026-01-09T09:00:00Z,u1\n"
        "one,Offer,2026-01-10T09:00:00Z,u1\ntwo,Demo,2026-01-06T09:00:00.123Z,\ntwo,Closed Lost,2026-01-07T09:00:00Z,\n"
        "two,Demo,nonsense,\nfour,Demo,2026-01-09T08:00:00Z,\n"
    )
    (source / "Opportunity.csv").write_text(
        "Id,Name,StageName,Amount,CurrencyIsoCode,OwnerId,CreatedDate,CloseDate,IsClosed,IsWon\n"
        "one,First,Offer,1000.25,EUR,u1,2026-01-05T08:00:00Z,2026-02-01,false,false\n"
        'two,"Second, ""2""",Closed Lost,-5,USD,u2,2026-01-06T09:00:00Z,2026-01-07,true,false\n'
        "three,Third,Closed Won,,,u2,2026-01-08T09:00:00Z,,true,true\n"
        "four,Fourth,Demo,,,u2,2025-11-08T09:00:00Z,,false,false\n"
    )
    (source / "OpportunityFieldHistory.csv").write_text(
        "OpportunityId,CreatedDate,Field,OldValue,NewValue,CreatedById\n"
        "one,2026-01-06T10:00:00Z,Amount,900,950.5,u1\none,2026-01-06T10:00:00Z,Need__c,,met,\n"
        "one,2026-01-07T10:00:00Z,Amount,960,,u2\none,2026-01-08T10:00:00Z,Amount,,1000.25,u2\n"
        "one,2026-01-08T10:00:00Z,need__C,a,b,u2\nthree,2026-01-08T11:00:00Z,Owner,u1,u2,u1\n"
        "two,1970-01-01T00:00:00Z,Need__c,,met,u1\ntwo,2026-01-06T11:00:00Z,Need__c,met,,u1\n"
    )
    log = read_log(source)
    everything = {
        "changes": CHANGES,
        "deals": "SELECT * FROM deal_histories ORDER BY deal",
        "stages": "SELECT * FROM stage_names ORDER BY code",
        "untimed": "SELECT * FROM untimed_steps ORDER BY ALL",
        "pathless": "SELECT * FROM pathless ORDER BY ALL",
        "attributes": "SELECT * FROM attributes ORDER BY ALL",
        "moves": "SELECT deal, occurred_at, name, actor FROM events SEMI JOIN paths USING (deal) "
        "WHERE kind = 'stage' ORDER BY ALL",
    }
    told = {name: log.relations.rows(sql) for name, sql in everything.items()}
    assert [(deal, field, old, new, by) for deal, _, field, old, new, by in told["changes"]] == [
        ("one", "amount", "900", "950.5", "u1"), ("one", "Need__c", None, "met", None),
        ("one", "amount", "960", None, "u2"), ("one", "amount", None, "1000.25", "u2"),
        ("one", "need__C", "a", "b", "u2"), ("three", "owner", "u1", "u2", "u1"),
        ("two", "Need__c", None, "met", "u1"), ("two", "Need__c", "met", None, "u1"),
    ]  # fmt: skip
    for name in FILES:
        back = read_log(converted(log, tmp_path, name))
        assert {name: back.relations.rows(sql) for name, sql in everything.items()} == told, name
        assert (back.as_of, back.attributes, back.stages) == (log.as_of, log.attributes, log.stages)
        assert any("1 of them set aside" in why for why in back.ingest.reasons), name


def test_an_event_log_keeps_its_repeats_and_the_order_of_its_file(tmp_path: Path) -> None:
    events = "".join(
        f'<event><string key="concept:name" value="{name}"/>'
        f'<date key="time:timestamp" value="2026-01-0{day}T00:00:00Z"/></event>'
        for name, day in (("B", 1), ("A", 1), ("A", 2), ("Won", 3), ("A", 4))
    )
    source = tmp_path / "in.xes"
    source.write_text(f'<log><trace><string key="concept:name" value="d"/>{events}</trace></log>')
    options = Options(names=Names(won=("Won",)))
    log = read_log(source, options)
    for name in FILES:
        found = discover(read_log(converted(log, tmp_path, name)))
        assert [variant.path for variant in found.variants] == [("B", "A", "A", "Won", "A")]
        assert (found.totals.won, found.log.repeats) == (1, True)


def test_looking_back_at_a_converted_log_is_looking_back_at_the_log(tmp_path: Path) -> None:
    log = log_of({"x": ["A", ("B", 3), ("Won", 9)], "y": [("A", 2), ("Lost", 8)], "z": [("A", 7.5)]})
    then = Options(names=Names(won=("Won",), lost=("Lost",)), as_of=datetime(2026, 1, 5))
    for name in FILES:
        back = discover(read_log(converted(log, tmp_path, name), then))
        assert (back.totals.deals, back.totals.open) == (2, 2), name


@given(values=st.lists(st.text(max_size=8), min_size=1, max_size=5))
@settings(deadline=None, max_examples=30)
def test_the_guard_of_a_cell_is_harmless_and_can_be_taken_away(values: list[str]) -> None:
    from processminer.engines.relations import Relations
    from processminer.log.write.tables import guarded

    relations = Relations()
    relations.put("cells", {"value": values}, {"value": "VARCHAR"})
    for value, cell in relations.rows(f"SELECT value, {guarded('value')} FROM cells"):
        assert (cell[1:] if cell.startswith("'") else cell) == value.replace("\0", "\ufffd")
        number = cell.lstrip("+-").replace(".", "", 1).isdigit()
        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r")) or number


def test_a_cell_that_a_spreadsheet_would_run_is_guarded_and_a_number_is_not(tmp_path: Path) -> None:
    log = log_of({"=d": ["A", "Won"]}, attributes={"=d": {"Note": "=HYPERLINK(1)", "Score": "-12.5", "Said": "'tis"}})
    convert(log, tmp_path / "out", "csv")
    with (tmp_path / "out" / "deals.csv").open(newline="", encoding="utf-8") as file:
        (row,) = csv.DictReader(file)
    assert (row["deal_id"], row["attribute.Note"], row["attribute.Said"]) == ("'=d", "'=HYPERLINK(1)", "''tis")
    assert row["attribute.Score"] == "-12.5"
    told = dict(read_log(tmp_path / "out").relations.rows("SELECT attribute, value FROM attributes"))
    assert told == {"Note": "=HYPERLINK(1)", "Score": "-12.5", "Said": "'tis"}


def test_pm4py_reads_the_same_cases_events_order_and_times(tmp_path: Path) -> None:
    from pm4py.objects.log.importer.xes.variants import iterparse

    deals = {"x & <y>": ["Demo", ("Offer", 3.25), "Won"], "é": ["Demo", ("Demo", 4), ("Lost", 5)]}
    changes = {"x & <y>": [("Amount", 1.5, "1", "</trace>", "Won"), ("Need__c", 1.5, "met")]}
    log = log_of(deals, tasks={"é": [("Call", 2.5)]}, changes=changes)
    out = converted(log, tmp_path, "log.xes")
    read = iterparse.apply(str(out), {"show_progress_bar": False})
    told = [
        (trace.attributes["concept:name"], event["concept:name"], event["time:timestamp"].replace(tzinfo=None))
        for trace in read
        for event in trace
    ]
    expected = log.relations.rows(
        "SELECT deal_id, stage, make_timestamp(step >> 10) FROM "
        "(SELECT deal, unnest(steps) AS step, unnest(range(len(steps))) AS place FROM paths) "
        "JOIN deals USING (deal) JOIN stage_names ON code = step & 1023 ORDER BY deal, place"
    )
    assert [row for row in told if row[1] != "Call"] == expected
    assert [row[:2] for row in told if row[1] == "Call"] == [("é", "Call")]
    assert told == sorted(told, key=lambda row: (row[0] != "x & <y>", row[2]))
    (listed,) = (trace.attributes["processminer:field_events"]["children"] for trace in read[:1])
    assert [(field["value"], field["children"]["processminer:new"]) for _, field in listed] == [
        ("amount", "</trace>"), ("Need__c", "met"),
    ]  # fmt: skip
    assert "processminer:field_events" not in read[1].attributes
    assert {key for trace in read for event in trace for key in event if key.startswith("processminer:")} <= {
        "processminer:kind", "processminer:subject",
    }  # fmt: skip


@pytest.mark.parametrize("reader", ["iterparse_20", "line_by_line", "chunk_regex"])
def test_every_reader_of_pm4py_finds_the_same_events_whether_fields_changed_or_not(tmp_path: Path, reader: str) -> None:
    module = importlib.import_module(f"pm4py.objects.log.importer.xes.variants.{reader}")
    deals = {"x": ["Demo", ("Offer", 3.25), "Won"], "y": ["Demo", ("Lost", 5)]}
    told: list[list[list[tuple[str, datetime]]]] = []
    for name, changes in (("without.xes", {}), ("with.xes", {"x": [("Amount", 1.5, "1", "2", "Ann")] * 3})):
        out = converted(log_of(deals, changes=changes), tmp_path, name)
        read = module.apply(str(out), {"show_progress_bar": False})
        told.append([[(event["concept:name"], event["time:timestamp"]) for event in trace] for trace in read])
    assert [[name for name, _ in trace] for trace in told[0]] == [["Demo", "Offer", "Won"], ["Demo", "Lost"]]
    assert told[1] == told[0]


XES_SCHEMA = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" elementFormDefault="qualified">
<xs:element name="log" type="Log"/>
<xs:group name="Attributes"><xs:choice><xs:element name="string" type="String"/><xs:element name="date" type="Date"/>
<xs:element name="int" type="Int"/><xs:element name="float" type="Float"/><xs:element name="boolean" type="Boolean"/>
<xs:element name="list" type="List"/></xs:choice></xs:group>
<xs:complexType name="List"><xs:sequence><xs:element name="values" type="Element"/></xs:sequence>
<xs:attribute name="key" type="xs:Name" use="required"/></xs:complexType>
<xs:complexType name="Element"><xs:group ref="Attributes" minOccurs="0" maxOccurs="unbounded"/></xs:complexType>
TYPES
<xs:complexType name="Global"><xs:complexContent><xs:extension base="Element">
<xs:attribute name="scope" type="xs:NCName" use="required"/></xs:extension></xs:complexContent></xs:complexType>
<xs:complexType name="Trace"><xs:sequence><xs:group ref="Attributes" minOccurs="0" maxOccurs="unbounded"/>
<xs:element name="event" type="Element" minOccurs="0" maxOccurs="unbounded"/></xs:sequence></xs:complexType>
<xs:complexType name="Log"><xs:sequence>
<xs:element name="extension" minOccurs="0" maxOccurs="unbounded"><xs:complexType>
<xs:attribute name="name" type="xs:NCName" use="required"/><xs:attribute name="prefix" type="xs:NCName" use="required"/>
<xs:attribute name="uri" type="xs:anyURI" use="required"/></xs:complexType></xs:element>
<xs:element name="global" type="Global" minOccurs="0" maxOccurs="2"/>
<xs:element name="classifier" minOccurs="0" maxOccurs="unbounded"><xs:complexType>
<xs:attribute name="name" type="xs:NCName" use="required"/><xs:attribute name="scope" type="xs:NCName"/>
<xs:attribute name="keys" type="xs:token" use="required"/></xs:complexType></xs:element>
<xs:group ref="Attributes" minOccurs="0" maxOccurs="unbounded"/>
<xs:element name="trace" type="Trace" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>
<xs:attribute name="xes.version" type="xs:decimal" use="required"/>
<xs:attribute name="xes.features" type="xs:NMTOKENS"/></xs:complexType></xs:schema>""".replace(
    "TYPES",
    "".join(
        f'<xs:complexType name="{name}"><xs:sequence><xs:group ref="Attributes" minOccurs="0" maxOccurs="unbounded"/>'
        '</xs:sequence><xs:attribute name="key" type="xs:Name" use="required"/>'
        f'<xs:attribute name="value" type="xs:{kind}" use="required"/></xs:complexType>'
        for name, kind in (
            ("String", "string"),
            ("Date", "dateTime"),
            ("Int", "long"),
            ("Float", "double"),
            ("Boolean", "boolean"),
        )
    ),
)
"""The rules of IEEE 1849-2016 that a log can break: what stands where, keys that are names, typed values."""


def test_xes_keeps_to_the_standard_and_declares_what_it_uses(tmp_path: Path) -> None:
    from lxml import etree

    deals = {"x\x01y": ["A & B", ("C", 3), "Won"], "z": [("A & B", 1)]}
    log = log_of(
        deals,
        tasks={"z": [("Call", 2)]},
        attributes={"z": {"Kind, of": "<>", "2nd": "b", "processminer:x": "c"}},
        changes={"z": [("Kind, of", 1.5, "<>"), ("2nd", 1.5, "a", 'b"', "&")]},
    )
    root = etree.parse(str(converted(log, tmp_path, "log.xes"))).getroot()
    etree.XMLSchema(etree.fromstring(XES_SCHEMA)).assertValid(root)
    prefixes = {extension.get("prefix") for extension in root.findall("extension")}
    assert root.get("xes.features") == "nested-attributes"
    spaced = {key.partition(":")[0] for key in root.xpath("//@key") if ":" in key}
    assert spaced <= prefixes
    for scope, elements in (("trace", root.findall("trace")), ("event", root.findall("trace/event"))):
        needed = {one.get("key") for one in root.find(f"global[@scope='{scope}']")}
        assert all(needed <= {one.get("key") for one in element} for element in elements)
    about = {one.get("key"): one.get("value") for one in root.findall("string")}
    assert about["processminer:as_of"] == log.as_of.isoformat(timespec="microseconds") + "Z"
    order = [about[f"processminer:stage_{place:03}"] for place in range(1, len(log.stages) + 1)]
    assert order == [stage.name for stage in log.stages]


@given(text=st.text(max_size=8))
def test_any_text_is_an_xml_name_and_back(text: str) -> None:
    import re

    assert plain_name(xml_name(text)) == text
    assert re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.-]*", xml_name(text))


def test_the_same_log_gives_the_same_bytes(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        log = log_of({"x": ["A", "Won"], "y": ["A", ("B", 4)]}, tasks={"x": [("Call", 0.5)]})
        for name in FILES:
            converted(log, tmp_path / folder, name)
    for one in (path for path in (tmp_path / "one").rglob("*") if path.is_file()):
        assert one.read_bytes() == (tmp_path / "two" / one.relative_to(tmp_path / "one")).read_bytes(), one
    assert (
        gzip.decompress((tmp_path / "one" / "log.xes.gz").read_bytes()) == (tmp_path / "one" / "log.xes").read_bytes()
    )


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("x.xes", "xes"),
        ("X.XES.GZ", "xes"),
        ("a.json", "ocel"),
        ("a.sqlite", "ocel"),
        ("a.xmlocel", "ocel"),
        ("out", None),
    ],
)
def test_the_ending_tells_the_format(name: str, kind: str | None) -> None:
    assert format_of(name) == kind


def test_nothing_is_written_over_but_an_earlier_conversion(tmp_path: Path) -> None:
    log = log_of({"x": ["A", "Won"]})
    out = tmp_path / "out"
    convert(log, out, "csv", report="told")
    with pytest.raises(InputError, match="is there already"):
        convert(log, out, "csv")
    convert(log, out, "parquet", force=True)
    assert {path.suffix for path in out.iterdir()} == {".parquet"}
    (out / "mine.txt").write_text("keep me")
    with pytest.raises(InputError, match=r"other files than a conversion writes \(mine.txt\)"):
        convert(log, out, "parquet", force=True)
    with pytest.raises(InputError, match="is a folder"):
        convert(log, _named(out, tmp_path / "out.xes"), force=True)
    assert (tmp_path / "out.xes" / "mine.txt").read_text() == "keep me"


def _named(folder: Path, name: Path) -> Path:
    return folder.rename(name)


def test_what_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(InputError, match="cannot be written"):
        convert(log_of({"x": ["A", "Won"]}), tmp_path / "file" / "out", "csv")
    with pytest.raises(InputError, match=r"has no ending of XES"):
        convert(log_of({"x": ["A", "Won"]}), tmp_path / "out", "xes")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_clean_log_in_which_rows_were_spoilt_says_which(tmp_path: Path) -> None:
    log = log_of({"x": ["A", "Won"], "y": ["A", "Lost"]}, tasks={"x": [("Call", 0.5)]})
    convert(log, tmp_path / "out", "csv")
    moves = tmp_path / "out" / "stage_events.csv"
    moves.write_text(moves.read_text() + "y,3,A,soon,,\n,4,A,2026-01-09T00:00:00Z,,\n")
    done = tmp_path / "out" / "task_events.csv"
    done.write_text(done.read_text() + "unknown,1,2026-01-02T00:00:00Z,Call,,\n")
    report = read_log(tmp_path / "out").ingest
    assert report.set_aside == {"no-deal": 1, "unreadable-time": 1, "task-of-unknown-deal": 1}
    assert report.rows_read == report.rows_used + 3
    assert {place for problem in report.problems for place in problem.examples} == {
        "stage_events.csv:6", "stage_events.csv:7", "task_events.csv:3",
    }  # fmt: skip


def test_a_clean_log_stands_by_itself_where_only_its_moves_are_left(tmp_path: Path) -> None:
    log = log_of({"x": ["A", "Closed Won"], "y": ["A", "Closed Lost"]}, won=("Closed Won",), lost=("Closed Lost",))
    convert(log, tmp_path / "out", "csv")
    for path in (tmp_path / "out").iterdir():
        if path.name != "stage_events.csv":
            path.unlink()
    totals = discover(read_log(tmp_path / "out")).totals
    assert (totals.won, totals.lost) == (1, 1)


def test_what_an_older_version_left_out_is_still_told(tmp_path: Path) -> None:
    out = converted(log_of({"x": ["A", "Won"]}), tmp_path, "log.xes")
    said = '<string key="processminer:left_out" value="3 changes of fields other than the stage"/>\n<trace>'
    out.write_text(out.read_text().replace("<trace>", said, 1))
    told = "it was written without 3 changes of fields other than the stage, which its format has no place for"
    assert told in read_log(out).ingest.reasons


def test_what_was_decided_when_a_log_was_converted_is_not_asked_again(tmp_path: Path) -> None:
    convert(log_of({"x": ["A", "Won"]}), tmp_path / "out.xes")
    with pytest.raises(LogError, match="--pipeline was decided when it was written"):
        read_log(tmp_path / "out.xes", Options(pipeline="EMEA"))


def test_the_command_says_what_was_written_left_out_and_set_aside(tmp_path: Path) -> None:
    out = tmp_path / "log.xes"
    result = CliRunner().invoke(main, ["convert", "--sample", "salesforce", str(out)])
    assert result.exit_code == 0, result.stderr
    lines = result.stdout.splitlines()
    assert lines[0] == f"Written to {out} (xes):"
    assert "        3,000  deals" in lines
    assert "       15,386  field events" in lines
    assert "Set aside: 357 task-not-done." in lines
    assert lines[-1] == f"Read it back: processminer audit {out}"
    assert "357" in (tmp_path / "log.xes.ingest.md").read_text()
    again = CliRunner().invoke(main, ["convert", "--sample", "salesforce", str(out)])
    assert again.exit_code == 2
    assert again.stderr == f"Error: {out}: is there already.\n  Choose another name, or --force to write over it.\n"
    missing = CliRunner().invoke(main, ["convert", "--sample", "salesforce"])
    assert missing.exit_code == 2
    assert "Missing argument 'OUT'" in missing.stderr


@pytest.mark.public_log
@pytest.mark.slow
@pytest.mark.parametrize(
    ("log", "names"),
    [
        ("bpic2012/BPIC12.xes.gz", Names(won=("A_APPROVED",), lost=("A_DECLINED", "A_CANCELLED"), insist=True)),
        (
            "road_traffic/Road_Traffic_Fine_Management_Process.xes.gz",
            Names(won=("Payment",), lost=("Send for Credit Collection",), insist=True),
        ),
    ],
)
def test_a_public_log_as_parquet_gives_the_same_figures(tmp_path: Path, log: str, names: Names) -> None:
    read = read_log(public_log(log), Options(names=names))
    convert(read, tmp_path / "out", "parquet")
    before, after = discover(read), discover(read_log(tmp_path / "out"))
    assert (after.totals, after.variants, after.moves) == (before.totals, before.variants, before.moves)
    assert (after.stages, after.lead_times) == (before.stages, before.lead_times)


def test_the_tables_of_a_clean_log_are_read_back_from_a_database_too(tmp_path: Path) -> None:
    log = log_of({"x": ["A", "B", "Won"], "y": ["A", "Lost"], "z": ["A", "B"]}, tasks={"x": [("Call", 1.5)]})
    folder = converted(log, tmp_path, "parquet")
    with duckdb.connect(str(tmp_path / "clean.duckdb")) as database:
        for file in folder.glob("*.parquet"):
            database.execute(f"CREATE TABLE {file.stem} AS SELECT * FROM '{file}'")
    again = read_log(tmp_path / "clean.duckdb")
    assert again.ingest.profile == "processminer-log"
    query = "SELECT deal_id, outcome, steps FROM deal_histories ORDER BY deal"
    assert again.relations.rows(query) == log.relations.rows(query)
    assert again.relations.row("SELECT count(*) FROM task_events") == (1,)
