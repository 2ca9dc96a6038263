"""`processminer check`: deals against a playbook, and a gate for CI."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from processminer.cli.options import reads_log_and_playbook
from processminer.cli.terminal import harmless, progress, say, screen, write

if TYPE_CHECKING:
    from processminer.conformance.gate import Missed
    from processminer.conformance.reference import Compared, Reference
    from processminer.log.options import Options
    from processminer.report.gate.checked import Checked
    from processminer.study import Study


FORMATS = ("text", "json", "md", "github", "junit")


@click.command("check")
@reads_log_and_playbook
@click.option(
    "--min-fitness",
    type=click.FloatRange(0, 1),
    help="Fail (exit code 1) below this mean fitness; what the playbook accepts is forgiven.",
)
@click.option(
    "--fail-on",
    multiple=True,
    metavar="KIND[:SUBJECT]",
    help="Fail on a deviation (skipped:Demo), a rule (time-limit:Demo), open deals over-limit, or anything broken.",
)
@click.option("--format", "kind", type=click.Choice(FORMATS), default="text", show_default=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write to FILE.")
@click.option(
    "--deals",
    "deals_out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE.csv",
    help="Also write what each deal did, a row a deal.",
)
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
    out: Path | None,
    deals_out: Path | None,
    seconds: float,
) -> None:
    """Compare the deals of LOG with PLAYBOOK and say each way in which they leave it.

    PLAYBOOK may also be a process model, as BPMN 2.0 or PNML. Exit code 0 if the gate is met (or none was set), 1 if
    not. Of the formats, github makes annotations on the playbook's lines, md one comment, and junit a test report: in
    it fails what --fail-on names, or whatever deals broke where no gate is set.
    """
    from processminer.conformance.gate import gate
    from processminer.report.gate.checked import checked_model, checked_playbook

    reference = _model_in(playbook)
    if reference is not None:
        if deals_out is not None:
            message = "--deals needs a playbook: a process model has no rules to tell of each deal."
            raise click.UsageError(message)
        compared = _against(log, options, reference, seconds)
        missed = gate(compared.found, compared.declared, min_fitness, fail_on)
        checked = checked_model(compared, missed, min_fitness, fail_on)
        _tell(_model_told(compared, checked, kind), out)
    else:
        found = _study(log, playbook, options)
        missed = gate(found.conformance, found.declared.playbook, min_fitness, fail_on)
        checked = checked_playbook(found, missed, min_fitness, fail_on)
        _tell(_told(found, checked, kind), out)
        if deals_out is not None:
            from processminer.report.deals_file import render_deals

            write(render_deals(found), deals_out)
    _end(missed)


def _model_in(path: str) -> Reference | None:
    from processminer.conformance.reference import read_reference

    return read_reference(path)


def _study(log: str, playbook: str, options: Options) -> Study:
    with progress("Reading and comparing"):
        from processminer.study import study_of

        return study_of(log, playbook, options)


def _against(log: str, options: Options, reference: Reference, seconds: float) -> Compared:
    with progress("Reading and comparing"):
        from processminer.study import against_model

        return against_model(log, reference, options, seconds)


def _told(found: Study, checked: Checked, kind: str) -> str:
    if kind == "text":
        from processminer.report.check_text import render_check

        return render_check(found, width=screen()["width"])
    if kind == "json":
        from processminer.report.gate.checked import gate_part
        from processminer.report.json_report import render_conformance

        return render_conformance(found, gate_part(checked) if checked.asked else None)
    return _for_machines(checked, kind)


def _model_told(compared: Compared, checked: Checked, kind: str) -> str:
    from processminer.report.gate.checked import gate_part
    from processminer.report.model_check import render_model_check, render_model_check_json

    if kind == "text":
        return render_model_check(compared, width=screen()["width"])
    if kind == "json":
        return render_model_check_json(compared, gate_part(checked) if checked.asked else None)
    return _for_machines(checked, kind)


def _for_machines(checked: Checked, kind: str) -> str:
    from processminer.report.gate.github import render_github
    from processminer.report.gate.junit import render_junit
    from processminer.report.gate.markdown_gate import render_gate_markdown

    render = {"github": render_github, "junit": render_junit, "md": render_gate_markdown}
    return render[kind](checked)


def _tell(text: str, out: Path | None) -> None:
    if out is None:
        say(text.rstrip("\n"))
    else:
        write(text, out)


def _end(missed: tuple[Missed, ...]) -> NoReturn:
    """Say why the gate is not met, if it is not, and leave with the code for it."""
    for one in missed:
        click.echo(harmless(one.message), err=True)
    click.get_current_context().exit(1 if missed else 0)
