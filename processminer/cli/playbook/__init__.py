"""`processminer playbook`: write, check, compare, draw and publish playbooks."""

from __future__ import annotations

import click

from processminer.cli.playbook import book, diff, draft, draw, import_, lint, new, schema


@click.group("playbook")
def command() -> None:
    """Write, check, compare, draw and publish playbooks."""


for verb in (new, draft, lint, diff, draw, book, import_, schema):
    command.add_command(verb.command)
