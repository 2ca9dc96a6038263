"""The stage map: stages on one line, skips as arcs above it, returns as arcs below it, losses in the cards."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from processminer.diagrams.cards import card
from processminer.diagrams.colours import COLOURINGS, PAPER
from processminer.diagrams.flow import declared_flow, read_flow
from processminer.diagrams.geometry import LANE, MARGIN, lay_out
from processminer.diagrams.legend import draw_legend
from processminer.diagrams.markup import add, as_text, drawing, number, write
from processminer.diagrams.painting import Look, draw_card, draw_line, line_label
from processminer.diagrams.scale import scale_of

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from processminer.conformance.conformance import Conformance
    from processminer.diagrams.colours import Colouring
    from processminer.diagrams.flow import Flow, Line
    from processminer.discovery.discovery import Discovery
    from processminer.estimates.estimates import Estimates
    from processminer.playbook.model import Playbook

RARE = 0.005
"""A line that carries less than one move in two hundred is left out: it could not be told from its neighbours."""
NARROWEST = 560
"""A legend needs so much room."""


def draw_stage_map(
    discovery: Discovery,
    estimates: Estimates | None = None,
    *,
    conformance: Conformance | None = None,
    playbook: Playbook | None = None,
    colour: Colouring = "frequency",
    least_share: float = RARE,
) -> str:
    """Return the stage map as SVG: presentation attributes only, the same bytes for the same input.

    Lines that carry less than `least_share` of all moves are left out, and the map says so; coloured by the playbook
    it leaves out no deviation. One file holds all colourings: `recolour.js` beside this module switches between them,
    by the attributes `data-ink-*`, `data-label-*`, `data-in` and `data-box-*`. Raises ValueError for the playbook's
    colours without a playbook.
    """
    flow = read_flow(discovery, estimates, conformance=conformance, playbook=playbook)
    if colour == "playbook" and not flow.with_playbook:
        message = "the playbook's colours need a conformance or a playbook"
        raise ValueError(message)
    colourings = COLOURINGS if flow.with_playbook else COLOURINGS[:2]
    return _draw(flow, Look(colour, colourings, scale_of(flow)), least_share, "Stage map")


def draw_playbook_map(playbook: Playbook) -> str:
    """Return the stage map of a playbook alone: what it allows, without any deal."""
    flow = declared_flow(playbook)
    return _draw(flow, Look("playbook", ("playbook",), scale_of(flow)), 0.0, f"Playbook: {playbook.name}")


def shown_lines(flow: Flow, colouring: Colouring, least_share: float) -> frozenset[Line]:
    """Return the lines that a colouring shows."""
    traffic = sum(line.count for line in flow.lines)
    told = colouring == "playbook"
    return frozenset(
        line
        for line in flow.lines
        if (line.count and line.count >= least_share * traffic) or (told and (line.declared is False or not line.count))
    )


def _draw(flow: Flow, look: Look, least_share: float, label: str) -> str:
    shown: dict[Colouring, frozenset[Line]] = {
        colouring: shown_lines(flow, colouring, least_share) for colouring in look.colourings
    }
    kept = replace(flow, lines=tuple(line for line in flow.lines if any(line in lines for lines in shown.values())))
    cards = [card(station, flow) for station in flow.stations]
    labels = [[line_label(line, colouring) for colouring in look.colourings] for line in kept.lines]
    layout = lay_out(kept, cards, labels)
    width = max(layout.width, NARROWEST)
    root = drawing(width, layout.height, label)
    add(root, "title", label)
    ground = add(root, "rect", None, width=width, fill=PAPER)
    for place, station in enumerate(flow.stations):
        draw_card(root, station, cards[place], layout.boxes[place], look)
        for line, route in zip(kept.lines, layout.routes, strict=True):
            if line.source == place:
                within: list[Colouring] = [colouring for colouring in look.colourings if line in shown[colouring]]
                draw_line(root, flow, line, route, look, within)
    heights: list[float] = []
    for colouring, lines in shown.items():
        inside = [route.label for line, route in zip(kept.lines, layout.routes, strict=True) if line in lines]
        top = min(box.y for box in (*inside, *layout.boxes)) - MARGIN
        foot = max(box.bottom for box in (*inside, *layout.boxes)) + 2 * LANE
        legend = add(root, "g", None, data_in=colouring, transform=f"translate({MARGIN} {number(foot)})")
        foot += draw_legend(legend, flow, look, colouring, lines, least_share, width - 2 * MARGIN)
        _frame(root, legend, colouring, f"0 {number(top)} {number(width)} {number(foot - top)}", look.colour)
        heights.append(foot)
    write(ground, {"height": max(heights)})
    return as_text(root)


def _frame(root: Element, legend: Element, colouring: Colouring, view: str, now: Colouring) -> None:
    """Keep what a colouring shows of the drawing, lanes without a shown line cut off; open the drawing on `now`."""
    write(root, {f"data_box_{colouring}": view})
    if colouring == now:
        root.set("viewBox", view)
        root.set("height", view.split()[3])
    else:
        legend.set("display", "none")
