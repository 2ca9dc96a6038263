"""`processminer doctor`: what was recognised in an export, what is wrong with it, and what is installed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from processminer.cli.options import reads_log
from processminer.cli.terminal import progress, say, screen

if TYPE_CHECKING:
    from processminer.log.read import Options


@click.command("doctor")
@reads_log(required=False)
@click.option("--playbook", metavar="FILE", help="Read stages and outcomes by this playbook's names.")
def command(log: str | None, options: Options, playbook: str | None) -> None:
    """Say what was recognised in LOG, what was repaired or set aside, and what it can answer; audit nothing.

    Without LOG, say which programs and libraries were found.
    """
    if log is None:
        from processminer.report.installed import render_installed

        say(render_installed().rstrip("\n"))
        return
    from processminer.cli.options import chosen_playbook
    from processminer.report.ingest_text import render_ingest

    with progress("Reading"):
        from processminer.study import read_by

        read = read_by(log, chosen_playbook(playbook, log), options)
    say(render_ingest(read, width=screen()["width"]).rstrip("\n"))
