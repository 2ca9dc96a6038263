"""Tasks and criteria as things to tick: what is to be done or true, and what there is to know of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.playbook.frameworks import FRAMEWORKS
from processminer.report.book.book import Check, Fact, Run
from processminer.report.book.wording import as_written, fact, length, line, lines, listed, says, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from processminer.playbook.parts.stages import Criterion, Task
    from processminer.report.book.book import Line
    from processminer.report.book.places import Places

OPTIONAL = Run(" (optional)", "quiet")


def check_of_task(task: Task, places: Places) -> Check:
    """Return a task to tick, in its four parts, with how often and by when."""
    what = line(text(task.do, "strong"), *([OPTIONAL] if task.optional else []))
    return Check(what, tuple(_facts_of_task(task, places)))


def _facts_of_task(task: Task, places: Places) -> Iterator[Fact]:
    by = () if task.by is None else ((places.role(task.by),),)
    material = () if task.material is None else ((places.material(task.material),),)
    parts: tuple[tuple[str, str, str | None, tuple[Line, ...]], ...] = (
        ("Who", "who", task.by, by),
        ("How", "how", task.how, lines(task.how or "")),
        ("With", "with what", task.material, material),
        ("What comes out", "what comes out", task.output, lines(task.output or "")),
    )
    yield from (Fact(term, told) for term, _, said, told in parts if says(said))
    yield from _when(task)
    silent = [part for _, part, said, _ in parts if not says(said)]
    if silent:
        yield fact("Not said yet", Run("".join(run.text for run in listed(silent)), "missing"))


def _when(task: Task) -> Iterator[Fact]:
    said = [f"at least {task.times:,} times"] if task.times > 1 else []
    if task.within is not None:
        said.append(f"within {length(task.within)} after the deal came to this stage")
    if task.takes is not None:
        said.append(f"it usually takes {length(task.takes)}")
    if said:
        yield fact("When", "; ".join(said))
    if task.seen_as:
        yield fact("In the CRM", "an activity ", as_written(task.seen_as))


def check_of_criterion(criterion: Criterion, places: Places) -> Check:
    """Return a criterion to tick in words, each of its elements with its question and the field that shows it."""
    what = [text(criterion.name, "strong"), *([OPTIONAL] if criterion.optional else [])]
    if criterion.uses is not None and criterion.uses != criterion.name:
        what.append(Run(f" ({criterion.uses})", "quiet"))
    parts = () if criterion.field is not None else tuple(_elements(criterion))
    if parts:
        what.append(Run(f": {_enough(criterion.needed, len(parts))}"))
    return Check(tuple(what), tuple(_facts_of_criterion(criterion, places)), parts)


def _enough(needed: int, elements: int) -> str:
    if needed == elements:
        return "this one" if elements == 1 else f"all of these {elements}"
    return f"at least {needed} of these {elements}"


def _elements(criterion: Criterion) -> Iterator[Check]:
    questions = _questions(criterion)
    for name, field in criterion.elements.items():
        asked = line(Run(": "), text(questions[name])) if name in questions else ()
        shown = line(*_filled(field, criterion)) if field is not None else line(Run("no field shows it yet", "missing"))
        yield Check(line(text(name, "strong"), asked), (Fact("In the CRM", (shown,)),))


def _questions(criterion: Criterion) -> Mapping[str, str]:
    """Return what to find out for each element, where the criterion is one of the ready blocks."""
    framework = FRAMEWORKS.get(criterion.uses or criterion.name)
    return {} if framework is None else dict(zip(framework.elements, framework.questions, strict=True))


def _filled(field: str, criterion: Criterion) -> Line:
    values = line(" with ", as_written(criterion.values)) if criterion.values else ()
    return line("the field ", text(field, "code"), " is filled", values)


def _facts_of_criterion(criterion: Criterion, places: Places) -> Iterator[Fact]:
    if criterion.document:
        yield fact("Document", text(criterion.document))
    if criterion.approved_by:
        yield fact("Agreed by", places.role(criterion.approved_by))
    shown = [_filled(criterion.field, criterion)] if criterion.field is not None else []
    if criterion.seen_as:
        shown.append(line("an activity ", as_written(criterion.seen_as)))
    if shown:
        yield Fact("In the CRM", (listed(shown, "or"),))
    if criterion.values and not criterion.fields:
        yield fact("Values that count", as_written(criterion.values))
    if not (shown or criterion.elements or criterion.document or criterion.approved_by):
        yield fact("Not said yet", Run("how one sees that it is met", "missing"))
