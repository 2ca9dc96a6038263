"""What was recognised in an export, what was repaired or set aside, and what the log can answer, for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.report.escape import plain
from processminer.report.listing import paragraph, table
from processminer.report.read_and_left import say_deals, say_met, say_switch
from processminer.report.telling import say_date
from processminer.words import say_count

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from processminer.log.eventlog import Answer, EventLog, Problem


SHOWN = 2
"""Examples on a screen; the page and audit.json hold the others."""


def render_ingest(log: EventLog, *, width: int = 100) -> str:
    """Return the ingest report of a log as text."""
    report = log.ingest
    lines = [
        f"Recognised as: {plain(report.title)}",
        *(line for why in report.reasons for line in paragraph(why, width, "  - ")),
    ]
    lines += ["", *table(("File", "Part", "Rows"), [(file.name, file.role, file.rows) for file in report.files], width)]
    lines += ["", *_counts(log, width)]
    treated = [problem for problem in report.problems if not problem.harmless]
    harmless = [problem for problem in report.problems if problem.harmless]
    lines += ["", "What was treated" if treated else "Nothing had to be treated."]
    lines += [line for problem in treated for line in _problem(problem, width)]
    if harmless:
        lines += ["", "Good to know"]
        lines += [line for problem in harmless for line in _known(problem, width)]
    lines += ["", "What this log can answer"]
    lines += [line for answer in report.answers for line in _answer(answer, width)]
    return "\n".join(lines) + "\n"


def _counts(log: EventLog, width: int) -> Iterator[str]:
    report = log.ingest
    yield (
        f"{say_count(report.rows_read, 'row')} read, {report.rows_used:,} used, "
        f"{sum(report.set_aside.values()):,} set aside; seen as of {say_date(log.as_of)}."
    )
    yield from paragraph(say_deals(report), width)
    if report.treatments:
        yield from paragraph(
            "Treated as asked for: " + ", ".join(f"{kind}={one}" for kind, one in report.treatments.items()), width
        )
    stages = ", ".join(f"{stage.name} ({stage.kind})" for stage in log.stages)
    yield from paragraph(f"Stages, in the log's order: {stages}", width)


def _problem(problem: Problem, width: int) -> Iterator[str]:
    yield from paragraph(f"{problem.title} ({problem.kind}): {say_met(problem)}", width, "  ")
    yield from paragraph(problem.treatment, width, "    ")
    if problem.examples:
        yield from paragraph(", ".join(problem.examples[:SHOWN]), width, "    for example ")
    switch = say_switch(problem)
    if switch:
        yield from paragraph(switch, width, "    otherwise ")


def _known(problem: Problem, width: int) -> Iterator[str]:
    """Yield what is said for completeness: in one breath, and how to have it another way."""
    switch = say_switch(problem)
    otherwise = f" (otherwise {switch})" if switch else ""
    told = f"{problem.title} ({problem.kind}): {say_met(problem)}. {problem.treatment}{otherwise}"
    yield from paragraph(told, width, "  ")


def _answer(answer: Answer, width: int) -> Sequence[str]:
    lines = paragraph(answer.because, width, f"  {answer.question:<10} {answer.verdict:<7} ")
    return [*lines, *paragraph(answer.instead, width, " " * 21)] if answer.instead else lines
