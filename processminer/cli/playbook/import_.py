"""`processminer playbook import`: a playbook drafted from what a CRM or a modelling tool already says."""

from __future__ import annotations

from pathlib import Path

import click

from processminer.cli.terminal import harmless, write
from processminer.words import say_count

KINDS = ("salesforce-path", "salesforce-stages", "hubspot", "pipedrive", "bpmn")


@click.command("import")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--from", "kind", type=click.Choice(KINDS), help="What FILE is; told by its content if not given.")
@click.option("--pipeline", metavar="NAME", help="Which one, by name or id, where FILE holds several of them.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write here; stdout if not given.")
def command(file: Path, kind: str | None, pipeline: str | None, out: Path | None) -> None:
    """Draft a playbook from FILE: a Salesforce path or stage dictionary, a HubSpot or Pipedrive pipeline, or BPMN 2.0.

    What is not taken over is counted on stderr and named in the draft's comments.
    """
    from processminer.playbook.imports.import_playbook import import_playbook

    found = import_playbook(file, kind, pipeline)
    write(found.text, out)
    click.echo(f"Drafted {say_count(found.stages, 'stage')} from {found.source}.", err=True)
    for line in (*found.told, *(f"Not taken over: {one}" for one in found.left_out)):
        click.echo(harmless(line), err=True)
    target = "THE_DRAFT" if out is None else out
    click.echo(harmless(f"{say_count(found.remarks, 'remark')}: processminer playbook lint {target}"), err=True)
