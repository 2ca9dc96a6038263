"""The book as one Markdown file in GitHub's manner: check boxes, tables, links between its parts, a Mermaid map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.report.book.book import Bullets, Checklist, Facts, Map, Paragraph, Table
from processminer.report.escape import markdown, markdown_code

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from processminer.report.book.book import Block, Book, Check, Fact, Line, Run, Section


def render_markdown_book(book: Book) -> str:
    """Return the book as one Markdown text; every text of the playbook is shown letter by letter."""
    return "\n".join(_book(book)) + "\n"


def _book(book: Book) -> Iterator[str]:
    yield f"# {markdown(book.title)}"
    yield ""
    yield from _facts(book.cover.rows)
    yield "## Contents"
    yield ""
    for group, pages in book.groups.items():
        yield f"- {markdown(group)}"
        yield from (f"  - [{markdown(page.title)}](#{page.id})" for page in pages)
    yield ""
    yield from _sections(book.opening, 2)
    for page in book.pages:
        yield "---"
        yield ""
        # The hosts' own anchors follow from titles, of which two may be alike.
        yield f'<a id="{page.id}"></a>'
        yield ""
        yield f"## {markdown(page.title)}"
        yield ""
        yield f"_{markdown(page.kicker)}_"
        yield ""
        yield from _sections(page.sections, 3)


def _sections(sections: Sequence[Section], level: int) -> Iterator[str]:
    for section in sections:
        yield f"{'#' * level} {markdown(section.title)}"
        yield ""
        for block in section.blocks:
            yield from _block(block)


def _block(block: Block) -> Iterator[str]:
    match block:
        case Paragraph(line):
            yield from (_line(line), "")
        case Facts(rows):
            yield from _facts(rows)
        case Bullets(lines):
            yield from (*(f"- {_line(line)}" for line in lines), "")
        case Checklist(checks):
            yield from (*(text for check in checks for text in _check(check, "")), "")
        case Table():
            yield from _table(block)
        case Map():
            yield from ("```mermaid", block.mermaid.rstrip("\n"), "```", "", markdown(block.told), "")


def _facts(rows: Sequence[Fact]) -> Iterator[str]:
    yield from (text for fact in rows for text in _fact(fact, "", "**"))
    yield ""


def _fact(fact: Fact, indent: str, marks: str = "") -> Iterator[str]:
    first, *rest = fact.lines
    yield f"{indent}- {marks}{markdown(fact.term)}{marks}: {_line(first)}"
    for line in rest:
        yield f"{indent}  <br>{_line(line)}"


def _check(check: Check, indent: str) -> Iterator[str]:
    yield f"{indent}- [ ] {_line(check.what)}"
    for fact in check.facts:
        yield from _fact(fact, f"{indent}  ")
    for part in check.parts:
        yield from _check(part, f"{indent}  ")


def _table(table: Table) -> Iterator[str]:
    yield f"| {' | '.join(markdown(head) for head in table.heads)} |"
    yield f"|{' --- |' * len(table.heads)}"
    yield from (f"| {' | '.join(_line(cell) for cell in row)} |" for row in table.rows)
    yield ""


def _line(line: Line) -> str:
    return "".join(_run(run) for run in line).strip()


def _run(run: Run) -> str:
    if run.address is not None:
        return f"[{markdown(run.text)}](<{run.address}>)"
    if run.page is not None:
        return f"[{markdown(run.text)}](#{run.page})"
    # A bar ends a cell of a table even within code.
    if run.tone == "code" and "|" not in run.text:
        return markdown_code(run.text)
    marks = {"strong": "**", "missing": "_", "due": "**"}.get(run.tone, "")
    return _marked(run.text, marks)


def _marked(text: str, marks: str) -> str:
    """Return a text between marks, its blanks outside them: marks beside blanks do not count as marks."""
    inner = text.strip()
    if not inner or not marks:
        return markdown(text)
    return f"{text[: len(text) - len(text.lstrip())]}{marks}{markdown(inner)}{marks}{text[len(text.rstrip()) :]}"
