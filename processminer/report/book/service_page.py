"""The cycle after the win, and where it must keep step with the cycle of the sale."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.report.book.book import Checklist, Fact, Facts, Page, Paragraph, Section, Table
from processminer.report.book.checks import check_of_task
from processminer.report.book.wording import NOT_SAID, as_written, fact, length, line, lines, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from processminer.playbook.parts.stages import ServiceStage
    from processminer.report.book.book import Block, Line
    from processminer.report.book.places import Places


def service_page(places: Places) -> Iterator[Page]:
    """Yield the page of the service cycle, if the playbook declares one."""
    service = places.playbook.service
    if service:
        steps = Section("Where the two cycles keep step", (_steps(places),))
        stages = (Section(text(stage.name).text, tuple(_told(stage, places))) for stage in service)
        yield Page("service", "After the win", "After the sale", "Service cycle", (steps, *stages))


def set_off_by(names: Sequence[str], places: Places) -> Iterator[Fact]:
    """Yield the service stages that begin with one of these stages or outcomes."""
    for stage in places.playbook.service:
        if stage.begins_at in names and stage.begins_at is not None:
            soon = "" if stage.within is None else f" within {length(stage.within)}"
            yield fact("Sets off", places.stage(stage.name), f"{soon} after ", text(stage.begins_at))


def _steps(places: Places) -> Table:
    rows = tuple(
        ((text(stage.name, "strong"),), (_begins(stage, places)), (_within(stage)), (_opens(stage, places)))
        for stage in places.playbook.service
    )
    return Table(("Service stage", "Begins with", "Within", "Opens a new deal in"), rows)


def _begins(stage: ServiceStage, places: Places) -> Line:
    return (NOT_SAID,) if stage.begins_at is None else (places.stage(stage.begins_at),)


def _within(stage: ServiceStage) -> Line:
    return (NOT_SAID,) if stage.within is None else line(length(stage.within))


def _opens(stage: ServiceStage, places: Places) -> Line:
    return line("none") if stage.opens is None else (places.stage(stage.opens),)


def _told(stage: ServiceStage, places: Places) -> Iterator[Block]:
    yield Facts(tuple(_facts(stage, places)))
    if stage.tasks:
        yield Checklist(tuple(check_of_task(task, places) for task in stage.tasks))
    else:
        yield Paragraph(line("Tasks: ", NOT_SAID))


def _facts(stage: ServiceStage, places: Places) -> Iterator[Fact]:
    yield Fact("Goal", lines(stage.goal) if stage.goal else ((NOT_SAID,),))
    yield fact("Owner", places.role(stage.owner))
    yield fact("Time limit", NOT_SAID if stage.time_limit is None else length(stage.time_limit))
    if stage.aliases:
        yield fact("Also called", as_written(stage.aliases))
    if stage.seen_as:
        yield fact("In the CRM", "an activity ", as_written(stage.seen_as))
