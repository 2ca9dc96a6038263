"""`processminer playbook draft`: a playbook that tells what won deals did."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from processminer.cli.options import reads_log
from processminer.cli.terminal import progress, write

if TYPE_CHECKING:
    from processminer.log.options import Options


@click.command("draft")
@reads_log()
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write here; stdout if not given.")
def command(log: str, options: Options, out: Path | None) -> None:
    """Draft a playbook from the won deals of LOG, each line with its evidence."""
    with progress("Reading and drafting"):
        from processminer.study import draft_of

        drafted = draft_of(log, options)
    write(drafted.text, out)
