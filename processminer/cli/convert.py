"""`processminer convert`: a log as files that other programs read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import click

from processminer.cli.options import reads_log_and_out
from processminer.cli.terminal import harmless, progress, say

if TYPE_CHECKING:
    from pathlib import Path

    from processminer.log.eventlog import EventLog
    from processminer.log.options import Options

FORMATS = ("parquet", "csv", "xes", "ocel")


@click.command("convert")
@reads_log_and_out
@click.option(
    "--format", "kind", type=click.Choice(FORMATS), help="Default: told by OUT's ending; a folder becomes Parquet."
)
@click.option("--force", is_flag=True, help="Write over an earlier conversion.")
def command(log: str, out: Path, options: Options, kind: str | None, force: bool) -> None:  # noqa: FBT001 - a flag
    """Write the clean log that LOG holds to OUT, for other programs, and to be read back to the same audit.

    OUT is a folder for Parquet and CSV; a file for XES (.xes, .xes.gz) and OCEL 2.0 (.json, .jsonocel, .xmlocel,
    .sqlite). It holds deals with outcome, owner, amount and attributes, changes of stage, activities, and the order and
    class of stages, and changes of other fields. What was set aside on reading is counted in a report beside it. In
    CSV, an apostrophe keeps cells from being run as formulas.
    """
    from processminer.log.write.convert import convert

    with progress("Reading"):
        from processminer.log.read import read_log

        read = read_log(log, options)
    with progress("Writing"):
        written = convert(read, out, cast("Any", kind), force=force, report=_report(read))
    say(harmless(f"Written to {out} ({written.format}):"))
    for name, rows in written.rows.items():
        say(f"  {rows:>11,}  {name.replace('_', ' ')}")
    for problem in read.ingest.problems:
        if problem.set_aside:
            say(harmless(f"Set aside: {problem.rows:,} {problem.kind}."))
    say(harmless(f"Read it back: processminer audit {out}"))


def _report(log: EventLog) -> str:
    """Return the report on reading as a page of Markdown, every line of it indented and so taken as it is."""
    from processminer.report.ingest_text import render_ingest

    told = render_ingest(log).splitlines()
    return "# What was read\n\n" + "\n".join(f"    {line}".rstrip() for line in told) + "\n"
