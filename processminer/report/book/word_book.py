"""The book as a Word document: headings, a table of contents, check boxes, a sheet for each page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.engines.pixels import svg_to_png
from processminer.engines.word_text import Piece, WordText
from processminer.report.book.book import Bullets, Checklist, Facts, Map, Paragraph, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from processminer.report.book.book import Block, Book, Check, Fact, Line, Page, Run

_SHARPER = 2400
"""Pixels across: 230 to the inch on a page on its side, so that the letters of the map stay letters in print."""


def render_word_book(book: Book) -> bytes:
    """Return the book as a .docx file, the same bytes for the same book on one machine."""
    word = WordText(book.title, _owner(book), f"{book.title} · {book.edition}")
    word.heading(book.title, 0)
    _facts(word, book.cover.rows)
    opening = [(section.title, _opening(place)) for place, section in enumerate(book.opening)]
    word.contents("Contents", [*opening, *((page.title, page.id) for page in book.pages)])
    for place, section in enumerate(book.opening):
        word.turn(wide=section.landscape)
        word.heading(section.title, 1, _opening(place))
        _blocks(word, section.blocks)
    for page in book.pages:
        turned = word.turn(wide=False)
        _page(word, page, new_page=page.sheet and not turned)
    return word.content()


def _opening(place: int) -> str:
    return f"opening-{place}"


def _owner(book: Book) -> str:
    said = next((fact.lines[0] for fact in book.cover.rows if fact.term == "Owner"), ())
    return "".join(run.text for run in said if run.tone != "missing")


def _page(word: WordText, page: Page, *, new_page: bool) -> None:
    word.heading(page.title, 1, page.id, new_page=new_page)
    word.paragraph([Piece(page.kicker, quiet=True)], keep=True)
    for section in page.sections:
        word.heading(section.title, 2)
        _blocks(word, section.blocks)


def _blocks(word: WordText, blocks: Sequence[Block]) -> None:
    for block in blocks:
        _block(word, block)


def _block(word: WordText, block: Block) -> None:
    match block:
        case Paragraph(line):
            word.paragraph(_line(line))
        case Facts(rows):
            _facts(word, rows)
        case Bullets(lines):
            _bullets(word, lines)
        case Checklist(checks):
            _checks(word, checks, 0)
        case Table(heads, rows):
            word.table(heads, [[_line(cell) for cell in row] for row in rows])
        case Map():
            word.picture(svg_to_png(block.svg, _SHARPER), block.told)


def _facts(word: WordText, rows: Sequence[Fact], indent: float = 0.0, *, keep: bool = False) -> None:
    for place, fact in enumerate(rows):
        more = keep and place < len(rows) - 1
        word.fact(fact.term, [_line(line) for line in fact.lines], indent, keep=more)


def _bullets(word: WordText, lines: Sequence[Line]) -> None:
    for line in lines:
        word.bullet(_line(line))


def _checks(word: WordText, checks: Sequence[Check], depth: int) -> None:
    for check in checks:
        word.check(_line(check.what), depth, keep=bool(check.facts or check.parts))
        _facts(word, check.facts, 0.7 * (depth + 1), keep=True)
        _checks(word, check.parts, depth + 1)


def _line(line: Line) -> list[Piece]:
    return [_piece(run) for run in line]


def _piece(run: Run) -> Piece:
    return Piece(
        run.text,
        bold=run.tone in ("strong", "due"),
        italic=run.tone == "missing",
        fixed=run.tone == "code",
        quiet=run.tone == "quiet",
        mark=run.page,
        address=run.address,
    )
