"""`processminer revise`: the proposed next version of a playbook, as a diff, one by one, or applied."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from processminer.cli.options import reads_log_and_playbook
from processminer.cli.survey import read_survey, show_survey, write_survey
from processminer.cli.terminal import harmless, progress, say, screen, told_by, write
from processminer.errors import InputError
from processminer.words import say_list

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from processminer.log.options import Options
    from processminer.report.survey.answers import Survey
    from processminer.revisions.new_version import NewVersion
    from processminer.revisions.revision import Revision
    from processminer.study import Study

FORMATS = ("text", "json", "md")


@click.command("revise")
@reads_log_and_playbook
@click.option("--apply", "chosen", metavar="R1,R3", help="Write the next version with these revisions (or `all`).")
@click.option("--interactive", is_flag=True, help="Go through the revisions one by one, and apply those taken.")
@click.option(
    "--valid-from",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DAY",
    help="The first day of the next version. Default: the day after the log's last.",
)
@click.option("--format", "kind", type=click.Choice(FORMATS), help="How to print the proposals; text is the diff.")
@click.option(
    "--survey",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write a few short questions for the team about what lies behind the proposals, as a page and a sheet.",
)
@click.option(
    "--answers",
    multiple=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Show the answers of the team beside the evidence. Repeatable.",
)
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Where the next version goes; stdout if not given."
)
def command(
    log: str,
    options: Options,
    playbook: str,
    *,
    chosen: str | None,
    interactive: bool,
    valid_from: datetime | None,
    kind: str | None,
    survey: Path | None,
    answers: tuple[Path, ...],
    out: Path | None,
) -> None:
    """Print the proposed changes of PLAYBOOK as one unified diff, or write its next version with those you choose.

    The next version has a number of its own, the first day on which it holds, and an entry in its change log for each
    revision, with the evidence. Written beside PLAYBOOK it says what it replaces, so that older deals keep being
    judged by that. PLAYBOOK itself is only changed if --out names it.
    """
    _only_one_way(
        {"--apply": chosen is not None, "--interactive": interactive, "--format": bool(kind), "--survey": bool(survey)}
    )
    with progress("Reading and measuring"):
        from processminer.study import study_of

        found = study_of(log, playbook, options)
    if survey is not None:
        write_survey(found, survey)
        return
    said = read_survey(found, answers)
    if interactive:
        taken = _asked(found, said)
    elif chosen is not None:
        taken = _chosen(found, chosen)
    else:
        _print(found, kind, said, out)
        return
    if not taken:
        click.echo("Nothing was taken: nothing is written.", err=True)
        return
    _write_next(found, taken, valid_from, out)


def _only_one_way(asked: dict[str, bool]) -> None:
    given = [name for name, is_given in asked.items() if is_given]
    if len(given) > 1:
        message = f"{say_list(given)} exclude each other."
        raise click.UsageError(message)


def _print(found: Study, kind: str | None, survey: Survey | None, out: Path | None) -> None:
    from processminer.playbook.patch import difference

    match kind or told_by(out if out is not None and out.suffix in {".json", ".md"} else None, FORMATS, "text"):
        case "json":
            from processminer.report.proposals_text import render_proposals_json
            from processminer.report.survey.said import said_of

            diff = difference(found.declared.text, found.revised, found.declared.file)
            text = render_proposals_json(found, diff=diff, team={} if survey is None else said_of(survey))
        case "md":
            from processminer.report.proposals_text import render_proposals_markdown

            text = render_proposals_markdown(found, survey)
        case _:
            show_survey(survey)
            text = difference(found.declared.text, found.revised, found.declared.file)
    if out is None:
        say(text.rstrip("\n"))
    else:
        write(text, out)


def _write_next(found: Study, taken: Sequence[Revision], valid_from: datetime | None, out: Path | None) -> None:
    from processminer.revisions.new_version import new_version, replacing

    declared = found.declared
    since = None if valid_from is None else valid_from.date()
    made = new_version(declared.text, taken, found.findings, found.log.as_of.date(), valid_from=since)
    write(made.text if out is None else replacing(made.text, declared.file, out), out)
    _tell(made, found, out)


def _tell(made: NewVersion, found: Study, out: Path | None) -> None:
    """Say on stderr what was written, why the number is raised by so much, and what is lost by writing over the old."""
    from processminer.revisions.new_version import SAID

    declared = found.declared
    if made.step is None:
        return
    where = "" if out is None else f", written to {out}"
    click.echo(
        harmless(
            f"Version {made.version} after {declared.playbook.version}, a {made.step} step: {SAID[made.step]}."
            f" It holds from {made.valid_from}{where}."
        ),
        err=True,
    )
    if out is not None and out.resolve() == Path(declared.file).resolve():
        click.echo(
            "The old text is gone from there: older deals are judged by the new version now. To keep both, write the"
            " next version to a file of its own.",
            err=True,
        )


def _compatible(found: Study) -> tuple[Revision, ...]:
    """Return all revisions that go together, and say on stderr which are left out for that."""
    from processminer.revisions.revise import compatible

    taken = compatible(found.revisions)
    left = [one.id for one in found.revisions if one not in taken]
    if left:
        click.echo(
            f"Left out, as they exclude others: {say_list(left, len(left))}. Of two that do, the first is taken;"
            " name the other with --apply to take that one.",
            err=True,
        )
    return taken


def _chosen(found: Study, said: str) -> tuple[Revision, ...]:
    if said.strip().lower() == "all":
        return _compatible(found)
    by_id = {revision.id: revision for revision in found.revisions}
    wanted = [one.strip().upper() for one in said.split(",") if one.strip()]
    if not wanted:
        message = f"--apply {said!r} names no revision."
        raise InputError(message, hint=f"There are: {say_list(by_id, 20) or 'none'}; or say `all`.")
    unknown = [one for one in wanted if one not in by_id]
    if unknown:
        message = f"There is no revision {say_list(unknown)}."
        raise InputError(message, hint=f"There are: {say_list(by_id, 20) or 'none'}.")
    return tuple(by_id[one] for one in dict.fromkeys(wanted))


KEYS = "y: take it   n: leave it   q: leave this and the rest   ?: this help"


def _asked(found: Study, survey: Survey | None) -> tuple[Revision, ...]:
    """Show the revisions one by one on stderr and return those taken; the end of the input leaves the rest."""
    from processminer.report.proposals import NOTHING
    from processminer.report.proposals_text import render_card
    from processminer.report.survey.said import said_of

    show_survey(survey)
    team: Mapping[str, Sequence[str]] = {} if survey is None else said_of(survey)
    if not found.revisions:
        click.echo(NOTHING, err=True)
    taken: list[Revision] = []
    for number, revision in enumerate(found.revisions, start=1):
        click.echo(f"\n{render_card(revision, width=screen()['width'], team=team.get(revision.id, ()))}\n", err=True)
        against = [one.id for one in taken if one.id in revision.conflicts]
        if against:
            click.echo(
                f"{revision.id} changes the same place of the playbook as {say_list(against)}, which you have taken;"
                " only one of them can be applied. It is left.",
                err=True,
            )
            continue
        answer = _answer(f"{revision.id} ({number} of {len(found.revisions)}): take it? [y/n/q/?]")
        if answer == "q":
            break
        if answer == "y":
            taken.append(revision)
    return tuple(taken)


def _answer(question: str) -> str:
    """Ask until the answer is y, n or q; the end of the input is q."""
    while True:
        try:
            said = str(click.prompt(question, prompt_suffix=" ", default="", show_default=False, err=True))
        except click.Abort:
            click.echo("", err=True)
            return "q"
        answer = said.strip().lower()[:1]
        if answer in {"y", "n", "q"}:
            return answer
        click.echo(KEYS, err=True)
