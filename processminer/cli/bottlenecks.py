"""`processminer bottlenecks`: where deals wait, and where it would pay if they waited less."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from processminer.cli.options import chosen_playbook, reads_log
from processminer.cli.terminal import progress, say, screen, told_by, write

if TYPE_CHECKING:
    from processminer.log.options import Options

FORMATS = ("text", "json", "svg", "png")


@click.command("bottlenecks")
@reads_log()
@click.option("--playbook", metavar="FILE", help="Take names, order and time limits from this playbook.")
@click.option("--by", metavar="ATTRIBUTE", help="Compare owner, amount, quarter, outcome, source, or any attribute.")
@click.option("--over-time", is_flag=True, help="Add lead times, deals by when they began, changes and repeatability.")
@click.option("--format", "kind", type=click.Choice(FORMATS), help="Default: told by --out's ending, else text.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write here; stdout if not given.")
def command(
    log: str,
    options: Options,
    playbook: str | None,
    by: str | None,
    over_time: bool,  # noqa: FBT001 - a flag of the command line
    kind: str | None,
    out: Path | None,
) -> None:
    """Say for each stage of LOG how long deals stay, and what it would gain if they went on from it faster.

    Stays that have not ended count as unfinished. Stages are ranked by the wins they would gain: the longest one, which
    is told apart, is often not the one that costs wins. Then each stage as a queue: what came and left lately, whether
    it grows, and whether deals wait for their owner. --by repeats the lengths for each group of deals and says whether
    the groups go on at different rates.
    """
    from processminer.report.bottlenecks_text import render_bottlenecks
    from processminer.report.flow_json import render_bottlenecks_json
    from processminer.report.pictures import PICTURES, picture_bottlenecks

    kind = kind or told_by(out, FORMATS, "text")
    with progress("Reading and measuring"):
        from processminer.study import bottlenecks_of

        found, declared = bottlenecks_of(log, chosen_playbook(playbook, log), options, by)
    if kind in PICTURES:
        text: str | bytes = picture_bottlenecks(found, declared.playbook if declared else None, kind)
    elif kind == "json":
        text = render_bottlenecks_json(found)
    else:
        text = render_bottlenecks(found, over_time=over_time, width=screen()["width"])
    if out is not None or isinstance(text, bytes):
        write(text, out)
    else:
        say(text.rstrip("\n"))
