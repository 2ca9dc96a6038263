"""`processminer audit`: the main job in one run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from processminer.cli.options import chosen_playbook, reads_log
from processminer.cli.terminal import progress, say, screen

if TYPE_CHECKING:
    from processminer.log.options import Options
    from processminer.study import Study


@click.command("audit")
@reads_log()
@click.option("--playbook", metavar="FILE", help="Hold deals against this playbook (a file, or a shipped one by name).")
@click.option("--since", metavar="DAY|VERSION", help="Judge the change made then: was it lived, did it work?")
@click.option(
    "--answers",
    multiple=True,
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Show the team's answers to `revise --survey` beside the evidence. Repeatable.",
)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=Path("audit"), show_default=True)
def command(
    log: str, options: Options, *, playbook: str | None, since: str | None, answers: tuple[Path, ...], out: Path
) -> None:
    """Read LOG, discover what deals do, compare it with a playbook, and write the report and the proposed changes.

    LOG is a file (CSV, TSV, Parquet, XES; gzipped too) or a folder of export files that belong together.
    Without --playbook one is drafted from the won deals.
    """
    with progress("Reading and measuring"):
        from processminer.study import DRAFT, study_of

        chosen = chosen_playbook(playbook, log)
        found = study_of(log, chosen, options, str(out / DRAFT))
        if since is not None:
            found = _judged(found, log, chosen, options, since)
    found = _with_answers(found, answers)
    with progress("Writing the report"):
        from processminer.report.folder import write_report

        written = write_report(found, out)
    from processminer.report.text_report import render_text

    say(render_text(found, **screen()))
    say(f"\nWritten to {out}{'' if str(out).endswith('/') else '/'}: {', '.join(path.name for path in written)}")
    say(f"Open {written[0]} in a browser.")


def _judged(found: Study, log: str, playbook: str | None, options: Options, since: str) -> Study:
    """Return the study with what an earlier change did. The log is read once more, with the deals not changed for."""
    from dataclasses import replace

    from processminer.since import did_it_work

    return replace(found, judged=did_it_work((log,), playbook, options, since=since))


def _with_answers(found: Study, files: tuple[Path, ...]) -> Study:
    """Return the study with what came back of the survey."""
    from dataclasses import replace

    from processminer.cli.survey import read_survey

    survey = read_survey(found, files)
    if survey is None:
        return found
    from processminer.report.survey.said import told_by

    return replace(found, team=told_by(survey))
