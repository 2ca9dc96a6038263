"""`processminer audit`: the main job in one run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from processminer.cli.options import chosen_playbook, reads_log
from processminer.cli.terminal import progress, say, screen

if TYPE_CHECKING:
    from processminer.log.options import Options


@click.command("audit")
@reads_log()
@click.option("--playbook", metavar="FILE", help="Hold deals against this playbook (a file, or a shipped one by name).")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=Path("audit"), show_default=True)
def command(log: str, options: Options, playbook: str | None, out: Path) -> None:
    """Read LOG, discover what deals do, compare it with a playbook, and write the report and the proposed changes.

    LOG is a file (CSV, TSV, Parquet, XES; gzipped too) or a folder of export files that belong together.
    Without --playbook one is drafted from the won deals.
    """
    with progress("Reading and measuring"):
        from processminer.study import DRAFT, study_of

        found = study_of(log, chosen_playbook(playbook, log), options, str(out / DRAFT))
    with progress("Writing the report"):
        from processminer.report.folder import write_report

        written = write_report(found, out)
    from processminer.report.text_report import render_text

    say(render_text(found, **screen()))
    say(f"\nWritten to {out}{'' if str(out).endswith('/') else '/'}: {', '.join(path.name for path in written)}")
    say(f"Open {written[0]} in a browser.")
