"""`processminer playbook new`: a playbook to start from."""

from __future__ import annotations

from pathlib import Path

import click

from processminer.cli.terminal import say, write
from processminer.errors import InputError, Place


@click.command("new")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--name", default="Sales process", show_default=True, help="What the playbook is called.")
@click.option("--force", is_flag=True, help="Write over a file that is there.")
def command(file: Path, name: str, force: bool) -> None:  # noqa: FBT001 - a flag of the command line
    """Write a commented playbook to start from to FILE."""
    from processminer.playbook.new import new_playbook

    if file.exists() and not force:
        message = "is there already."
        raise InputError(message, Place(str(file)), "Choose another name, or --force to write over it.")
    write(new_playbook(name), file)
    say(f"Written to {file}. Next: processminer playbook lint {file}")
