"""A log as files that other programs read, and that we read back to the same log: Parquet, CSV, XES or OCEL 2.0."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from processminer.errors import EngineError, InputError, Place
from processminer.log.write.clean_log import clean_log
from processminer.log.write.tables import write_tables
from processminer.log.write.xes import write_xes

if TYPE_CHECKING:
    from collections.abc import Generator

    from processminer.log.eventlog import EventLog
    from processminer.log.write.clean_log import CleanLog

Format = Literal["parquet", "csv", "xes", "ocel"]
FORMATS: tuple[Format, ...] = ("parquet", "csv", "xes", "ocel")

ENDINGS: tuple[tuple[Format, tuple[str, ...]], ...] = (
    ("xes", (".xes", ".xes.gz")),
    ("ocel", (".json", ".jsonocel", ".sqlite", ".xml", ".xmlocel")),
)

REPORT = "ingest.md"
"""What the report on reading is called in a folder; beside a file it bears the file's name too."""

TABLES = ("deals", "stage_events", "task_events", "field_events", "stages", "log")


@dataclass(frozen=True, slots=True)
class Converted:
    """What was written."""

    format: Format
    out: Path
    rows: dict[str, int]
    """Rows by relation, such as `deals` and `stage_events`."""


def format_of(out: str | Path) -> Format | None:
    """Return the format that a name's ending tells, None for a folder."""
    name = Path(out).name.lower()
    return next((kind for kind, endings in ENDINGS if name.endswith(endings)), None)


def convert(
    log: EventLog,
    out: str | Path,
    format: Format | None = None,  # noqa: A002 - the word of the command line
    *,
    force: bool = False,
    report: str = "",
) -> Converted:
    """Write a clean log to `out` and return what was written.

    Parquet and CSV make a folder, XES and OCEL 2.0 a file (JSON, XML or SQLite by its ending). Read back, each gives
    the same audit. XML and CSV cannot hold control characters, which become the mark of an unknown letter. `report` is
    text to lay beside it. Whatever is there already stays, unless `force` says to write over an earlier conversion;
    files appear whole or not at all.
    Raises InputError where `out` is there or cannot be written.
    """
    path = Path(out)
    kind = format or format_of(path) or "parquet"
    _fitting(path, kind)
    _free(path, folder=kind in {"parquet", "csv"}, force=force)
    clean = clean_log(log)
    with _words(path):
        if kind == "parquet" or kind == "csv":  # noqa: PLR1714 - one by one, so that the types are told
            _write_folder(clean, path, kind, report)
        else:
            _write_file(clean, path, kind, report)
    rows = {name: clean.rows(name) for name in clean.queries if name != "log"}
    return Converted(kind, path, rows)


def _fitting(path: Path, kind: Format) -> None:
    """Refuse a name whose ending says another format than is asked for, or none where a file needs one."""
    told = format_of(path)
    if kind in {"xes", "ocel"} and told != kind:
        endings = next(endings for one, endings in ENDINGS if one == kind)
        message = f"has no ending of {kind.upper()}."
        raise InputError(message, Place(str(path)), f"These can be: {', '.join(endings)}.")
    if kind in {"parquet", "csv"} and told is not None:
        message = f"ends like a file of {told.upper()}, and {kind} makes a folder."
        raise InputError(message, Place(str(path)), f"Leave the ending out, or say --format {told}.")


def _free(path: Path, *, folder: bool, force: bool) -> None:
    """Refuse to write over what is there; with `force`, over anything but an earlier conversion."""
    if not path.exists() or (folder and path.is_dir() and not any(path.iterdir())):
        return
    if not force:
        message = "is there already."
        raise InputError(message, Place(str(path)), "Choose another name, or --force to write over it.")
    if path.is_dir() != folder:
        message = "is a folder." if path.is_dir() else "is a file."
        raise InputError(message, Place(str(path)), "Choose another name.")
    own = {REPORT, *(f"{name}.{ending}" for name in TABLES for ending in ("csv", "parquet"))}
    others = sorted(one.name for one in path.iterdir() if one.name not in own) if folder else []
    if others:
        message = f"holds other files than a conversion writes ({others[0]})."
        raise InputError(
            message, Place(str(path)), "Choose another folder; --force replaces an earlier conversion only."
        )


@contextmanager
def _words(path: Path) -> Generator[None]:
    """Say what is wrong with the place instead of what went wrong in the writer."""
    try:
        yield
    except OSError as error:
        message = f"cannot be written: {error.strerror or error}."
        raise InputError(message, Place(str(path)), "Name another place, or make room.") from error
    except EngineError as error:
        message = f"cannot be written: {error.message}"
        raise InputError(message, Place(str(path)), "Name another place, or make room.") from error


def _write_folder(clean: CleanLog, out: Path, kind: Literal["parquet", "csv"], report: str) -> None:
    with _beside(out) as place:
        new = place / "new"
        new.mkdir()
        write_tables(clean, new, kind)
        if report:
            (new / REPORT).write_text(report, encoding="utf-8")
        if out.exists():
            out.rename(place / "old")
        new.rename(out)


def _write_file(clean: CleanLog, out: Path, kind: Format, report: str) -> None:
    with _beside(out) as place:
        new = place / out.name
        if kind == "xes":
            write_xes(clean, new)
        else:
            from processminer.log.write.ocel import write_ocel

            write_ocel(clean, new)
        if report:
            told = place / REPORT
            told.write_text(report, encoding="utf-8")
            told.replace(out.with_name(f"{out.name}.{REPORT}"))
        new.replace(out)


@contextmanager
def _beside(out: Path) -> Generator[Path]:
    """Give a folder beside the place to write to, on the same disk, gone afterwards with what is left in it."""
    parent = out.absolute().parent
    parent.mkdir(parents=True, exist_ok=True)
    place = Path(tempfile.mkdtemp(prefix=".processminer-", dir=parent))
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)
