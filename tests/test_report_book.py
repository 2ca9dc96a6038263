"""The book: what its playbook says stands in every format, what it does not say is not invented."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from datetime import date
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from pydantic import BaseModel

from processminer.playbook.frameworks import FRAMEWORKS
from processminer.playbook.model import Playbook
from processminer.playbook.parts.metrics import Measure
from processminer.playbook.parts.part import Part
from processminer.playbook.parts.upkeep import DeviationKind
from processminer.playbook.read import read_playbook
from processminer.report.book import closing_pages
from processminer.report.book.book import Book, Checklist, Facts, runs_of
from processminer.report.book.compose import compose_book
from processminer.report.book.links import address_of
from processminer.report.book.markdown_book import render_markdown_book
from processminer.report.escape import plain
from tests.book_stories import AS_OF, FORMATS, FULL, book_says, hostile, one_line
from tests.playbook_texts import plain_playbooks
from tests.test_playbooks_shipped import FOLDER, SHIPPED

SILENT = {("Stage", "skip_cost"), ("Stage", "extra_cost"), ("Playbook", "undeclared_cost")}
"""What a step weighs when deals are measured: nothing that a person who sells does, knows or decides."""

Path = tuple[str | int, ...]


def parts(data: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Yield every part of plain data that holds no further parts, with its path."""
    if isinstance(data, (dict, list)):
        for key, inner in data.items() if isinstance(data, dict) else enumerate(data):
            yield from parts(inner, (*path, key))
    else:
        yield path, data


def models() -> set[type[Part]]:
    """Return the model classes that a playbook is made of, itself included."""
    return set(Part.__subclasses__())


def said_keys(said: BaseModel) -> Iterator[tuple[str, str]]:
    """Yield the keys that are said anywhere in a playbook, with the part that they belong to."""
    for name in said.model_fields_set:
        value = getattr(said, name)
        yield type(said).__name__, name
        for inner in value if isinstance(value, tuple) else [value]:
            if isinstance(inner, BaseModel):
                yield from said_keys(inner)


def test_the_full_story_says_every_key_of_the_model() -> None:
    every = {(kind.__name__, name) for kind in models() for name in kind.model_fields}
    assert every == set(said_keys(book_says(FULL)))


OTHER = {
    "33.5%": "12%", "BANT": "MEDDIC", "skipped": "returned", "time in stage": "conversion",
    2: 3, 3: 5, 4: 6, True: False,
}  # fmt: skip


def changed(data: dict[str, Any], path: Path, value: Any) -> dict[str, Any]:
    """Return the same data with another value in one place."""
    data = copy.deepcopy(data)
    place: Any = data
    for key in path[:-1]:
        place = place[key]
    if path[-1] == "uses":
        place.pop("of")
    match value:
        case date():
            place[path[-1]] = date(2025, 3, 3)
        case None:
            place[path[-1]] = "Shown__c"
        case str() if value.endswith((" days", " day", " hours")) and not value.startswith("at "):
            place[path[-1]] = "3 hours"
        case _:
            place[path[-1]] = OTHER.get(value, "something else")
    return data


@pytest.mark.parametrize("path", [path for path, _ in parts(FULL)], ids=lambda path: ".".join(map(str, path)))
def test_every_key_of_a_playbook_reaches_the_book(path: Path) -> None:
    value = dict(parts(FULL))[path]
    other = changed(FULL, path, value)
    mended = {"warn_after": "1 hour"} if path[-1] == "time_limit" and path[0] == "stages" else {}
    other["stages"][1] |= mended
    before = changed(FULL, ("stages", 1, "warn_after"), "1 day") if mended else copy.deepcopy(FULL)
    before["stages"][1] |= mended
    if path[-1] == "uses":
        before["stages"][1]["exit_criteria"][0].pop("of")
    old, new = compose_book(book_says(before), AS_OF), compose_book(book_says(other), AS_OF)
    if path[-1] in {name for _, name in SILENT}:
        assert old == new
    else:
        assert FORMATS["markdown"](old) != FORMATS["markdown"](new)


def said(playbook: BaseModel) -> Iterator[str]:
    """Yield every text of a playbook that a reader is to find, line by line as its author wrote it."""
    for name in type(playbook).model_fields:
        value = getattr(playbook, name)
        if name != "deviation":
            yield from _said(value)


def _said(value: Any) -> Iterator[str]:
    if isinstance(value, BaseModel):
        yield from said(value)
    elif isinstance(value, dict):
        yield from value
        yield from (text for inner in value.values() for text in _said(inner))
    elif isinstance(value, tuple):
        yield from (text for inner in value for text in _said(inner))
    elif isinstance(value, str):
        yield from value.splitlines()
    elif isinstance(value, date):
        yield str(value)


def missing(playbook: Playbook, book: Book) -> dict[str, set[str]]:
    """Return what a reader does not find, by format."""
    wanted = {" ".join(one_line(plain(text).replace("\ufffe", "\ufffd")).split()) for text in said(playbook)}
    found = {kind: " ".join(read(book).split()) for kind, read in FORMATS.items()}
    lost = {kind: {one for one in wanted if one not in text} for kind, text in found.items()}
    return {kind: texts for kind, texts in lost.items() if texts}


@settings(max_examples=6)
@given(plain_playbooks())
def test_every_text_of_a_random_playbook_is_found_in_every_format(data: dict[str, Any]) -> None:
    playbook = book_says(data)
    assert missing(playbook, compose_book(playbook, AS_OF)) == {}


@pytest.mark.parametrize("name", SHIPPED)
def test_every_text_of_a_shipped_playbook_is_found_in_every_format(name: str) -> None:
    playbook = read_playbook(FOLDER / f"{name}.yaml")
    assert missing(playbook, compose_book(playbook)) == {}


def test_every_text_of_a_full_playbook_and_of_a_hostile_one_is_found_in_every_format() -> None:
    assert missing(book_says(FULL), compose_book(book_says(FULL))) == {}
    assert missing(hostile(), compose_book(hostile())) == {}


def facts_of(book: Book, page: str, section: str) -> dict[str, str]:
    """Return the facts of a section as they are read."""
    found = next(one for one in book.pages if one.id == page)
    blocks = next(one for one in found.sections if one.title == section).blocks
    rows = [row for block in blocks if isinstance(block, Facts) for row in block.rows]
    return {row.term: " / ".join("".join(run.text for run in line) for line in row.lines) for row in rows}


def test_a_stage_says_whence_a_deal_comes_and_where_it_may_go() -> None:
    book = compose_book(book_says(FULL))
    assert facts_of(book, "stage-qualification", "When a deal may come here") == {
        "New deals": "may begin here, as the playbook says",
        "From": "Lead",
    }
    assert facts_of(book, "stage-qualification", "Where it may go from here") == {
        "Next": "Offer",
        "Won": "it may be won from here: Closed Won or Gewonnen although stages lie between",
        "Straight to": "Signed with what lies between left out",
        "Back to": "Lead",
        "Lost": "it may be lost from here, as from every stage: how deals end",
    }
    assert facts_of(book, "stage-lead", "When a deal may come here") == {
        "New deals": "may begin here",
        "Back from": "Qualification",
        "After a win": "Delivery opens a new deal here",
    }


def test_a_stage_says_its_limits_and_its_hand_overs() -> None:
    book = compose_book(book_says(FULL))
    assert facts_of(book, "stage-qualification", "Limits") == {
        "Look at it": "after 10 days",
        "Time limit": "14 days",
        "Given up": "after 60 days: the deal is closed as lost",
        "Silence": "at most 5 days without an activity",
        "Contacts": "at least 2 people of the buyer take part",
        "Visits": "at most 4 times, the first one included",
    }
    sentence = "Marketing to SDR, as the deal comes to Qualification, within 1 day"
    passed = {"What is passed": "Source and First answer", "In the CRM": "an activity Accepted"}
    taken = facts_of(book, "stage-qualification", "Who hands over to whom")
    assert taken == {"Taken over": sentence} | passed
    assert facts_of(book, "stage-lead", "Who hands over to whom") == {"Handed over": sentence} | passed


def test_criteria_are_said_in_words_with_the_question_for_each_element() -> None:
    text = FORMATS["docx"](compose_book(book_says(FULL)))
    assert "☐ Our four (BANT): at least 2 of these 4" in text
    assert "☐ Budget: Is there money for it, and how much? In the CRM the field Budget__c is filled" in text
    assert "☐ Need: Which problem do we solve, and what does it cost them? In the CRM no field shows it yet" in text
    assert "☐ Fit (optional) In the CRM the field Fit__c is filled with good or great" in text
    assert "☐ Paper Document Order form Agreed by Legal In the CRM an activity Contract sent" in text


def test_each_ready_block_has_its_questions() -> None:
    for name, framework in FRAMEWORKS.items():
        data = {"name": "n", "stages": [{"name": "s", "exit_criteria": [{"name": "Qualified", "uses": name}]}]}
        text = FORMATS["site"](compose_book(book_says(data)))
        assert all(
            f"{one}: {asked}" in text for one, asked in zip(framework.elements, framework.questions, strict=True)
        )
        needed = "all" if framework.enough == len(framework.elements) else f"at least {framework.enough}"
        assert f"{needed} of these {len(framework.elements)}" in text


def test_a_role_is_one_person_to_the_reader_however_it_is_written() -> None:
    data = copy.deepcopy(FULL) | {"roles": [{"name": "Account executive", "aliases": ["AE"]}]}
    data["stages"][2] |= {"owner": "account executive", "tasks": [{"do": "Send it", "by": "AE"}]}
    pages = [page for page in compose_book(book_says(data)).pages if page.id.startswith("role-")]
    mine = next(page for page in pages if page.id == "role-account_executive")
    assert [page.title.casefold() for page in pages].count("account executive") == 1
    assert not {"role-ae", "role-aE"} & {page.id for page in pages}
    text = " ".join(run.text for section in mine.sections for block in section.blocks for run in runs_of(block))
    assert "Send it" in text
    assert "Offer" in text


def test_what_the_playbook_leaves_open_is_said_and_counted_and_nothing_is_invented() -> None:
    book = compose_book(book_says({"name": "Bare", "stages": [{"name": "Talk", "tasks": [{"do": "Call"}]}]}))
    every = (*book.opening, *(section for page in book.pages for section in page.sections))
    runs = [run for section in every for block in section.blocks for run in runs_of(block)]
    open_places = [run for run in runs if run.tone == "missing"]
    cover = {row.term: "".join(run.text for run in row.lines[0]) for row in book.cover.rows}
    assert cover["Left open"] == f"{len(open_places)} places of this book still say not said yet"
    assert cover["Valid from"] == cover["Owner"] == "not said yet"
    assert "who, how, with what and what comes out" in [run.text for run in open_places]
    assert "Call in Talk" in " ".join(FORMATS["whole"](book).split())
    assert [page.id for page in book.pages] == [
        "stage-talk",
        "outcomes",
        "nobody",
        "metrics",
        "materials",
        "changes",
        "words",
    ]


@pytest.mark.parametrize(
    ("as_of", "review", "material", "accepted"),
    [
        (
            None,
            "looked at on 2026-04-02, to be looked at again by 2026-07-01",
            "looked at on 2026-01-15, to be looked at again by 2026-04-15",
            "2026-05-31",
        ),
        (
            date(2026, 4, 15),
            "fresh: looked at on 2026-04-02, to be looked at again by 2026-07-01",
            "fresh: looked at on 2026-01-15, to be looked at again by 2026-04-15",
            "2026-05-31",
        ),
        (
            date(2026, 6, 1),
            "fresh: looked at on 2026-04-02, to be looked at again by 2026-07-01",
            "due: looked at on 2026-01-15, to be looked at again by 2026-04-15",
            "2026-05-31 (over)",
        ),
    ],
)
def test_freshness_is_told_as_of_a_day_and_only_then(
    as_of: date | None, review: str, material: str, accepted: str
) -> None:
    text = FORMATS["site"](compose_book(book_says(FULL), as_of))
    assert f"every 90 days: {review}" in text
    assert material in text
    assert f"Small deals need none.{accepted}" in text
    assert ("(over)" in text) == accepted.endswith("(over)")
    assert ("fresh:" in text) == (as_of is not None)


def test_a_version_that_is_not_yet_in_force_and_a_material_without_a_review_are_told() -> None:
    data = copy.deepcopy(FULL) | {"materials": [{"name": "call-script.md"}]}
    text = FORMATS["site"](compose_book(book_says(data), date(2025, 12, 31)))
    assert "2026-01-01 (not yet in force on 2025-12-31)" in text
    assert "never reviewed" in text


def test_a_change_is_a_look_at_the_playbook_and_without_one_its_first_day_counts() -> None:
    later = {"changes": [{"version": "2.2.0", "why": "New price list", "day": date(2026, 5, 2)}]}
    told = {"later": FULL | later, "none": {key: FULL[key] for key in FULL if key not in ("changes", "reviewed")}}
    cover = {name: compose_book(book_says(data), AS_OF).cover.rows for name, data in told.items()}
    review = {name: next(row.lines[0][-1].text for row in rows if row.term == "Review") for name, rows in cover.items()}
    assert review == {
        "later": "fresh: looked at on 2026-05-02, to be looked at again by 2026-07-31",
        "none": "due: looked at on 2026-01-01, to be looked at again by 2026-04-01",
    }


def test_a_role_that_bears_anothers_alias_keeps_its_own_page_and_people() -> None:
    roles = [{"name": "Seller", "aliases": ["AE"]}, {"name": "AE", "people": ["Ann Onym"]}]
    data = {"name": "n", "roles": roles, "stages": [{"name": "s", "owner": "ae"}]}
    assert facts_of(compose_book(book_says(data)), "role-ae", "Known as") == {"People": "Ann Onym"}


def test_the_words_for_kinds_of_deviation_and_measures_are_complete() -> None:
    assert set(closing_pages._ACCEPTED) == set(get_args(DeviationKind))
    assert set(closing_pages._COUNTED) == set(get_args(Measure))


def test_every_task_and_criterion_is_something_to_tick() -> None:
    book = compose_book(book_says(FULL))
    lists = [
        block
        for page in book.pages
        for section in page.sections
        for block in section.blocks
        if isinstance(block, Checklist)
    ]
    ticked = [check.what[0].text for one in lists for check in one.checks]
    assert ticked == ["Write", "Fit", "Discovery call", "Our four", "Paper", "Deliver it"]
    assert render_markdown_book(book).count("- [ ] ") == len(ticked) + 4


@pytest.mark.parametrize(
    ("where", "address"),
    [
        ("https://example.org/a?b=c#d", "https://example.org/a?b=c#d"),
        ("HTTP://example.org/a b", "HTTP://example.org/a%20b"),
        ("scripts/call script.docx", "scripts/call%20script.docx"),
        ("../wiki/page", "../wiki/page"),
        ("call.md", "call.md"),
        ("Größe.pdf", "Gr%C3%B6%C3%9Fe.pdf"),
        *(
            (harmful, None)
            for harmful in (
                "javascript:alert(1)", " JaVaScRiPt:alert(1)//x.md", "java\tscript:alert(1)", "data:text/html,x.md",
                "vbscript:x.md", "file:///etc/passwd", "//evil.example/x.md", "\\\\evil\\x.md", "/etc/passwd.md",
                "https:/x.md", "https://", "https://[x.md", "http:x.md", 'a".md', "<a>.md", "x\u202e.md", "", " ",
                "The blue folder", "wiki", "Ask Ann: script.md",
            )
        ),
    ],
)  # fmt: skip
def test_only_web_addresses_and_relative_paths_are_links(where: str, address: str | None) -> None:
    assert address_of(where) == address
