"""Mapping files to edit: what was recognised, said as a mapping, with every other key shown as a comment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.engines.yaml_text import dump_text
from processminer.words import say_list

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from processminer.log.eventlog import EventLog, TableRead

_HEAD = (
    "# How processminer reads this export. Keep it in the export's folder as mapping.yaml, or give it with --mapping.",
    "# Every key may be left out; what is left out is recognised as before.",
)

_COMMENTED = (
    "# date_order: dmy              # 03/04/2026 is the 3rd of April; mdy: the 4th of March",
    "# timezone: Europe/Rome        # of times that are written without a zone",
    '# decimal: ","                 # the decimal mark where 1.234 could be either',
    "# as_of: 2026-06-30            # look at the log as it stood then",
    "# pipeline: Sales Pipeline     # look at this pipeline only",
    "# only: {Type: New Business}   # look at such deals only",
    "# machines: [integration-user] # users that are programs, not people",
    "# treat: {bulk-updates: keep}  # 'processminer doctor LOG' names the quirks and their treatments",
)

_NEEDED = {"deal": "the header of the deal's id", "stage": "of the stage it entered", "entered": "of when it did"}


def render_mapping(log: EventLog) -> str:
    """Return the mapping file that says what was recognised in a log; reading by it gives the same log."""
    lines = [*_HEAD, f"profile: {dump_text(log.ingest.profile)}"]
    if log.tables:
        lines += ["tables:", *(line for table in log.tables for line in _table(table))]
    lines += [
        "stages:",
        *_listed("order", [stage.name for stage in log.stages if stage.kind == "open"], "  "),
        *_listed("won", [stage.name for stage in log.stages if stage.kind == "won"], "  "),
        *_listed("lost", [stage.name for stage in log.stages if stage.kind == "lost"], "  "),
        "  # called: {Old Label: Stage}  # label or id in the log to the name it shall have",
    ]
    return "\n".join([*lines, *_COMMENTED]) + "\n"


def render_blank(headers: Mapping[str, Sequence[str]]) -> str:
    """Return a mapping file to fill in, for tables of these names and headers in which no log was recognised."""
    lines = [*_HEAD, "tables:", "  history:"]
    for file, columns in headers.items():
        lines += [f"    # {_in_comment(file)} has: {_in_comment(', '.join(columns))}"]
    first = next(iter(headers), "")
    lines += [f"    file: {dump_text(first)}", "    columns:"]
    lines += [f"      {role}:   # {what}" for role, what in _NEEDED.items()]
    lines += ["# stages: {won: [Your won stage], lost: [Your lost stage]}"]
    return "\n".join([*lines, *_COMMENTED]) + "\n"


def render_answers(said: Mapping[str, Sequence[str]]) -> str:
    """Return the mapping file that keeps what the user was asked: `won`, `lost` or `date_order`."""
    lines = list(_HEAD)
    if "date_order" in said:
        lines += [f"date_order: {said['date_order'][0]}"]
    outcomes = [line for kind in ("won", "lost") if said.get(kind) for line in _listed(kind, said[kind], "  ")]
    return "\n".join([*lines, *(["stages:", *outcomes] if outcomes else [])]) + "\n"


def _table(table: TableRead) -> Iterator[str]:
    yield f"  {table.role}:"
    yield f"    file: {dump_text(table.file)}"
    yield "    columns:"
    for ours, header in table.columns.items():
        yield f"      {ours}: {dump_text(header)}"
    unused = [header for header in table.headers if header not in table.columns.values()]
    if unused:
        use = "kept as attributes" if table.role == "deals" else "not used"
        yield f"      # {use}: {_in_comment(say_list(unused, 30))}"


def _listed(key: str, items: Iterable[str], indent: str) -> list[str]:
    said = list(items)
    if not said:
        return [f"{indent}{key}: []"]
    return [f"{indent}{key}:", *(f"{indent}  - {dump_text(one)}" for one in said)]


def _in_comment(text: str) -> str:
    """Return a text that stays in its comment, whatever line ends and controls it holds."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
