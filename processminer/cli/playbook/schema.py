"""`processminer playbook schema`: what editors complete, explain and underline in a playbook."""

from __future__ import annotations

from pathlib import Path

import click

from processminer.cli.terminal import write


@click.command("schema")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write here; stdout if not given.")
def command(out: Path | None) -> None:
    """Print the JSON Schema of a playbook (draft 07), by which editors complete, explain and check each key.

    Name it on the first line of a playbook: '# yaml-language-server: $schema=playbook.schema.json'.
    """
    from processminer.playbook.schema import render_schema

    write(render_schema(), out)
