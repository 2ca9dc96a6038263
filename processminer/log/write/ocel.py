"""A clean log as OCEL 2.0: deals, people, stages and the page about the log are objects, what happened are events.

Each stage and each kind of activity is a type of event; a change of stage and an activity are told apart by their
attribute `kind`. A deal is linked to its owner, an event to its deal and to who did it.

A field that changes is an attribute of the deal, `field.` and its name, that has a value from the beginning and one
from each change on, empty where there is none. OCEL has no place for the rest: who made a change (`changed_by`), a
value before it other than the latest one (`changed_from`), a field that cannot have an attribute of its own
(`changed_field`, of the attribute `field`) and a moment on the day that stands for the beginning (`changed_at`). These
are attributes as well, whose values stand right before the value that they belong to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.engines.relations import read_sql
from processminer.log.write.ocel_objects import objects_of
from processminer.log.write.ocel_sqlite import write_sqlite
from processminer.log.write.ocel_text import write_json, write_xml

if TYPE_CHECKING:
    from pathlib import Path

    from processminer.log.write.clean_log import CleanLog

PACKAGE = "processminer.log.write"


def write_ocel(clean: CleanLog, path: Path) -> None:
    """Write a clean log as OCEL 2.0: SQLite or XML by the path's ending, else JSON."""
    relations = clean.relations
    for name in ("xml_text", "ocel_relations"):
        relations.run(read_sql(PACKAGE, f"{name}.sql"))
    objects = objects_of(clean)
    ending = path.suffix.lower()
    if ending == ".sqlite":
        write_sqlite(clean, objects, path)
    elif ending in {".xml", ".xmlocel"}:
        write_xml(clean, objects, path)
    else:
        write_json(clean, objects, path)
