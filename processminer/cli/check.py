"""`processminer check`: deals against a playbook, and a gate for CI."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

import click

from processminer.cli.options import reads_log_and_playbook
from processminer.cli.terminal import harmless, progress, say, screen

if TYPE_CHECKING:
    from processminer.conformance.reference import Reference
    from processminer.log.options import Options


@click.command("check")
@reads_log_and_playbook
@click.option("--min-fitness", type=click.FloatRange(0, 1), help="Fail (exit code 1) below this mean fitness.")
@click.option("--fail-on", multiple=True, metavar="KIND[:SUBJECT]", help="Fail on a deviation, such as skipped:Demo.")
@click.option("--format", "kind", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option(
    "--time-limit-per-variant",
    "seconds",
    type=click.FloatRange(0, min_open=True),
    default=5.0,
    show_default=True,
    help="With a BPMN or PNML model: seconds for each path; what takes longer is told as undecided.",
)
def command(
    log: str,
    options: Options,
    playbook: str,
    min_fitness: float | None,
    fail_on: tuple[str, ...],
    kind: str,
    seconds: float,
) -> None:
    """Compare the deals of LOG with PLAYBOOK and say each way in which they leave it.

    PLAYBOOK may also be a process model, as BPMN 2.0 or PNML. Exit code 0 if the gate is met (or none was set), 1 if
    not.
    """
    reference = _model_in(playbook)
    if reference is not None:
        _check_model(log, options, reference, min_fitness, fail_on, kind, seconds)
    with progress("Reading and comparing"):
        from processminer.study import study_of

        found = study_of(log, playbook, options)
    from processminer.conformance.gate import gate
    from processminer.report.check_text import render_check
    from processminer.report.json_report import render_conformance

    say((render_check(found, width=screen()["width"]) if kind == "text" else render_conformance(found)).rstrip("\n"))
    _end(gate(found.conformance, found.declared.playbook, min_fitness, fail_on))


def _model_in(path: str) -> Reference | None:
    from processminer.conformance.reference import read_reference

    return read_reference(path)


def _check_model(
    log: str,
    options: Options,
    reference: Reference,
    min_fitness: float | None,
    fail_on: tuple[str, ...],
    kind: str,
    seconds: float,
) -> NoReturn:
    with progress("Reading and comparing"):
        from processminer.study import against_model

        compared = against_model(log, reference, options, seconds)
    from processminer.conformance.gate import gate
    from processminer.report.model_check import render_model_check, render_model_check_json

    text = kind == "text"
    say((render_model_check(compared, width=screen()["width"]) if text else render_model_check_json(compared)).rstrip())
    _end(gate(compared.found, compared.declared, min_fitness, fail_on))


def _end(missed: tuple[str, ...]) -> NoReturn:
    """Say why the gate is not met, if it is not, and leave with the code for it."""
    for line in missed:
        click.echo(harmless(line), err=True)
    click.get_current_context().exit(1 if missed else 0)
