"""What a book holds, whatever it is written as: pages of sections, sections of blocks, blocks of lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

Tone = Literal["", "strong", "quiet", "missing", "due", "code"]
"""How a text is meant: `missing` where the playbook is silent on what a team needs, `due` where somebody should act,
`code` as the CRM writes it."""


@dataclass(frozen=True, slots=True)
class Run:
    """A text in one tone, on one line, with no character that acts on a reader's screen; it may lead somewhere."""

    text: str
    tone: Tone = ""
    page: str | None = None
    """The id of the page of this book that it leads to."""
    address: str | None = None
    """The address outside this book that it leads to: http, https or a relative path, and nothing else."""


Line = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A sentence or a few."""

    line: Line


@dataclass(frozen=True, slots=True)
class Fact:
    """What is said on one matter."""

    term: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts below each other."""

    rows: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Bullets:
    """Lines that stand beside each other."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """A thing to tick: a task or a criterion, with what there is to know of it and what it consists of."""

    what: Line
    facts: tuple[Fact, ...] = ()
    parts: tuple[Check, ...] = ()


@dataclass(frozen=True, slots=True)
class Checklist:
    """Things to tick, in order."""

    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows below heads; the first cell of a row names it."""

    heads: tuple[str, ...]
    rows: tuple[tuple[Line, ...], ...]


@dataclass(frozen=True, slots=True)
class Map:
    """The stage map, in the forms that the formats take over, and told for those who do not see it."""

    svg: str
    mermaid: str
    told: str


Block = Paragraph | Facts | Bullets | Checklist | Table | Map


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page below a heading of its own."""

    title: str
    blocks: tuple[Block, ...]
    landscape: bool = False
    """Whether it needs a page on its side when it is printed."""


@dataclass(frozen=True, slots=True)
class Page:
    """What stands on a page of its own."""

    id: str
    """Letters, digits, `-` and `_` only, told apart without regard to case: a file can bear it on every system."""
    title: str
    group: str
    """The part of the book that it belongs to."""
    kicker: str
    """The small line above its title."""
    sections: tuple[Section, ...]
    sheet: bool = True
    """Whether it begins a sheet when the whole is printed; short pages follow each other."""


@dataclass(frozen=True, slots=True)
class Book:
    """The whole book: a cover, an opening and pages in reading order."""

    title: str
    edition: str
    """Its version in a few words, for running footers."""
    cover: Facts
    opening: tuple[Section, ...]
    pages: tuple[Page, ...]

    @property
    def groups(self) -> dict[str, list[Page]]:
        """Return the pages by the part of the book that they belong to, in order."""
        parts: dict[str, list[Page]] = {}
        for page in self.pages:
            parts.setdefault(page.group, []).append(page)
        return parts


def runs_of(block: Block) -> Iterator[Run]:
    """Yield every text of a block in reading order; a map has none."""
    match block:
        case Paragraph(line):
            yield from line
        case Facts(rows):
            yield from _of_facts(rows)
        case Bullets(lines):
            yield from (run for line in lines for run in line)
        case Checklist(checks):
            yield from (run for check in checks for run in _of_check(check))
        case Table(rows=rows):
            yield from (run for row in rows for cell in row for run in cell)
        case Map():
            pass


def _of_facts(facts: tuple[Fact, ...]) -> Iterator[Run]:
    yield from (run for fact in facts for line in fact.lines for run in line)


def _of_check(check: Check) -> Iterator[Run]:
    yield from check.what
    yield from _of_facts(check.facts)
    for part in check.parts:
        yield from _of_check(part)
