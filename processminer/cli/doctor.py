"""`processminer doctor`: what was recognised in an export, what is wrong with it, and what is installed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from processminer.cli.options import reads_log
from processminer.cli.terminal import harmless, progress, say, screen, write
from processminer.errors import Question

if TYPE_CHECKING:
    from processminer.log.eventlog import EventLog
    from processminer.log.options import Options


@click.command("doctor")
@reads_log(required=False)
@click.option("--playbook", metavar="FILE", help="Read stages and outcomes by this playbook's names.")
@click.option(
    "--write-mapping",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write what was recognised as a mapping file to edit; one to fill in where nothing was.",
)
@click.option("--exports", is_flag=True, help="List the kinds of export that are recognised, and what each can tell.")
def command(
    log: str | None,
    options: Options,
    playbook: str | None,
    write_mapping: Path | None,
    exports: bool,  # noqa: FBT001 - click hands flags over by name
) -> None:
    """Say what was recognised in LOG, what was repaired or set aside, and what it can answer; audit nothing.

    Without LOG, say which programs and libraries were found.
    """
    if exports:
        from processminer.report.profiles_text import render_profiles

        say(render_profiles(screen()["width"]).rstrip("\n"))
        return
    if log is None:
        from processminer.report.installed import render_installed

        say(render_installed().rstrip("\n"))
        return
    from processminer.log.mapping_text import render_blank, render_mapping
    from processminer.log.sources.recognise import UnrecognisedLog
    from processminer.report.ingest_text import render_ingest

    try:
        read, question = _read(log, playbook, options)
    except UnrecognisedLog as error:
        if write_mapping is not None:
            _write(write_mapping, render_blank(error.headers))
        raise
    if write_mapping is not None:
        _write(write_mapping, render_mapping(read))
    say(render_ingest(read, width=screen()["width"]).rstrip("\n"))
    if question is not None:
        say(harmless(f"\nOne question is open. {question}"))


def _read(log: str, playbook: str | None, options: Options) -> tuple[EventLog, Question | None]:
    """Read the log; where nothing tells won and lost and nobody can be asked, as open deals, with the question."""
    from processminer.cli.options import chosen_playbook
    from processminer.cli.questions import can_ask

    with progress("Reading"):
        from processminer.study import read_by

        chosen = chosen_playbook(playbook, log)
        try:
            return read_by(log, chosen, options), None
        except Question as question:
            if question.asks != "outcomes" or can_ask():
                raise
            return read_by(log, chosen, replace(options, names=replace(options.names, lenient=True))), question


def _write(file: Path, mapping: str) -> None:
    if file.exists():
        message = f"{file} exists already; a mapping file is not written over."
        raise click.UsageError(message)
    write(mapping, file)
    click.echo(f"Wrote {file}. Edit it, and give it with --mapping {file}.", err=True)
