"""The smallest workbooks that a spreadsheet program would open, written by hand."""

from __future__ import annotations

import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="22" applyNumberFormat="1"/>'
    "</cellXfs></styleSheet>"
)
ERROR = object()
"""A cell that shows #N/A."""


def write_workbook(path: Path, sheets: Mapping[str, Sequence[Sequence[object]]], merged: Sequence[str] = ()) -> Path:
    """Write an XLSX file: texts, numbers, dates and times, None for an empty cell; `merged` areas of every sheet."""
    names = list(sheets)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("[Content_Types].xml", TYPES)
        book.writestr("_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")]))
        parts = [("worksheet", f"worksheets/sheet{at}.xml") for at in range(len(names))]
        book.writestr("xl/_rels/workbook.xml.rels", _relations([*parts, ("styles", "styles.xml")]))
        listed = "".join(
            f'<sheet name={quoteattr(name)} sheetId="{at + 1}" r:id="r{at}"/>' for at, name in enumerate(names)
        )
        book.writestr(
            "xl/workbook.xml", f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{listed}</sheets></workbook>'
        )
        book.writestr("xl/styles.xml", STYLES)
        for at, name in enumerate(names):
            book.writestr(f"xl/worksheets/sheet{at}.xml", _sheet(sheets[name], merged))
    return path


def _relations(parts: Sequence[tuple[str, str]]) -> str:
    said = "".join(
        f'<Relationship Id="r{at}" Type="{OFFICE}/{kind}" Target="{part}"/>' for at, (kind, part) in enumerate(parts)
    )
    return f'<Relationships xmlns="{RELATIONS}">{said}</Relationships>'


def _sheet(rows: Sequence[Sequence[object]], merged: Sequence[str]) -> str:
    body = "".join(
        f'<row r="{line}">{"".join(_cell(f"{_letters(place)}{line}", cell) for place, cell in enumerate(row))}</row>'
        for line, row in enumerate(rows, 1)
    )
    areas = "".join(f'<mergeCell ref="{area}"/>' for area in merged)
    shown = f'<mergeCells count="{len(merged)}">{areas}</mergeCells>' if merged else ""
    return f'<worksheet xmlns="{MAIN}"><sheetData>{body}</sheetData>{shown}</worksheet>'


def _letters(place: int) -> str:
    return (_letters(place // 26 - 1) if place >= 26 else "") + chr(65 + place % 26)


def _cell(ref: str, cell: object) -> str:
    if cell is None:
        return ""
    if cell is ERROR:
        return f'<c r="{ref}" t="e"><v>#N/A</v></c>'
    if isinstance(cell, bool):
        return f'<c r="{ref}" t="b"><v>{int(cell)}</v></c>'
    if isinstance(cell, date):
        moment = cell if isinstance(cell, datetime) else datetime(cell.year, cell.month, cell.day)
        return f'<c r="{ref}" s="1"><v>{(moment - datetime(1899, 12, 30)).total_seconds() / 86400!r}</v></c>'
    if isinstance(cell, int | float):
        return f'<c r="{ref}"><v>{cell!r}</v></c>'
    return f'<c r="{ref}" t="inlineStr"><is><t xml:space="preserve">{escape(str(cell))}</t></is></c>'
