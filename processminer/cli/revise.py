"""`processminer revise`: the proposed next version of a playbook, as a diff or applied."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from processminer.cli.options import reads_log_and_playbook
from processminer.cli.terminal import progress, say, write
from processminer.errors import InputError
from processminer.words import say_list

if TYPE_CHECKING:
    from processminer.log.options import Options
    from processminer.revisions.revision import Revision
    from processminer.study import Study


@click.command("revise")
@reads_log_and_playbook
@click.option(
    "--apply", "chosen", metavar="R1,R3", help="Apply these revisions (or `all`) instead of printing the diff."
)
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Where --apply writes; stdout if not given."
)
def command(log: str, options: Options, playbook: str, chosen: str | None, out: Path | None) -> None:
    """Print the proposed changes of PLAYBOOK as one unified diff; with --apply print or write the revised playbook.

    PLAYBOOK itself is only changed if --out names it.
    """
    with progress("Reading and measuring"):
        from processminer.study import study_of

        found = study_of(log, playbook, options)
    from processminer.playbook.patch import difference
    from processminer.revisions.revise import revise

    if chosen is None:
        say(difference(found.declared.text, found.revised, found.declared.file).rstrip("\n"))
        return
    revised = revise(found.declared.text, _chosen(found, chosen))
    write(revised, out)


def _chosen(found: Study, said: str) -> tuple[Revision, ...]:
    if said.strip().lower() == "all":
        return found.revisions
    by_id = {revision.id: revision for revision in found.revisions}
    wanted = [one.strip().upper() for one in said.split(",") if one.strip()]
    if not wanted:
        message = f"--apply {said!r} names no revision."
        raise InputError(message, hint=f"There are: {say_list(by_id, 20) or 'none'}; or say `all`.")
    unknown = [one for one in wanted if one not in by_id]
    if unknown:
        message = f"There is no revision {say_list(unknown)}."
        raise InputError(message, hint=f"There are: {say_list(by_id, 20) or 'none'}.")
    return tuple(by_id[one] for one in wanted)
