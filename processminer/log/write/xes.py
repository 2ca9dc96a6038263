"""A clean log as XES (IEEE 1849-2016): a trace a deal, its changes of stage and its activities as events.

What XES has no words for stands under keys of our own, `processminer:...`: the log's `as_of`, its stages with order and
class, and the outcome, owner, amount and dates of deals. An event's `processminer:kind` tells changes of stage from
activities. Changes of other fields are no events: a trace lists them (`processminer:field_events`), the field with the
moment, the values before and after, and who changed it within.
"""

from __future__ import annotations

import gzip
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, cast
from xml.sax.saxutils import quoteattr

from processminer.engines.relations import literal, quoted, read_sql
from processminer.log.write.clean_log import ATTRIBUTE, MOMENT
from processminer.log.write.xml_names import OURS, xml_name

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from processminer.log.write.clean_log import CleanLog

PACKAGE = "processminer.log.write"

AT_ONCE = 20_000
"""Deals whose events are written at a time: some ten megabytes of text."""

TAGS = {"VARCHAR": "string", "TIMESTAMP": "date", "DOUBLE": "float", "INTEGER": "int", "BOOLEAN": "boolean"}

EXTENSIONS = (
    ("Concept", "concept", "http://www.xes-standard.org/concept.xesext"),
    ("Time", "time", "http://www.xes-standard.org/time.xesext"),
    ("Lifecycle", "lifecycle", "http://www.xes-standard.org/lifecycle.xesext"),
    ("Organizational", "org", "http://www.xes-standard.org/org.xesext"),
    ("Processminer", "processminer", "urn:processminer:clean-log:1"),
)

GLOBALS = """<global scope="trace">
<string key="concept:name" value=""/>
</global>
<global scope="event">
<string key="concept:name" value=""/>
<date key="time:timestamp" value="1970-01-01T00:00:00.000000+00:00"/>
<string key="lifecycle:transition" value="complete"/>
<string key="processminer:kind" value="stage"/>
</global>
<classifier name="Activity" scope="event" keys="concept:name"/>
"""


def write_xes(clean: CleanLog, path: Path) -> None:
    """Write a clean log as XES, gzipped where the path ends in .gz, in memory that does not grow with the log."""
    relations = clean.relations
    relations.run(read_sql(PACKAGE, "xml_text.sql"))
    relations.run(
        f"CREATE OR REPLACE TEMP TABLE xes_heads AS SELECT deal, told.told FROM clean_deals JOIN "
        f"(SELECT deal_id, {_head(clean)} AS told FROM ({clean.queries['deals']})) AS told USING (deal_id) "
        "ORDER BY deal"
    )
    (deals,) = relations.row("SELECT count(*) FROM xes_heads")
    events = read_sql(PACKAGE, "xes_events.sql")
    with _opened(path) as out:
        out.write(_beginning(clean).encode())
        for first in range(0, int(deals), AT_ONCE):
            for block in relations.texts(events, {"first": first, "last": first + AT_ONCE - 1}):
                out.write(block)
        out.write(b"</log>\n")
    relations.run("DROP TABLE xes_heads")


@contextmanager
def _opened(path: Path) -> Generator[BinaryIO]:
    with path.open("wb") as raw:
        if not path.name.lower().endswith(".gz"):
            yield raw
            return
        # Neither name nor time in the archive: the same log gives the same bytes.
        with gzip.GzipFile(filename="", mode="wb", fileobj=raw, compresslevel=6, mtime=0) as packed:
            yield cast("BinaryIO", packed)


def _beginning(clean: CleanLog) -> str:
    nested = ' xes.features="nested-attributes"' if "field_events" in clean.queries else ""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<log xes.version="2.0"{nested}>']
    lines += [f'<extension name="{name}" prefix="{prefix}" uri="{uri}"/>' for name, prefix, uri in EXTENSIONS]
    told = [
        ("concept:name", "Deals"),
        (f"{OURS}attributes", "of cases" if of_cases(clean) else "of deals"),
        *((f"{OURS}{xml_name(key)}", value) for key, value in clean.about.items()),
    ]
    stages = clean.relations.rows(clean.queries["stages"])
    for place, (stage, kind, _closed, _won, _position, usual) in enumerate(stages, 1):
        told += [(f"{OURS}stage_{place:03}", stage), (f"{OURS}class_{place:03}", kind)]
        if usual is not None:
            told.append((f"{OURS}usual_place_{place:03}", repr(usual)))
    attributes = [f"<string key={quoteattr(key)} value={_quoted(clean, value)}/>" for key, value in told]
    return "\n".join(lines) + "\n" + GLOBALS + "\n".join(attributes) + "\n"


def _quoted(clean: CleanLog, value: str) -> str:
    (told,) = clean.relations.row("SELECT xml_text($value)", {"value": value})
    return f'"{told}"'


def _head(clean: CleanLog) -> str:
    """Return the expression of a trace's attributes as XES; what is not known of a deal is left out."""
    pieces = ['\'<string key="concept:name" value="\'', "xml_text(deal_id)", "'\"/>'", "chr(10)"]
    all_of_cases = of_cases(clean)
    for name, kind in clean.columns("deals").items():
        if name in {"deal_id", "is_closed", "is_won"}:
            continue
        column = quoted(name)
        value = f"strftime({column}, '{MOMENT}')" if kind == "TIMESTAMP" else f"{column}::VARCHAR"
        opening = literal(f'<{TAGS[kind]} key={quoteattr(_key(name, of_cases=all_of_cases))} value="')
        pieces.append(f"{opening} || xml_text({value}) || '\"/>' || chr(10)")
    return f"concat({', '.join(pieces)})"


def of_cases(clean: CleanLog) -> bool:
    """Tell whether all attributes come from the traces of an XES log, and are called `case:...` for it."""
    names = [name for name in clean.columns("deals") if name.startswith(ATTRIBUTE)]
    return bool(names) and all(name.startswith(f"{ATTRIBUTE}case:") for name in names)


def _key(column: str, *, of_cases: bool) -> str:
    """Return the key of a column of the deals: an attribute's is its name, ours begin with our prefix."""
    if not column.startswith(ATTRIBUTE):
        return OURS + column
    return xml_name(column.removeprefix(f"{ATTRIBUTE}case:" if of_cases else ATTRIBUTE))
