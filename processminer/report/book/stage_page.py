"""The page of a stage: a checklist that is complete before a deal moves on, and the rules around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.report.book.book import Bullets, Checklist, Fact, Facts, Page, Paragraph, Run, Section
from processminer.report.book.checks import OPTIONAL, check_of_criterion, check_of_task
from processminer.report.book.handovers import handover_facts
from processminer.report.book.service_page import set_off_by
from processminer.report.book.wording import (
    NOT_SAID,
    as_written,
    fact,
    length,
    line,
    lines,
    listed,
    share,
    text,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from processminer.playbook.parts.stages import Criterion, Stage
    from processminer.report.book.book import Block, Line
    from processminer.report.book.places import Places

GROUP = "Stages"


def stage_page(stage: Stage, places: Places) -> Page:
    """Return the page of one stage."""
    names = places.playbook.names
    optional = ", may be left out" if stage.optional else ""
    sections = (
        Section("In short", (Facts(tuple(_in_short(stage, places))),)),
        Section("When a deal may come here", tuple(_coming(stage, places))),
        Section("What to do here", (_tasks(stage, places),)),
        Section("What must be true before the deal moves on", tuple(_leaving(stage, places))),
        Section("Limits", (Facts(tuple(_limits(stage))),)),
        Section("Where it may go from here", (Facts(tuple(_going(stage, places))),)),
        *_handovers(stage, places),
    )
    kicker = f"Stage {names.index(stage.name) + 1} of {len(names)}{optional}"
    return Page(places.stages[stage.name], text(stage.name).text, GROUP, kicker, sections)


def _in_short(stage: Stage, places: Places) -> Iterator[Fact]:
    yield Fact("Goal", lines(stage.goal) if stage.goal else ((NOT_SAID,),))
    yield fact("Owner", places.role(stage.owner))
    if stage.probability is not None:
        yield fact("Chance", f"{share(stage.probability)} of the deals here are expected to be won")
    else:
        yield fact("Chance", NOT_SAID)
    if stage.aliases:
        yield fact("Also called", as_written(stage.aliases))


def _coming(stage: Stage, places: Places) -> Iterator[Block]:
    order = places.playbook.names
    here = order.index(stage.name)
    sources = [name for name in order if (name, stage.name) in places.moves.between]
    onward = [places.stage(name) for name in sources if order.index(name) < here]
    back = [places.stage(name) for name in sources if order.index(name) > here]
    rows: list[Fact] = []
    if stage.name in places.moves.starts:
        rows.append(fact("New deals", "may begin here", ", as the playbook says" if stage.may_start else ""))
    if onward:
        rows.append(fact("From", listed(onward, "or")))
    if back:
        rows.append(fact("Back from", listed(back, "or")))
    for service in places.playbook.service:
        if service.opens == stage.name:
            rows.append(fact("After a win", places.stage(service.name), " opens a new deal here"))
    if not rows:
        rows.append(fact("From", Run("no stage: the playbook lets no deal come here", "missing")))
    yield Facts(tuple(rows))
    if stage.entry_criteria:
        yield Paragraph(line("Before it comes here:"))
        yield _criteria(stage.entry_criteria, places)


def _criteria(criteria: Sequence[Criterion], places: Places) -> Checklist:
    return Checklist(tuple(check_of_criterion(criterion, places) for criterion in criteria))


def _tasks(stage: Stage, places: Places) -> Block:
    if not stage.tasks:
        return Paragraph((NOT_SAID,))
    return Checklist(tuple(check_of_task(task, places) for task in stage.tasks))


def _leaving(stage: Stage, places: Places) -> Iterator[Block]:
    if any(not task.optional for task in stage.tasks):
        yield Paragraph(line("Every task above is done that is not optional."))
    yield (
        _criteria(stage.exit_criteria, places)
        if stage.exit_criteria
        else Paragraph(
            line("Criteria: ", NOT_SAID),
        )
    )
    if stage.advance_when:
        yield Paragraph(line("What the buyer does or says that moves the deal on:"))
        yield Bullets(tuple((text(reason),) for reason in stage.advance_when))


def _limits(stage: Stage) -> Iterator[Fact]:
    if stage.warn_after is not None:
        yield fact("Look at it", f"after {length(stage.warn_after)}")
    yield fact("Time limit", NOT_SAID if stage.time_limit is None else length(stage.time_limit))
    if stage.close_after is not None:
        yield fact("Given up", f"after {length(stage.close_after)}: the deal is closed as lost")
    if stage.max_silence is not None:
        yield fact("Silence", f"at most {length(stage.max_silence)} without an activity")
    if stage.min_contacts is not None:
        people = "person" if stage.min_contacts == 1 else "people"
        yield fact("Contacts", f"at least {stage.min_contacts:,} {people} of the buyer take part")
    if stage.max_visits is not None:
        times = "once" if stage.max_visits == 1 else f"{stage.max_visits:,} times"
        yield fact("Visits", f"at most {times}, the first one included")


def _going(stage: Stage, places: Places) -> Iterator[Fact]:
    usual = [name for name in _targets(stage, places) if name not in (*stage.may_skip_to, *stage.may_return_to)]
    wins = places.playbook.outcomes.won
    won = [places.stage(name) for name in wins] if stage.name in places.moves.wins else []
    if usual:
        yield fact("Next", listed(list(_with_optional(usual, places)), "or"))
    if won:
        early = " although stages lie between" if set(wins) & set(stage.may_skip_to) else ""
        yield fact("Won", "it may be won from here: ", listed(won, "or"), early)
    if not usual and not won:
        yield fact("Next", Run("the playbook says no way on", "missing"))
    skips = [name for name in stage.may_skip_to if name not in wins]
    if skips:
        yield fact(
            "Straight to", listed([places.stage(name) for name in skips], "or"), " with what lies between left out"
        )
    if stage.may_return_to:
        yield fact("Back to", listed([places.stage(name) for name in stage.may_return_to], "or"))
    yield fact("Lost", "it may be lost from here, as from every stage: ", Run("how deals end", page="outcomes"))
    yield from set_off_by((stage.name,), places)


def _targets(stage: Stage, places: Places) -> list[str]:
    """Return the stages that may follow directly, in the order of the playbook."""
    return [name for name in places.playbook.names if (stage.name, name) in places.moves.between]


def _with_optional(names: Iterable[str], places: Places) -> Iterator[Line]:
    for name in names:
        stage = places.playbook.stage(name)
        yield line(places.stage(name), *([OPTIONAL] if stage is not None and stage.optional else []))


def _handovers(stage: Stage, places: Places) -> Iterator[Section]:
    targets = {*_targets(stage, places)}
    if stage.name in places.moves.wins:
        targets |= {*places.playbook.outcomes.won}
    comes = [one for one in places.playbook.handovers if one.entering == stage.name]
    leaves = [one for one in places.playbook.handovers if one.entering in targets]
    told = [fact for one in comes for fact in handover_facts("Taken over", one, places)]
    told += [fact for one in leaves for fact in handover_facts("Handed over", one, places)]
    if told:
        yield Section("Who hands over to whom", (Facts(tuple(told)),))
