"""What `revise` does with the team: its questions written as a page and a sheet, its answers read back and shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from processminer.cli.terminal import harmless, screen, write
from processminer.errors import InputError, Place

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from processminer.report.survey.answers import Survey
    from processminer.study import Study


def write_survey(found: Study, folder: Path) -> None:
    """Write the questions about the deviations behind the proposals, and say what to do with them."""
    from processminer.report.survey.form import render_form, render_sheet
    from processminer.report.survey.questions import questions_of

    questions = questions_of(found)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"cannot be made: {error.strerror}."
        raise InputError(message, Place(str(folder)), "Name another folder with --survey.") from error
    write(render_form(questions, found.declared.playbook.name), folder / "survey.html")
    write(render_sheet(questions), folder / "survey.csv")
    click.echo(f"{len(questions)} questions written to {folder}: survey.html and survey.csv.", err=True)
    click.echo("Send either to the team; give what comes back with --answers FILE, once for each file.", err=True)


def read_survey(found: Study, files: Sequence[Path]) -> Survey | None:
    """Return what came back in these files; None where there are none."""
    if not files:
        return None
    from processminer.report.survey.answers import read_answers
    from processminer.report.survey.questions import questions_of

    return read_answers(files, questions_of(found))


def show_survey(survey: Survey | None) -> None:
    """Say on stderr what the team says."""
    if survey is None:
        return
    from processminer.report.listing import paragraph
    from processminer.report.survey.said import say_survey

    click.echo("What the team says", err=True)
    for heading, said in say_survey(survey):
        lines = [*paragraph(heading, screen()["width"], "  "), *paragraph(said, screen()["width"], "      ")]
        click.echo(harmless("\n".join(lines)), err=True)
