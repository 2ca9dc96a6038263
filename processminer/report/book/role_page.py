"""The page of a role: everything that the playbook asks of it, in one place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.report.book.book import Bullets, Fact, Facts, Page, Paragraph, Run, Section, Table
from processminer.report.book.checks import OPTIONAL
from processminer.report.book.handovers import handover_line, passed
from processminer.report.book.places import criteria_of, tasks_of
from processminer.report.book.wording import NOT_SAID, as_written, either, length, line, listed, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.report.book.book import Line
    from processminer.report.book.places import Places

GROUP = "Who does what"


def role_pages(places: Places) -> Iterator[Page]:
    """Yield a page for each role, and one for the tasks that nobody is named for."""
    for name, page in places.roles.items():
        sections = tuple(_sections(name, places)) or (
            Section("What it does", (Paragraph((Run("The playbook asks nothing of this role yet.", "missing"),)),)),
        )
        yield Page(page, text(name).text, GROUP, "Role", sections)
    unnamed = [
        line(text(task.do), " in ", places.stage(stage.name))
        for stage, task in tasks_of(places.playbook)
        if not task.by
    ]
    if unnamed:
        yield Page("nobody", "Nobody is named yet", GROUP, "Role", (Section("Tasks", (Bullets(tuple(unnamed)),)),))


def _sections(name: str, places: Places) -> Iterator[Section]:
    known = tuple(_known_as(name, places))
    if known:
        yield Section("Known as", (Facts(known),))
    owned = tuple(_owned(name, places))
    if owned:
        yield Section("Owns", (Facts(owned),))
    tasks = tuple(_tasks(name, places))
    if tasks:
        yield Section("Does", (Table(("Task", "Stage", "With", "What comes out", "By when"), tasks),))
    agreed = tuple(
        line(text(criterion.name), " in ", places.stage(stage.name))
        for stage, criterion in criteria_of(places.playbook)
        if criterion.approved_by and places.role_name(criterion.approved_by) == name
    )
    if agreed:
        yield Section("Has to agree to", (Bullets(agreed),))
    handed = tuple(_handovers(name, places))
    if handed:
        yield Section("Hands over and takes over", (Table(("Hand-over", "What is passed", "Within"), handed),))


def _known_as(name: str, places: Places) -> Iterator[Fact]:
    role = next((role for role in places.playbook.roles if role.name == name), None)
    if role is not None and role.aliases:
        yield Fact("In the CRM", (as_written(role.aliases),))
    if role is not None and role.people:
        yield Fact("People", (listed([text(one) for one in role.people]),))


def _owned(name: str, places: Places) -> Iterator[Fact]:
    book = places.playbook
    if book.owner and places.role_name(book.owner) == name:
        yield Fact("Playbook", (line("this one: who finds a better way tells this role"),))
    owned: list[tuple[str, list[Line]]] = [
        ("Stages", [(places.stage(one.name),) for one in book.stages if _is(one.owner, name, places)]),
        ("Service", [(places.stage(one.name),) for one in book.service if _is(one.owner, name, places)]),
        ("Metrics", [(text(one.name, page="metrics"),) for one in book.metrics if _is(one.owner, name, places)]),
        ("Materials", [(text(one.name, page="materials"),) for one in book.materials if _is(one.owner, name, places)]),
    ]
    yield from (Fact(term, (listed(names),)) for term, names in owned if names)


def _is(written: str | None, name: str, places: Places) -> bool:
    return bool(written) and places.role_name(str(written)) == name


def _tasks(name: str, places: Places) -> Iterator[tuple[Line, ...]]:
    for stage, task in tasks_of(places.playbook):
        if _is(task.by, name, places):
            when = Run("in the stage") if task.within is None else Run(f"within {length(task.within)}")
            yield (
                line(text(task.do, "strong"), *([OPTIONAL] if task.optional else [])),
                (places.stage(stage.name),),
                (places.material(task.material),),
                (either(task.output),),
                (when,),
            )


def _handovers(name: str, places: Places) -> Iterator[tuple[Line, ...]]:
    for handover in places.playbook.handovers:
        if _is(handover.giver, name, places) or _is(handover.taker, name, places):
            yield (
                handover_line(handover, places),
                passed(handover),
                (NOT_SAID,) if handover.within is None else line(length(handover.within)),
            )
