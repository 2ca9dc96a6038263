"""`processminer playbook`: write, check, compare, draw and publish playbooks."""

from __future__ import annotations

import click

from processminer.cli.playbook import draft, draw, lint, new


@click.group("playbook")
def command() -> None:
    """Write, check, compare, draw and publish playbooks."""


for verb in (new, draft, lint, draw):
    command.add_command(verb.command)
