"""`processminer playbook lint`: what is wrong with a playbook, or could be better."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from processminer.cli import shipped
from processminer.cli.terminal import say
from processminer.errors import PlaybookError

if TYPE_CHECKING:
    from datetime import date, datetime

    from processminer.study import Declared


@click.command("lint")
@click.argument("playbook", metavar="PLAYBOOK")
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DAY",
    help="Say what is due or over on this day, as 2026-01-31. Default: the latest day that the playbook names.",
)
@click.option(
    "--format",
    "kind",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    show_default=True,
    help="github: annotations that a pull request shows beside the lines.",
)
@click.option("--strict", is_flag=True, help="Exit with 1 if there is a remark.")
@click.pass_context
def command(
    ctx: click.Context,
    playbook: str,
    as_of: datetime | None,
    kind: str,
    strict: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Read PLAYBOOK and say what is wrong (exit code 2) or could be better (exit code 0), each with its line.

    A remark says what, why it matters, and what to write instead. The end says how the playbook stands to the four
    questions: whether it is teachable, scalable, measurable and predictable.
    """
    from processminer.study import declare

    try:
        declared = declare(shipped.playbook(playbook))
    except PlaybookError as error:
        _tell_faults(error, kind)
        raise
    remarks = _tell(declared, None if as_of is None else as_of.date(), kind)
    if strict and remarks:
        ctx.exit(1)


def _tell_faults(error: PlaybookError, kind: str) -> None:
    """Say faults in a form for programs as well; people read them on stderr."""
    from processminer.report.lint_text import render_faults_github, render_faults_json

    if kind != "text":
        say((render_faults_json if kind == "json" else render_faults_github)(error.faults).removesuffix("\n"))


def _tell(declared: Declared, asked: date | None, kind: str) -> int:
    """Print what the lint finds; return how many remarks there are."""
    from processminer.playbook.lint.care import latest_day
    from processminer.playbook.lint.four_questions import four_questions
    from processminer.playbook.lint.lint import lint
    from processminer.report.lint_text import render_lint, render_lint_github, render_lint_json

    book = declared.playbook
    as_of = asked or latest_day(book)
    remarks = lint(book, declared.text, declared.file, as_of)
    answers = four_questions(book)
    match kind:
        case "json":
            told = render_lint_json(book, remarks, answers, as_of)
        case "github":
            told = render_lint_github(remarks)
        case _:
            told = render_lint(book, remarks, answers, as_of, asked=asked is not None)
    if told:
        say(told.removesuffix("\n"))
    return len(remarks)
