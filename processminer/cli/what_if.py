"""`processminer what-if`: what a change of the flow would do, as a range whose ends name their beliefs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from processminer.cli.options import chosen_playbook, reads_log_and_words
from processminer.cli.terminal import progress, say, screen, told_by, write

if TYPE_CHECKING:
    from processminer.log.options import Options

FORMATS = ("text", "json")


@click.command("what-if")
@reads_log_and_words("PLAYBOOK EDIT...")
@click.option("--format", "kind", type=click.Choice(FORMATS), help="Default: told by --out's ending, else text.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write here; stdout if not given.")
def command(log: str, options: Options, words: tuple[str, ...], kind: str | None, out: Path | None) -> None:
    r"""Say what EDITs would do to the wins of new deals in LOG and to the days they take, all edits together.

    \b
    faster:STAGE:TIMES   deals go on from the stage so many times as fast (faster:Proposal:1.5)
    remove:STAGE         nobody stays in the stage (remove:Demo)
    give-up:STAGE:DAYS   deals that have been in the stage for so many days are given up
    pass:STAGE:TIMES     so many times as many deals go on from the stage (pass:Discovery:1.1)
    arrivals:TIMES       so many times as many deals begin (arrivals:1.2)

    The answer is a range: each end needs a belief about the deals that no log can confirm. PLAYBOOK, which may be left
    out with --sample, gives the names and the order of the stages.
    """
    from processminer.report.flow_json import render_what_if_json
    from processminer.report.what_if_text import render_what_if

    playbook, edits = _parted(words, log)
    kind = kind or told_by(out, FORMATS, "text")
    with progress("Reading, and trying past periods"):
        from processminer.study import what_if_of

        found = what_if_of(log, playbook, options, edits)
    text = render_what_if_json(found) if kind == "json" else render_what_if(found, width=screen()["width"])
    if out is not None:
        write(text, out)
    else:
        say(text.rstrip("\n"))


def _parted(words: tuple[str, ...], log: str) -> tuple[str, tuple[str, ...]]:
    """Return the playbook and the edits; a shipped sample has a playbook of its own."""
    from processminer.estimates.flow.predict import is_edit

    named = bool(words) and not is_edit(words[0])
    playbook = chosen_playbook(words[0] if named else None, log)
    edits = words[1:] if named else words
    if playbook is None:
        message = "Missing argument 'PLAYBOOK': a YAML file, or a shipped one by name (b2b-saas)."
        raise click.UsageError(message)
    if not edits:
        message = "Missing argument 'EDIT': a change, such as faster:Proposal:1.5 (see --help)."
        raise click.UsageError(message)
    return playbook, edits
