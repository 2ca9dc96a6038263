"""What a file is, told from its first bytes; its ending only helps where they leave it open."""

from __future__ import annotations

import codecs
import re
import zipfile
from typing import TYPE_CHECKING, Literal

from processminer.errors import LogError, Place

if TYPE_CHECKING:
    from pathlib import Path

Kind = Literal["text", "json", "parquet", "spreadsheet", "xes", "ocel", "zip", "gzip", "zstd", "bzip2", "xz"]

PACKED: tuple[Kind, ...] = ("zip", "gzip", "zstd", "bzip2", "xz")

HEAD = 65_536
"""Bytes looked at."""

_MAGIC: tuple[tuple[bytes, Kind], ...] = (
    (b"\x1f\x8b", "gzip"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"PAR1", "parquet"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "spreadsheet"),
    (b"SQLite format 3\x00", "ocel"),
)

_FOREIGN = (
    (b"%PDF", "a PDF", "Export the table behind it as CSV or XLSX."),
    (b"\x89PNG", "a picture", "Export the table behind it as CSV or XLSX."),
    (b"\xff\xd8\xff", "a picture", "Export the table behind it as CSV or XLSX."),
    (b"GIF8", "a picture", "Export the table behind it as CSV or XLSX."),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", "Unpack it, and give the folder."),
    (b"Rar!", "a RAR archive", "Unpack it, and give the folder."),
    (b"Obj\x01", "an Avro file", "Export it as Parquet or CSV."),
    (b"ORC", "an ORC file", "Export it as Parquet or CSV."),
    (b"ARROW1", "an Arrow file", "Export it as Parquet or CSV."),
    (b"{\\rtf", "a text document (RTF)", "Export the log as CSV or XLSX."),
)

_FOREIGN_ENDINGS = frozenset(
    (
        *(".doc", ".docx", ".odt", ".rtf", ".pdf", ".ppt", ".pptx", ".odp", ".md", ".rst", ".htm", ".html", ".eml"),
        *(".py", ".sql", ".sh", ".js", ".css", ".yaml", ".yml", ".toml", ".ini", ".cfg", ".ipynb", ".bpmn", ".pnml"),
        *(".svg", ".png", ".jpg", ".jpeg", ".gif", ".msg", ".ics", ".vcf", ".db", ".lnk", ".exe"),
    )
)
"""Files that people keep beside an export, and that are no table even where they would read as one."""

_ENDINGS: dict[str, Kind] = {
    **dict.fromkeys((".parquet", ".pq"), "parquet"),
    **dict.fromkeys((".json", ".jsonl", ".ndjson"), "json"),
    ".xes": "xes",
    ".jsonocel": "ocel",
}

_HTML = re.compile(rb"\s*<(!doctype\s+html|html|head|body|table|meta|style|div)\b", re.IGNORECASE)
_XML_ROOT = re.compile(rb"<(?:[\w.-]+:)?([A-Za-z][\w.-]*)")
_JSON = re.compile(rb"\s*[\[{]\s*[\"{\[\]}]")
_OCEL_JSON = re.compile(rb'"(ocel:[a-z-]+|objectTypes|eventTypes)"\s*:')


def has_foreign_ending(name: str) -> bool:
    """Tell whether a file's ending says that it is no export."""
    return _ending(name) in _FOREIGN_ENDINGS


def kind_of(path: Path, file: str) -> Kind:
    """Return what the file at `path` is; `file` is what the user calls it.

    Raises LogError, with what to do instead, for a kind that is not read.
    """
    with path.open("rb") as raw:
        head = raw.read(HEAD)
    kind = _by_magic(head, path, file) or _by_words(head, file)
    if kind is not None:
        return kind
    kind = _ENDINGS.get(_ending(file), "text")
    if kind == "parquet":
        message = "is not a Parquet file, though its ending says so."
        raise LogError(message, Place(file), "Export it again; a table of text should end in .csv.")
    if has_foreign_ending(file):
        message = f"is of a kind that is not read ({_ending(file)})."
        raise LogError(message, Place(file), "Export it as CSV, XLSX, JSON, Parquet or XES.")
    return kind


def _ending(name: str) -> str:
    """Return the ending of a name, that of its packing aside."""
    bare = re.sub(r"\.(gz|zst|zstd|bz2|xz)$", "", name.lower())
    dot = bare.rfind(".")
    return bare[dot:] if dot >= 0 else ""


def _by_magic(head: bytes, path: Path, file: str) -> Kind | None:
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_kind(path, file)
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    for magic, what, hint in _FOREIGN:
        if head.startswith(magic):
            message = f"is {what}, not a table."
            raise LogError(message, Place(file), hint)
    return None


def _zip_kind(path: Path, file: str) -> Kind:
    """Tell a spreadsheet from an archive of files: both are zip files."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        message = f"is a zip file that is damaged or cut off ({error})."
        raise LogError(message, Place(file), "Copy or export it again.") from error
    if {"xl/workbook.xml", "xl/workbook.bin"} & names or {"mimetype", "content.xml"} <= names:
        return "spreadsheet"
    if "[Content_Types].xml" in names:
        message = "is an Office document without sheets, not a table."
        raise LogError(message, Place(file), "Export the log as CSV or XLSX.")
    return "zip"


def _by_words(head: bytes, file: str) -> Kind | None:
    """Tell what begins with readable words: web pages, XML and JSON."""
    plain = _plain(head)
    if _HTML.match(plain):
        message = "is a web page (HTML), whatever its ending says."
        hint = "Open it in a spreadsheet program and save it as XLSX or CSV, or choose CSV where it is exported."
        raise LogError(message, Place(file), hint)
    if re.match(rb"\s*<[?!A-Za-z]", plain):
        return _xml_kind(plain, file)
    if _JSON.match(plain) and _ending(file) not in {".csv", ".tsv"}:
        return "ocel" if _OCEL_JSON.search(plain) else "json"
    return None


def _plain(head: bytes) -> bytes:
    """Return the head without its byte order mark, in UTF-8 if it was in UTF-16."""
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if head.startswith(mark):
            return head[2:].decode(encoding, errors="replace").encode("utf-8", errors="replace")
    return head.removeprefix(codecs.BOM_UTF8)


def _xml_kind(plain: bytes, file: str) -> Kind:
    bare = re.sub(rb"<!--.*?-->|<\?.*?\?>|<!DOCTYPE[^>\[]*>", b"", plain, flags=re.DOTALL)
    root = _XML_ROOT.search(bare)
    name = root[1].decode("ascii", errors="replace") if root else ""
    if name == "log":
        return "ocel" if re.search(rb"<(object-types|global\s+scope=\"object\")", bare) else "xes"
    if _ending(file) == ".xes":
        return "xes"
    what = "a spreadsheet in the XML form of 2003" if name == "Workbook" else f"XML with <{name or '?'}>, no event log"
    message = f"is {what}."
    raise LogError(message, Place(file), "Save it as XLSX or CSV; event logs are read as XES or OCEL.")
