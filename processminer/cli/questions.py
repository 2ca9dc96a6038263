"""What only a person knows about an export is asked once, at a terminal, and kept in a mapping file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    from processminer.errors import Question


def can_ask() -> bool:
    """Tell whether a person sits at the terminal who can be asked."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def ask(question: Question, args: Sequence[str]) -> list[str]:
    """Ask, keep the answer in a mapping file, and return it as options to go on with."""
    from processminer.cli.terminal import harmless

    click.echo(harmless(f"{question.place}: {question.message}"), err=True)
    said = _outcomes(question.choices) if question.asks == "outcomes" else _date_order(question.choices)
    _keep(said, args)
    return [part for option, values in said.items() for value in values for part in (f"--{option}", value)]


def _outcomes(stages: Sequence[str]) -> dict[str, list[str]]:
    from processminer.cli.terminal import harmless

    for number, stage in enumerate(stages, 1):
        click.echo(harmless(f"  {number:>3}  {stage}"), err=True)
    won = _chosen("Numbers of the stages that mean won, such as 4 or 4,6", stages, at_least=1)
    lost = _chosen("Numbers of the stages that mean lost (Enter for none)", stages, at_least=0)
    return {"won": won, "lost": [stage for stage in lost if stage not in won]}


def _chosen(text: str, stages: Sequence[str], *, at_least: int) -> list[str]:
    def chosen(said: str) -> list[str]:
        numbers = [part.strip() for part in said.split(",") if part.strip()]
        if len(numbers) < at_least or not all(one.isdigit() and 1 <= int(one) <= len(stages) for one in numbers):
            message = f"Give numbers between 1 and {len(stages)}, with commas between."
            raise click.BadParameter(message)
        return [stages[int(one) - 1] for one in numbers]

    return list(click.prompt(text, value_proc=chosen, default=None if at_least else "", show_default=False, err=True))


def _date_order(choices: Sequence[str]) -> dict[str, list[str]]:
    text = "Is 03/04 the 3rd of April (dmy) or the 4th of March (mdy)"
    said = click.prompt(text, type=click.Choice(choices), err=True)
    return {"date-order": [str(said)]}


def _keep(said: dict[str, list[str]], args: Sequence[str]) -> None:
    """Write the answer to a mapping file where none is; an own file is never written over."""
    from processminer.log.mapping_text import render_answers
    from processminer.log.options import MAPPING_FILE

    if "--mapping" in args:
        click.echo("Add it to your mapping file to be asked no more.", err=True)
        return
    log = next((Path(arg) for arg in args[1:] if Path(arg).exists()), None)
    file = (log if log is not None and log.is_dir() else Path()) / MAPPING_FILE
    if file.exists() or not click.confirm(f"Keep the answer in {file}", default=True, err=True):
        return
    answers = {option.replace("-", "_"): values for option, values in said.items()}
    try:
        file.write_text(render_answers(answers), encoding="utf-8")
    except OSError as error:
        click.echo(f"{file} cannot be written: {error.strerror}. The answer holds for this run.", err=True)
        return
    found = "it is read with that folder" if log is not None and log.is_dir() else f"give it with --mapping {file}"
    click.echo(f"Kept in {file}; {found}.", err=True)
