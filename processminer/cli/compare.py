"""`processminer compare`: whether a change of the playbook was lived, and whether it worked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from processminer.cli.options import chosen_playbook, reads_log_and_words
from processminer.cli.terminal import progress, say, screen, told_by, write

if TYPE_CHECKING:
    from processminer.log.options import Options

FORMATS = ("text", "json")


@click.command("compare")
@reads_log_and_words("[LOG_AFTER]")
@click.option("--playbook", metavar="FILE", help="The new version; `replaces` in it names the one before.")
@click.option(
    "--since", metavar="DAY|VERSION", help="With one log: the first day of the change, or the version it came with."
)
@click.option(
    "--changed",
    multiple=True,
    metavar="ATTRIBUTE=VALUE",
    help="The change was made for these deals only (default: what `applies_to` of the new version says). Repeatable.",
)
@click.option("--format", "kind", type=click.Choice(FORMATS), help="Default: told by --out's ending, else text.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write here; stdout if not given.")
def command(
    log: str,
    options: Options,
    words: tuple[str, ...],
    *,
    playbook: str | None,
    since: str | None,
    changed: tuple[str, ...],
    kind: str | None,
    out: Path | None,
) -> None:
    """Judge a change by the deals of LOG before and since a day, or by one log from before and one from after it.

    First whether the new rules are followed more than before; then what that did to the share won and to the days in
    the stages concerned, beside the deals for which nothing was changed. Where there are none, the jump in the series
    of months is told, and called weak. A difference between before and after alone is never told as an effect.
    """
    if len(words) > 1 or (words and since is not None):
        message = "Give one log and --since, or a log from before the change and one from after it."
        raise click.UsageError(message)
    kind = kind or told_by(out, FORMATS, "text")
    with progress("Reading and comparing"):
        from processminer.since import did_it_work

        found = did_it_work(
            (log, *words), chosen_playbook(playbook, log), options, since=since, changed=_where(changed)
        )
    from processminer.report.since_text import render_since, render_since_json

    text = render_since_json(found) if kind == "json" else render_since(found, width=screen()["width"])
    if out is None:
        say(text.rstrip("\n"))
    else:
        write(text, out)


def _where(changed: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    where: dict[str, tuple[str, ...]] = {}
    for one in changed:
        name, sign, value = one.partition("=")
        if not (sign and name.strip() and value.strip()):
            message = f"{one!r} is not ATTRIBUTE=VALUE, such as Region=North."
            raise click.BadParameter(message, param_hint="--changed")
        where[name.strip()] = (*where.get(name.strip(), ()), value.strip())
    return where
