"""`processminer mine`: the stage flow that really happens, as text, picture or data."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from processminer.cli.options import chosen_playbook, reads_log
from processminer.cli.terminal import harmless, progress, say, screen, told_by, write

if TYPE_CHECKING:
    from processminer.log.options import Options

FORMATS = ("text", "svg", "png", "dot", "mermaid", "bpmn", "json")


@click.command("mine")
@reads_log()
@click.option("--playbook", metavar="FILE", help="Draw what is and is not in this playbook, in its order.")
@click.option("--format", "kind", type=click.Choice(FORMATS), help="Default: told by --out's ending, else text.")
@click.option("--colour", type=click.Choice(["frequency", "days", "playbook"]), help="What the colours of the map say.")
@click.option("--layout", type=click.Choice(["stages", "dot"]), default="stages", show_default=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write here; stdout if not given.")
def command(
    log: str,
    options: Options,
    playbook: str | None,
    kind: str | None,
    colour: str | None,
    layout: str,
    out: Path | None,
) -> None:
    """Discover the stage flow of LOG: stages, moves, waiting, and the paths that deals share.

    --layout dot lets graphviz arrange the svg or png, which suits activity logs without an order of stages.
    """
    from processminer.report.mined import Wish, render_mined

    kind = kind or told_by(out, FORMATS, "text")
    with progress("Reading and measuring"):
        from processminer.study import mine

        found = mine(log, chosen_playbook(playbook, log), options)
    colour = colour or ("playbook" if found.declared is not None else "frequency")
    text, note = render_mined(found, Wish(kind, cast("Any", colour), cast("Any", layout), screen()["width"]))
    if note:
        click.echo(harmless(note), err=True)
    if out is not None or isinstance(text, bytes):
        write(text, out)
    else:
        say(text.rstrip("\n"))
