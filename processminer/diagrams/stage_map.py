"""The stage map: stages on one line, skips as arcs above it, returns as arcs below it, losses in the cards."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from processminer.diagrams.cards import card
from processminer.diagrams.colours import COLOURINGS, PAPER
from processminer.diagrams.flow import read_flow
from processminer.diagrams.geometry import LANE, MARGIN, lay_out
from processminer.diagrams.legend import draw_legend
from processminer.diagrams.markup import add, as_text, drawing, number, write
from processminer.diagrams.painting import draw_card, draw_line, line_label
from processminer.diagrams.playbook_flow import declared_flow
from processminer.diagrams.scale import RARE, scale_of

if TYPE_CHECKING:
    from processminer.conformance.conformance import Conformance
    from processminer.diagrams.colours import Colouring
    from processminer.diagrams.flow import Flow, Line
    from processminer.discovery.discovery import Discovery
    from processminer.estimates.estimates import Estimates
    from processminer.playbook.model import Playbook

PRINTED = 8
"""So many cards beside each other can be read on a printed page; a playbook with more of them is drawn in two rows."""
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
    printed: bool = False,
) -> str:
    """Return the stage map as SVG: presentation attributes only, the same bytes for the same input.

    Lines that carry less than `least_share` of all moves are left out, and the map says so; coloured by the playbook
    it leaves out no deviation. Boxes stand at the same place, and lines run in the same lanes, in every colouring.
    With `printed` what a page has no room for, and a service cycle, stand in a second row. Cards bear `data-stage`;
    lines bear `data-from` (empty for the start) and `data-to`, for pages that link to them.
    Raises ValueError for the playbook's colours without a playbook.
    """
    flow = read_flow(discovery, estimates, conformance=conformance, playbook=playbook)
    if colour == "playbook" and not flow.with_playbook:
        message = "the playbook's colours need a conformance or a playbook"
        raise ValueError(message)
    second = _second_row(flow) if printed else None
    return _draw(flow, colour, COLOURINGS if flow.with_playbook else COLOURINGS[:2], least_share, "Stage map", second)


def draw_playbook_map(playbook: Playbook, room: float = math.inf) -> str:
    """Return the stage map of a playbook alone: what it allows, without any deal.

    A service cycle of two or more stages stands in a row of its own below the sale, and a playbook with more stages
    than a printed page has room for is drawn in two rows, as is one that would be wider than `room` pixels.
    """
    flow = declared_flow(playbook)
    ways = (_second_row(flow), _half(flow))
    widths = [_width(flow, second) for second in ways]
    second = ways[0] if widths[0] <= room or widths[0] <= widths[1] else ways[1]
    return _draw(flow, "playbook", ("playbook",), 0.0, f"Playbook: {playbook.name}", second)


def _width(flow: Flow, second: int | None) -> float:
    """Return how wide a playbook's map is, whose lines bear no labels."""
    return lay_out(flow, [card(station, flow) for station in flow.stations], [()] * len(flow.lines), second).width


def _half(flow: Flow) -> int:
    """Return the station with which the second of two rows of equal length begins."""
    return -(-len(flow.stations) // 2)


def _second_row(flow: Flow) -> int | None:
    """Return the station with which a second row begins, or None where one row is enough."""
    cards = sum(station.is_card for station in flow.stations)
    cycle = [place for place, station in enumerate(flow.stations) if station.kind == "service"]
    if len(cycle) > 1 and cards - len(cycle) <= PRINTED:
        return cycle[0]
    return None if cards <= PRINTED else _half(flow)


def shown_lines(flow: Flow, colouring: Colouring, least_share: float) -> frozenset[Line]:
    """Return the lines that a colouring shows."""
    traffic = sum(line.count for line in flow.lines)
    told = colouring == "playbook"
    return frozenset(
        line
        for line in flow.lines
        if (line.count and line.count >= least_share * traffic) or (told and (line.declared is False or not line.count))
    )


def _draw(
    flow: Flow,
    colour: Colouring,
    colourings: tuple[Colouring, ...],
    least_share: float,
    label: str,
    second: int | None = None,
) -> str:
    shown = {colouring: shown_lines(flow, colouring, least_share) for colouring in colourings}
    # The places follow from what any colouring shows: who compares two of them finds everything where it was.
    lines = tuple(line for line in flow.lines if any(line in within for within in shown.values()))
    cards = [card(station, flow) for station in flow.stations]
    labels = [[line_label(line, colouring) for colouring in colourings] for line in lines]
    layout = lay_out(replace(flow, lines=lines), cards, labels, second)
    inside = [route.label for line, route in zip(lines, layout.routes, strict=True) if line in shown[colour]]
    top = min(box.y for box in (*inside, *layout.boxes)) - MARGIN
    foot = max(box.bottom for box in (*inside, *layout.boxes)) + 2 * LANE
    scale, width = scale_of(flow), max(layout.width, NARROWEST)
    root = drawing(width, label)
    ground = add(root, "rect", None, y=top, width=width, fill=PAPER)
    for place, station in enumerate(flow.stations):
        draw_card(root, station, cards[place], layout.boxes[place], scale.station(station, colour))
        for line, route in zip(lines, layout.routes, strict=True):
            if line.source == place and line in shown[colour]:
                draw_line(root, flow, line, route, scale.line(line, colour), line_label(line, colour))
    legend = add(root, "g", None, transform=f"translate({MARGIN} {number(foot)})")
    foot += draw_legend(
        legend, flow, scale, colour, shown[colour], least_share, width - 2 * MARGIN, 1 + (second is not None)
    )
    write(ground, {"height": foot - top})
    write(root, {"height": foot - top, "viewBox": f"0 {number(top)} {number(width)} {number(foot - top)}"})
    return as_text(root)
