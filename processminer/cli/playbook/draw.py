"""`processminer playbook draw`: a playbook as a picture or a model."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from processminer.cli import shipped
from processminer.cli.terminal import told_by, write

if TYPE_CHECKING:
    from processminer.playbook.model import Playbook

DRAWN = ("svg", "png", "dot", "mermaid", "bpmn", "pnml")


@click.command("draw")
@click.argument("playbook", metavar="PLAYBOOK")
@click.option("--format", "kind", type=click.Choice(DRAWN), help="Default: told by --out's ending, else svg.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write here; stdout if not given.")
def command(playbook: str, kind: str | None, out: Path | None) -> None:
    """Draw PLAYBOOK: a stage map (svg, png), a graph as text (dot, mermaid), a model for others (bpmn, pnml).

    BPMN 2.0 comes with its layout; PNML is a Petri net with its markings, to hold logs against with pm4py.
    """
    from processminer.study import declare

    kind = kind or told_by(out, DRAWN, "svg")
    write(_drawn(declare(shipped.playbook(playbook)).playbook, kind), out)


def _drawn(playbook: Playbook, kind: str) -> str | bytes:
    if kind == "bpmn":
        from processminer.diagrams.bpmn import draw_bpmn

        return draw_bpmn(playbook)
    if kind == "pnml":
        from processminer.diagrams.pnml import draw_pnml

        return draw_pnml(playbook)
    if kind == "dot":
        from processminer.diagrams.dot import draw_playbook_dot

        return draw_playbook_dot(playbook)
    if kind == "mermaid":
        from processminer.diagrams.mermaid import draw_playbook_mermaid

        return draw_playbook_mermaid(playbook)
    from processminer.diagrams.stage_map import draw_playbook_map

    drawn = draw_playbook_map(playbook)
    if kind == "svg":
        return drawn
    from processminer.engines.pixels import svg_to_png

    return svg_to_png(drawn)
