"""`processminer playbook`: write, check and draw playbooks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from processminer.cli import shipped
from processminer.cli.options import reads_log
from processminer.cli.terminal import harmless, progress, say, told_by, write
from processminer.errors import InputError, Place

if TYPE_CHECKING:
    from processminer.log.options import Options
    from processminer.playbook.model import Playbook

DRAWN = ("svg", "png", "bpmn", "mermaid")


@click.group("playbook")
def command() -> None:
    """Write, check and draw playbooks."""


@command.command("lint")
@click.argument("playbook", metavar="PLAYBOOK")
def lint(playbook: str) -> None:
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


@command.command("draw")
@click.argument("playbook", metavar="PLAYBOOK")
@click.option("--format", "kind", type=click.Choice(DRAWN), help="Default: told by --out's ending, else svg.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write here; stdout if not given.")
def draw(playbook: str, kind: str | None, out: Path | None) -> None:
    """Draw PLAYBOOK as a stage map (svg, png), a BPMN 2.0 model with layout (bpmn) or a Mermaid flowchart (mermaid)."""
    from processminer.study import declare

    kind = kind or told_by(out, DRAWN, "svg")
    write(_drawn(declare(shipped.playbook(playbook)).playbook, kind), out)


def _drawn(playbook: Playbook, kind: str) -> str | bytes:
    if kind == "bpmn":
        from processminer.diagrams.bpmn import draw_bpmn

        return draw_bpmn(playbook)
    if kind == "mermaid":
        from processminer.diagrams.mermaid import draw_playbook_mermaid

        return draw_playbook_mermaid(playbook)
    from processminer.diagrams.stage_map import draw_playbook_map

    drawn = draw_playbook_map(playbook)
    if kind == "svg":
        return drawn
    from processminer.engines.pixels import svg_to_png

    return svg_to_png(drawn)


@command.command("new")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--name", default="Sales process", show_default=True, help="What the playbook is called.")
@click.option("--force", is_flag=True, help="Write over a file that is there.")
def new(file: Path, name: str, force: bool) -> None:  # noqa: FBT001 - a flag of the command line
    """Write a commented playbook to start from to FILE."""
    from processminer.playbook.new import new_playbook

    if file.exists() and not force:
        message = "is there already."
        raise InputError(message, Place(str(file)), "Choose another name, or --force to write over it.")
    write(new_playbook(name), file)
    say(f"Written to {file}. Next: processminer playbook lint {file}")


@command.command("draft")
@reads_log()
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write here; stdout if not given.")
def draft(log: str, options: Options, out: Path | None) -> None:
    """Draft a playbook from the won deals of LOG, each line with its evidence."""
    with progress("Reading and drafting"):
        from processminer.study import draft as drafted
        from processminer.study import mine

        found = mine(log, None, options)
    write(drafted(found.discovery, found.estimates).text, out)
