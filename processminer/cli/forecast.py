"""`processminer forecast`: what the next months bring, if that can be told."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from processminer.cli.options import chosen_playbook, reads_log
from processminer.cli.terminal import harmless, progress, say, screen, told_by, write

if TYPE_CHECKING:
    from processminer.log.options import Options

FORMATS = ("text", "json", "svg", "png")


@click.command("forecast")
@reads_log()
@click.option("--playbook", metavar="FILE", help="Take names, order and declared probabilities from this playbook.")
@click.option("--days", type=click.IntRange(1, 365), default=90, show_default=True, help="How far to look.")
@click.option(
    "--quota", type=click.FloatRange(0, min_open=True), metavar="AMOUNT", help="Ask for the chance of this revenue."
)
@click.option(
    "--cost-per-day",
    type=click.FloatRange(0, min_open=True),
    metavar="AMOUNT",
    help="What a day of work on a deal costs: give deals up by that.",
)
@click.option("--anyway", is_flag=True, help="Print the forecast although it is not to be believed.")
@click.option("--format", "kind", type=click.Choice(FORMATS), help="Default: told by --out's ending, else text.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write here; stdout if not given.")
def command(
    log: str,
    options: Options,
    playbook: str | None,
    days: int,
    quota: float | None,
    cost_per_day: float | None,
    anyway: bool,  # noqa: FBT001 - a flag of the command line
    kind: str | None,
    out: Path | None,
) -> None:
    """Say which wins and what revenue the next days bring for the deals of LOG, as ranges that hold nine times in ten.

    First it is tried whether such forecasts would have come true in the past, and whether deals have lately gone
    another way than before; if so, none is given (exit code 1). Then: what each stage's deals are worth, whether
    declared probabilities are true, and the open deals that have waited for too long, those with most at stake first.
    Last comes the age in each stage at which a deal promises less a day than it costs, or than a new deal brings.
    """
    from processminer.report.flow_json import render_forecast_json
    from processminer.report.forecast_text import refused, render_forecast
    from processminer.report.pictures import PICTURES, picture_forecast

    kind = kind or told_by(out, FORMATS, "text")
    with progress("Reading, and trying past periods"):
        from processminer.study import outlook_of

        discovery, found = outlook_of(log, chosen_playbook(playbook, log), options, days, quota, cost_per_day)
    if kind in PICTURES:
        text: str | bytes = picture_forecast(found, discovery.log.as_of, kind, anyway=anyway)
    elif kind == "json":
        text = render_forecast_json(discovery, found, anyway=anyway)
    else:
        text = render_forecast(discovery, found, anyway=anyway, width=screen()["width"])
    if out is not None or isinstance(text, bytes):
        write(text, out)
    else:
        say(text.rstrip("\n"))
    if refused(found) and not anyway:
        click.echo(harmless(f"No forecast is given: {found.gate.because}."), err=True)
        click.get_current_context().exit(1)
