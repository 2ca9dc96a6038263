"""`processminer check`: deals against a playbook, and a gate for CI."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from processminer.cli.options import reads_log_and_playbook
from processminer.cli.terminal import harmless, progress, say, screen

if TYPE_CHECKING:
    from processminer.log.options import Options


@click.command("check")
@reads_log_and_playbook
@click.option("--min-fitness", type=click.FloatRange(0, 1), help="Fail (exit code 1) below this mean fitness.")
@click.option("--fail-on", multiple=True, metavar="KIND[:SUBJECT]", help="Fail on a deviation, such as skipped:Demo.")
@click.option("--format", "kind", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(
    log: str, options: Options, playbook: str, min_fitness: float | None, fail_on: tuple[str, ...], kind: str
) -> None:
    """Compare the deals of LOG with PLAYBOOK and say each way in which they leave it.

    Exit code 0 if the gate is met (or none was set), 1 if not.
    """
    with progress("Reading and comparing"):
        from processminer.study import study_of

        found = study_of(log, playbook, options)
    from processminer.conformance.gate import gate
    from processminer.report.check_text import render_check
    from processminer.report.json_report import render_conformance

    say((render_check(found, width=screen()["width"]) if kind == "text" else render_conformance(found)).rstrip("\n"))
    missed = gate(found.conformance, found.declared.playbook, min_fitness, fail_on)
    for line in missed:
        click.echo(harmless(line), err=True)
    click.get_current_context().exit(1 if missed else 0)
