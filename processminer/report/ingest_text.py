"""What was recognised in an export, what was repaired or set aside, and what the log can answer, for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.report.escape import plain
from processminer.report.listing import paragraph, table
from processminer.report.telling import say_date
from processminer.words import say_count

if TYPE_CHECKING:
    from processminer.log.eventlog import EventLog


def render_ingest(log: EventLog, *, width: int = 100) -> str:
    """Return the ingest report of a log as text."""
    report = log.ingest
    lines = [
        f"Recognised as: {plain(report.title)}",
        *(line for why in report.reasons for line in paragraph(why, width, "  - ")),
    ]
    lines += ["", *table(("File", "Part", "Rows"), [(file.name, file.role, file.rows) for file in report.files], width)]
    lines += [
        "",
        f"{say_count(report.rows_read, 'row')} read, {report.rows_used:,} used, "
        f"{sum(report.set_aside.values()):,} set aside; seen as of {say_date(log.as_of)}.",
        "Stages, in the log's order: " + plain(", ".join(f"{stage.name} ({stage.kind})" for stage in log.stages)),
        "",
        "Problems met" if report.problems else "No problem met.",
    ]
    for problem in report.problems:
        lines += paragraph(problem.treatment, width, f"  {problem.rows:>9,}  {problem.kind}: ")
        if problem.examples:
            lines += paragraph(", ".join(problem.examples), width, f"  {'':>9}  for example ")
    lines += ["", "What this log can answer"]
    for answer in report.answers:
        lines += paragraph(answer.because, width, f"  {answer.question:<10} {answer.verdict:<7} ")
    return "\n".join(lines) + "\n"
