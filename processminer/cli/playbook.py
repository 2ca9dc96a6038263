"""`processminer playbook`: write, check and draw playbooks."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from processminer.cli import shipped
from processminer.cli.options import reads_log
from processminer.cli.terminal import progress, say
from processminer.errors import InputError, Place

if TYPE_CHECKING:
    from processminer.log.read import Options

DRAWN = ("svg", "png", "bpmn")


@click.group("playbook")
def command() -> None:
    """Write, check and draw playbooks."""


@command.command("lint")
@click.argument("playbook", metavar="PLAYBOOK")
def lint(playbook: str) -> None:
    """Read PLAYBOOK and say what is wrong (exit code 2) or could be better (exit code 0), each with its line."""
    from processminer.playbook.lint import lint as remarks_of
    from processminer.study import declare

    declared = declare(shipped.playbook(playbook))
    remarks = remarks_of(declared.playbook, declared.text, declared.file)
    for remark in remarks:
        say(f"{Place(declared.file, remark.line)}: {remark.message} ({remark.rule})\n  {remark.why}")
    stages = len(declared.playbook.stages)
    say(f"{declared.playbook.name} {declared.playbook.version}: {stages} stages, no fault, {len(remarks)} remarks.")


@command.command("draw")
@click.argument("playbook", metavar="PLAYBOOK")
@click.option("--format", "kind", type=click.Choice(DRAWN), help="Default: told by --out's ending, else svg.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write here; stdout if not given.")
def draw(playbook: str, kind: str | None, out: Path | None) -> None:
    """Draw PLAYBOOK as a stage map (svg, png) or a BPMN 2.0 model with layout (bpmn)."""
    from processminer.diagrams.bpmn import draw_bpmn
    from processminer.diagrams.stage_map import draw_playbook_map
    from processminer.engines.pixels import svg_to_png
    from processminer.study import declare

    ending = out.suffix.lstrip(".").lower() if out is not None else ""
    kind = kind or (ending if ending in DRAWN else "svg")
    model = declare(shipped.playbook(playbook)).playbook
    drawn: str | bytes = draw_bpmn(model) if kind == "bpmn" else draw_playbook_map(model)
    if kind == "png":
        drawn = svg_to_png(str(drawn))
    _write(drawn, out)


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
    _write(new_playbook(name), file)
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
    _write(drafted(found.discovery, found.estimates).text, out)


def _write(content: str | bytes, out: Path | None) -> None:
    raw = content.encode() if isinstance(content, str) else content
    if out is None:
        sys.stdout.buffer.write(raw)
        return
    try:
        out.write_bytes(raw)
    except OSError as error:
        message = f"cannot be written: {error.strerror}."
        raise InputError(message, Place(str(out))) from error
