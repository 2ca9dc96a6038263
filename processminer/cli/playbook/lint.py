"""`processminer playbook lint`: what is wrong with a playbook, or could be better."""

from __future__ import annotations

import click

from processminer.cli import shipped
from processminer.cli.terminal import harmless, say
from processminer.errors import Place


@click.command("lint")
@click.argument("playbook", metavar="PLAYBOOK")
def command(playbook: str) -> None:
    """Read PLAYBOOK and say what is wrong (exit code 2) or could be better (exit code 0), each with its line."""
    from processminer.playbook.lint import lint as remarks_of
    from processminer.report.escape import plain
    from processminer.study import declare

    declared = declare(shipped.playbook(playbook))
    remarks = remarks_of(declared.playbook, declared.text, declared.file)
    for remark in remarks:
        say(harmless(f"{Place(declared.file, remark.line)}: {remark.message} ({remark.rule})\n  {remark.why}"))
    stages = len(declared.playbook.stages)
    named = plain(f"{declared.playbook.name} {declared.playbook.version}")
    say(f"{named}: {stages} stages, no fault, {len(remarks)} remarks.")
