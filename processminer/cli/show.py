"""`processminer show`: the rows behind a number, or the query behind the rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from processminer.cli.options import chosen_playbook, reads_log
from processminer.cli.terminal import progress, say, screen

if TYPE_CHECKING:
    from processminer.log.options import Options


@click.command("show")
@click.argument("fact", required=False)
@reads_log(required=False)
@click.option("--playbook", metavar="FILE", help="Hold deals against this playbook, else a drafted one.")
@click.option("--sql", is_flag=True, help="Print the queries instead of the rows; no LOG is needed.")
@click.option("--dialect", metavar="NAME", help="With --sql: in another engine's dialect, such as postgres or spark.")
@click.option("--format", "kind", type=click.Choice(["text", "csv"]), default="text", show_default=True)
def command(
    fact: str | None,
    log: str | None,
    options: Options,
    playbook: str | None,
    sql: bool,  # noqa: FBT001 - a flag of the command line
    dialect: str | None,
    kind: str,
) -> None:
    """Print the rows of FACT for LOG again, or with --sql the queries behind them. Alone, list the facts."""
    from processminer.report.facts import FACTS, render_queries, render_rows
    from processminer.report.facts import fact as known

    if fact is None:
        say("\n".join(f"{name:<13} {one.told}" for name, one in FACTS.items()))
        return
    known(fact)
    if sql or dialect is not None:
        say(render_queries(fact, dialect).rstrip("\n"))
        return
    if log is None:
        message = "Missing argument 'LOG' (or --sql for the query alone)."
        raise click.UsageError(message)
    with progress("Reading and measuring"):
        from processminer.study import study_of

        found = study_of(log, chosen_playbook(playbook, log), options)
    say(render_rows(fact, found, kind=kind, width=screen()["width"]).rstrip("\n"))
