"""What an XES file says is what we read, and what is broken is told in plain words."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from processminer.engines import xes
from processminer.errors import EngineError
from tests.needs import public_log

if TYPE_CHECKING:
    from pathlib import Path

Event = dict[str, tuple[str, str]]
"""The attributes of an event: key -> (tag, text)."""


def read_xes(path: Path) -> Any:
    return xes.read_xes(path).events


def element(tag: str, key: str, value: str) -> str:
    return f"<{tag} key={quoteattr(key)} value={quoteattr(value)}/>"


def xes_text(traces: list[tuple[Event, list[Event]]]) -> str:
    parts = ['<?xml version="1.0" encoding="UTF-8"?>\n<log xes.version="1.0" xmlns="http://www.xes-standard.org/">']
    parts.append('<global scope="event"><string key="concept:name" value="UNKNOWN"/></global>')
    parts.append('<string key="concept:name" value="the log itself"/>')
    for attributes, events in traces:
        parts.append("<trace>")
        parts.extend(element(tag, key, value) for key, (tag, value) in attributes.items())
        for event in events:
            parts.append("<event>")
            parts.extend(element(tag, key, value) for key, (tag, value) in event.items())
            parts.append("</event>")
        parts.append("</trace>")
    return "\n".join([*parts, "</log>"])


def event(name: str, time: str, **more: str) -> Event:
    return {
        "concept:name": ("string", name),
        "time:timestamp": ("date", time),
        **{key: ("string", value) for key, value in more.items()},
    }


def written(folder: Path, text: str | bytes, name: str = "log.xes") -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def wrapped(inside: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<log xes.version="1.0">\n{inside}\n</log>'


FIRST = "2026-01-05T09:00:00.250+01:00"
STORY = xes_text(
    [
        (
            {"concept:name": ("string", "d1"), "amount": ("float", "1200.50")},
            [event("Q&A <b>", FIRST, **{"org:resource": "Zoë"}), event("Won", "2026-01-06T09:00:00")],
        ),
        ({"concept:name": ("string", "d2")}, []),
        ({"segment": ("string", "SMB")}, [event("Lost", "yesterday", note="a > b")]),
    ]
)


def test_every_event_and_attribute_of_a_file_is_in_its_row(tmp_path: Path) -> None:
    rows = read_xes(written(tmp_path, STORY)).to_pylist()
    told = [{key: value for key, value in row.items() if value is not None and key != "line"} for row in rows]
    assert told == [
        {
            "trace": 0,
            "case_id": "d1",
            "activity": "Q&A <b>",
            "timestamp": datetime(2026, 1, 5, 8, 0, 0, 250_000, tzinfo=UTC),
            "timestamp_text": FIRST,
            "resource": "Zoë",
            "case:amount": "1200.50",
        },
        {
            "trace": 0,
            "case_id": "d1",
            "activity": "Won",
            "timestamp": datetime(2026, 1, 6, 9, tzinfo=UTC),
            "timestamp_text": "2026-01-06T09:00:00",
            "case:amount": "1200.50",
        },
        {"trace": 1, "case_id": "d2"},
        {"trace": 2, "activity": "Lost", "timestamp_text": "yesterday", "case:segment": "SMB", "event:note": "a > b"},
    ]


def test_columns_keep_their_order_and_their_types_whatever_the_file_holds(tmp_path: Path) -> None:
    full = read_xes(written(tmp_path, STORY))
    bare = read_xes(written(tmp_path, wrapped("")))
    assert full.column_names == [*xes.FIXED, "case:amount", "case:segment", "event:note"]
    assert bare.column_names == list(xes.FIXED)
    assert bare.num_rows == 0
    assert full.select(list(xes.FIXED)).schema == bare.schema


def test_a_row_tells_the_line_on_which_its_event_begins(tmp_path: Path) -> None:
    lines = STORY.splitlines()
    rows = read_xes(written(tmp_path, STORY)).to_pylist()
    assert [lines[row["line"] - 1] for row in rows] == ["<event>", "<event>", "</trace>", "<event>"]


def test_a_gzipped_file_reads_as_the_plain_one_whatever_its_name(tmp_path: Path) -> None:
    plain = read_xes(written(tmp_path, STORY))
    assert read_xes(written(tmp_path, gzip.compress(STORY.encode()), "packed.xes.gz")).equals(plain)
    assert read_xes(written(tmp_path, gzip.compress(STORY.encode()), "packed.xes")).equals(plain)


def test_batches_join_seamlessly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listed = '<list key="l"><values><string key="e" value="1"/></values></list></trace>'
    path = written(tmp_path, STORY.replace("</trace>", listed))
    whole = xes.read_xes(path)
    monkeypatch.setattr(xes, "BATCH", 1)
    pieces = xes.read_xes(path)
    assert whole.entries.num_rows == 3
    assert (pieces.events.to_pylist(), pieces.entries.to_pylist()) == (
        whole.events.to_pylist(), whole.entries.to_pylist(),
    )  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1"])
def test_the_encoding_is_the_declared_one(tmp_path: Path, encoding: str) -> None:
    declared = encoding.removesuffix("-sig")
    text = STORY.replace('encoding="UTF-8"', f'encoding="{declared}"')
    assert "Zoë" in read_xes(written(tmp_path, text.encode(encoding)))["resource"].to_pylist()


@pytest.mark.parametrize(
    "inside",
    [
        '<trace><event><string key="a" value="v"><string key="inner" value="w"/></string></event></trace>',
        '<trace><event><list key="many"><values><string key="a" value="x"/></values></list>'
        '<string key="a" value="v"/></event></trace>',
        "<!-- <trace> --><trace><event><string value='v' key='a'/></event></trace>",
    ],
)
def test_of_nested_attributes_only_the_outer_value_is_kept(tmp_path: Path, inside: str) -> None:
    (row,) = read_xes(written(tmp_path, wrapped(inside))).to_pylist()
    assert {key: value for key, value in row.items() if key.startswith("event:")} == {"event:a": "v"}


def test_entries_of_the_lists_of_a_trace_are_rows_of_their_own(tmp_path: Path) -> None:
    listed = (
        '<list key="l"><values><string key="e" value="1"><date key="at" value="2026"><int key="deep" value="3"/></date>'
        '</string><string key="e" value="2"/></values></list>'
    )
    other = '<list key="m"><values><int key="f" value="9"><string key="by" value="x"/></int></values></list>'
    event = f'<event>{listed}<string key="concept:name" value="A"/></event>'
    inside = (
        f'<trace>{listed}<string key="concept:name" value="d1"/>{event}</trace>\n'
        f'<trace>{event}</trace>\n<trace><string key="concept:name" value="d3"/>{other}</trace>'
    )
    told = xes.read_xes(written(tmp_path, wrapped(inside)))
    rows = [{key: value for key, value in row.items() if value is not None} for row in told.entries.to_pylist()]
    assert rows == [
        {"trace": 0, "line": 3, "case_id": "d1", "list": "l", "key": "e", "value": "1", "entry:at": "2026"},
        {"trace": 0, "line": 3, "case_id": "d1", "list": "l", "key": "e", "value": "2"},
        {"trace": 2, "line": 5, "case_id": "d3", "list": "m", "key": "f", "value": "9", "entry:by": "x"},
    ]
    assert [(row["case_id"], row["activity"]) for row in told.events.to_pylist()] == [
        ("d1", "A"), (None, "A"), ("d3", None),
    ]  # fmt: skip


def test_prefixed_elements_are_the_same_elements(tmp_path: Path) -> None:
    text = (
        '<x:log xmlns:x="http://www.xes-standard.org/"><x:trace><x:string key="concept:name" value="d"/>'
        '<x:event><x:string key="concept:name" value="A"/></x:event></x:trace></x:log>'
    )
    (row,) = read_xes(written(tmp_path, text)).to_pylist()
    assert (row["case_id"], row["activity"]) == ("d", "A")


BROKEN: dict[str, tuple[bytes, str]] = {
    "a table": (b"deal,stage\n1,A\n", "{path}:1: not well-formed XML (syntax error).\n  An XES file is XML"),
    "nothing": (b"", "{path}:1: not well-formed XML (no element found).\n  An XES file is XML"),
    "a page": (b"<html><body/></html>", "{path}:1: the file holds <html>, not an XES <log>.\n"),
    "cut off": (STORY[:-30].encode(), "{path}:26: not well-formed XML (unclosed token).\n"),
    "a cut-off archive": (gzip.compress(STORY.encode())[:-20], "{path}: the compressed file is cut off or damaged.\n"),
    "a damaged archive": (b"\x1f\x8bnonsense", "{path}: the compressed file is cut off or damaged.\n"),
    "a document type": (
        b'<?xml version="1.0"?>\n<!DOCTYPE log [<!ENTITY x SYSTEM "file:///etc/hostname">]>\n<log>&x;</log>',
        "{path}:2: the file declares a document type",
    ),
    "an event in an event": (
        wrapped("<trace><event>\n<event/></event></trace>").encode(),
        "{path}:4: a <event> stands here that is not directly in a <trace>.\n",
    ),
    "an event without trace": (
        wrapped("<other><event/></other>").encode(),
        "{path}:3: a <event> stands here that is not directly in a <trace>.\n",
    ),
    "a trace in a trace": (
        wrapped("<trace><trace/></trace>").encode(),
        "{path}:3: a <trace> stands here that is not directly in a <log>.\n",
    ),
    "an unknown encoding": (
        b'<?xml version="1.0" encoding="klingon"?><log/>',
        "{path}:1: the file's letters cannot be read as it declares them",
    ),
}


@pytest.mark.parametrize("kind", list(BROKEN))
def test_a_broken_file_is_refused_with_its_place(tmp_path: Path, kind: str, capfd: pytest.CaptureFixture[str]) -> None:
    content, told = BROKEN[kind]
    path = written(tmp_path, content)
    with pytest.raises(EngineError) as caught:
        read_xes(path)
    assert str(caught.value).startswith(told.format(path=path))
    assert capfd.readouterr() == ("", "")


names = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=8)
zones = st.integers(-12, 14).map(lambda hours: timezone(timedelta(hours=hours)))
times = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=zones)
some_events = st.fixed_dictionaries(
    {
        "concept:name": names.map(lambda text: ("string", text)),
        "time:timestamp": times.map(lambda t: ("date", t.isoformat())),
    },
    optional={"org:resource": names.map(lambda text: ("string", text))},
)
some_traces = st.lists(
    st.tuples(
        names.map(lambda text: {"concept:name": ("string", text)}), st.lists(some_events, min_size=1, max_size=4)
    ),
    min_size=1,
    max_size=4,
)


def as_pm4py_reads(path: Path) -> list[tuple[Any, ...]]:
    from pm4py.objects.log.importer.xes.variants import iterparse

    log = iterparse.apply(str(path), {"show_progress_bar": False})
    keys = ("concept:name", "time:timestamp", "org:resource")
    return [
        (trace.attributes.get("concept:name"), *(event.get(key) for key in keys)) for trace in log for event in trace
    ]


def as_we_read(path: Path) -> list[tuple[Any, ...]]:
    columns = ("case_id", "activity", "timestamp", "resource")
    return [tuple(row[column] for column in columns) for row in read_xes(path).to_pylist()]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(traces=some_traces)
def test_any_log_reads_as_pm4py_reads_it(tmp_path: Path, traces: list[tuple[Event, list[Event]]]) -> None:
    path = written(tmp_path, xes_text(traces))
    assert as_we_read(path) == as_pm4py_reads(path)


@pytest.mark.public_log
@pytest.mark.slow
def test_a_real_loan_log_reads_as_pm4py_reads_it() -> None:
    path = public_log("bpic2012/BPIC12.xes.gz")
    ours = as_we_read(path)
    assert (len(ours), len({row[0] for row in ours})) == (262_200, 13_087)
    assert ours == as_pm4py_reads(path)
