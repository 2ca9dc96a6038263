"""The door to python-docx: headings, lists, tables and pictures become a Word document, the same bytes every time."""

# pyright: basic
# ruff: noqa: SLF001 - python-docx has no public way to links, fields, borders and alternative texts

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from processminer.engines.word_frame import keep_no_clock, shape, style, without_clock

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docx.text.paragraph import Paragraph

BOX = "\N{BALLOT BOX}"
_QUIET, _LINK, _OPEN = "566375", "005A93", "8A4300"
_TEXT_CM, _WIDE_CM = 17.4, 26.1
"""The width between the margins of an A4 page, upright and on its side."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A text in one manner; it may lead to a mark in this document or to an address outside."""

    text: str
    bold: bool = False
    italic: bool = False
    fixed: bool = False
    """Whether all its letters are equally wide."""
    quiet: bool = False
    mark: str | None = None
    address: str | None = None


class WordText:
    """A document being written, from its first line to its last; `content` returns it."""

    def __init__(self, title: str, author: str, footer: str) -> None:
        import docx

        self._document = docx.Document()
        self._marks: dict[str, str] = {}
        self._marked = 0
        self._wide = False
        keep_no_clock(self._document, title, author)
        style(self._document)
        shape(self._document.sections[0], wide=False)
        self._foot(footer)

    def heading(self, text: str, level: int, mark: str | None = None, *, new_page: bool = False) -> None:
        """Write a heading, 0 for the title of the whole; `mark` is where links to it lead."""
        paragraph = self._document.add_paragraph(style="Title" if level == 0 else f"Heading {level}")
        paragraph.paragraph_format.page_break_before = new_page
        if mark is not None:
            self._bookmark(paragraph, mark)
        _write(paragraph, Piece(text))
        if mark is not None:
            self._end_bookmark(paragraph)

    def paragraph(self, pieces: Sequence[Piece], *, keep: bool = False) -> None:
        """Write a paragraph; `keep` holds it together with what follows."""
        paragraph = self._document.add_paragraph()
        paragraph.paragraph_format.keep_with_next = keep
        self._pieces(paragraph, pieces)

    def bullet(self, pieces: Sequence[Piece]) -> None:
        """Write an item of a list."""
        self._pieces(self._document.add_paragraph(style="List Bullet"), pieces)

    def check(self, pieces: Sequence[Piece], depth: int = 0, *, keep: bool = False) -> None:
        """Write something to tick, its box before it."""
        paragraph = self._hanging(0.7 * depth, 0.7, keep=keep)
        paragraph.paragraph_format.space_before = _points(5 if depth == 0 else 2)
        _write(paragraph, Piece(f"{BOX}\t"))
        self._pieces(paragraph, pieces)

    def fact(self, term: str, lines: Sequence[Sequence[Piece]], indent: float = 0.0, *, keep: bool = False) -> None:
        """Write what is said on a matter beside the name of the matter; `indent` in centimetres."""
        paragraph = self._hanging(indent, 3.4, keep=keep)
        paragraph.paragraph_format.space_after = _points(1.5)
        _write(paragraph, Piece(f"{term}\t", quiet=True))
        for place, line in enumerate(lines):
            if place:
                paragraph.add_run().add_break()
            self._pieces(paragraph, line)

    def table(self, heads: Sequence[str], rows: Sequence[Sequence[Sequence[Piece]]]) -> None:
        """Write a table, its heads repeated on every page and no row torn between two."""
        table = self._document.add_table(rows=1, cols=len(heads))
        table.style = "Normal Table"
        table.autofit = False
        _line_below(table)
        for cell, head in zip(table.rows[0].cells, heads, strict=True):
            _write(cell.paragraphs[0], Piece(head, quiet=True))
        _row_says(table.rows[0], "w:tblHeader")
        for row in rows:
            added = table.add_row()
            _row_says(added, "w:cantSplit")
            for cell, pieces in zip(added.cells, row, strict=True):
                self._pieces(cell.paragraphs[0], pieces)
        widths = _widths(heads, rows, _WIDE_CM if self._wide else _TEXT_CM)
        for column, width in zip(table.columns, widths, strict=True):
            column.width = _cm(width)
        for row in table.rows:
            for cell, width in zip(row.cells, widths, strict=True):
                cell.width = _cm(width)
                cell.paragraphs[0].paragraph_format.space_after = _points(2)
        self._document.add_paragraph().paragraph_format.space_after = _points(0)

    def picture(self, png: bytes, told: str) -> None:
        """Put in a picture as large as fits on a page, and what is told of it to those who do not see it."""
        drawn = self._document.add_picture(io.BytesIO(png))
        room = (_WIDE_CM, 13.5) if self._wide else (_TEXT_CM, 20.0)
        shrunk = min(_cm(side) / length for side, length in zip(room, (drawn.width, drawn.height), strict=True))
        drawn.width, drawn.height = round(drawn.width * shrunk), round(drawn.height * shrunk)
        drawn._inline.docPr.set("descr", told)
        drawn._inline.docPr.set("name", "Map")

    def turn(self, *, wide: bool) -> bool:
        """Begin a new page, upright or on its side, unless the page already lies so; tell whether one was begun."""
        from docx.enum.section import WD_SECTION

        if wide == self._wide:
            return False
        self._wide = wide
        shape(self._document.add_section(WD_SECTION.NEW_PAGE), wide=wide)
        return True

    def contents(self, title: str, entries: Sequence[tuple[str, str]]) -> None:
        """Write the table of contents of first-level headings, each entry its text and the mark that it leads to.

        It is a field: Word puts page numbers in when it is asked to update it. Until then it is a list of links.
        """
        self._document.add_paragraph(title, style="TOC Heading")
        for entry in entries:
            text, mark = entry
            paragraph = self._document.add_paragraph()
            paragraph.paragraph_format.space_after = _points(1)
            if entry is entries[0]:
                _field_begins(paragraph, r'TOC \o "1-1" \h \z \u')
            self._pieces(paragraph, [Piece(text, mark=mark)])
            if entry is entries[-1]:
                _field_char(paragraph, "end")

    def content(self) -> bytes:
        """Return the document as the bytes of a .docx file."""
        written = io.BytesIO()
        self._document.save(written)
        return without_clock(written.getvalue())

    def _hanging(self, indent: float, width: float, *, keep: bool) -> Paragraph:
        paragraph = self._document.add_paragraph()
        form = paragraph.paragraph_format
        form.left_indent, form.first_line_indent = _cm(indent + width), _cm(-width)
        form.tab_stops.add_tab_stop(_cm(indent + width))
        form.keep_with_next = keep
        form.keep_together = True
        return paragraph

    def _pieces(self, paragraph: Paragraph, pieces: Sequence[Piece]) -> None:
        for piece in pieces:
            if piece.mark is None and piece.address is None:
                _write(paragraph, piece)
            else:
                self._link(paragraph, piece)

    def _link(self, paragraph: Paragraph, piece: Piece) -> None:
        from docx.opc.constants import RELATIONSHIP_TYPE
        from docx.text.run import Run

        if piece.address is not None:
            place = {"r:id": paragraph.part.relate_to(piece.address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)}
        else:
            place = {"w:anchor": self._mark(str(piece.mark)), "w:history": "1"}
        link = _element("w:hyperlink", **place)
        run = Run(_element("w:r"), paragraph)
        link.append(run._r)
        paragraph._p.append(link)
        _dress(run, piece, colour=_LINK)

    def _mark(self, mark: str) -> str:
        """Return a name that Word takes for a mark: short, of letters and digits."""
        return self._marks.setdefault(mark, f"place_{len(self._marks) + 1}")

    def _bookmark(self, paragraph: Paragraph, mark: str) -> None:
        self._marked += 1
        start = {"w:id": str(self._marked), "w:name": self._mark(mark)}
        paragraph._p.append(_element("w:bookmarkStart", **start))

    def _end_bookmark(self, paragraph: Paragraph) -> None:
        paragraph._p.append(_element("w:bookmarkEnd", **{"w:id": str(self._marked)}))

    def _foot(self, said: str) -> None:
        """Write the footer of every page: what is said, and the number of the page."""
        paragraph = self._document.sections[0].footer.paragraphs[0]
        _write(paragraph, Piece(f"{said} · page ", quiet=True))
        _field_begins(paragraph, "PAGE")
        _write(paragraph, Piece("1", quiet=True))
        _field_char(paragraph, "end")


def _element(tag: str, **attributes: str) -> Any:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(name), value)
    return element


def _cm(length: float) -> Any:
    from docx.shared import Cm

    return Cm(length)


def _points(length: float) -> Any:
    from docx.shared import Pt

    return Pt(length)


def _write(paragraph: Paragraph, piece: Piece) -> None:
    _dress(paragraph.add_run(), piece, colour=None)


def _dress(run: Any, piece: Piece, colour: str | None) -> None:
    from docx.shared import RGBColor

    run.text = piece.text
    run.bold = piece.bold or None
    run.italic = piece.italic or None
    if piece.fixed:
        run.font.name = "Courier New"
        run.font.size = _points(9)
    shade = colour or (_OPEN if piece.italic else _QUIET if piece.quiet else None)
    if shade is not None:
        run.font.color.rgb = RGBColor.from_string(shade)


def _field_begins(paragraph: Paragraph, instruction: str) -> None:
    """Begin a field; what is written until its end is shown until it is updated."""
    _field_char(paragraph, "begin")
    told = _element("w:instrText", **{"xml:space": "preserve"})
    told.text = instruction
    paragraph.add_run()._r.append(told)
    _field_char(paragraph, "separate")


def _field_char(paragraph: Paragraph, kind: str) -> None:
    paragraph.add_run()._r.append(_element("w:fldChar", **{"w:fldCharType": kind}))


def _row_says(row: Any, tag: str) -> None:
    row._tr.get_or_add_trPr().append(_element(tag))


def _widths(heads: Sequence[str], rows: Sequence[Sequence[Sequence[Piece]]], whole: float) -> list[float]:
    """Return the widths of columns in centimetres: by their longest text, a very long one counting as a long one."""
    columns = [[head, *("".join(piece.text for piece in row[at]) for row in rows)] for at, head in enumerate(heads)]
    needed = [min(max(len(text) for text in column), 60) + 6 for column in columns]
    return [whole * one / sum(needed) for one in needed]


def _line_below(table: Any) -> None:
    """Draw a thin line below each row, and none beside."""
    borders = _element("w:tblBorders")
    for side in ("bottom", "insideH"):
        look = {"w:val": "single", "w:sz": "4", "w:space": "0", "w:color": "C3CCD6"}
        borders.append(_element(f"w:{side}", **look))
    # Word minds the order of these, and a document that it has to mend is a document that it complains of.
    table._tbl.tblPr.insert_element_before(borders, "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")
