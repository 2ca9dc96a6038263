"""Cards and lines of the stage map, put into SVG with everything that a change of colouring needs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from processminer.diagrams.cards import INSET, ROW, TITLE
from processminer.diagrams.colours import BADGE_GROUND, INK, LOSS_GROUND, PAPER, QUIET, VERMILION_TEXT, WON
from processminer.diagrams.geometry import BEND, FOOTER, LABEL, ROW_LINE, TITLE_LINE
from processminer.diagrams.lettering import short_count, short_days, text_width
from processminer.diagrams.markup import Value, add, clean, legal, number, write
from processminer.diagrams.strokes import head
from processminer.words import say_count, say_days

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from processminer.diagrams.cards import Card
    from processminer.diagrams.colours import Colouring
    from processminer.diagrams.flow import Flow, Line, Station
    from processminer.diagrams.geometry import Box, Route

DASHES = "6 4"
ROUND = 8
"""Radius of a card's corners."""
GROUND = {"start": INK, "won": WON}


def line_label(line: Line, colouring: Colouring) -> str:
    """Return the text in a line's label: how often, or how long; a start takes no time."""
    if colouring != "days":
        return short_count(line.count)
    return "start" if line.median_days is None else short_days(line.median_days)


def line_sentence(flow: Flow, line: Line) -> str:
    """Say a line as a sentence that stands alone."""
    source, target = (clean(flow.stations[place].name) for place in (line.source, line.target))
    if line.service:
        said = "sets it off" if flow.stations[line.target].kind == "service" else "opens a new deal there"
    elif not line.count:
        said = "allowed by the playbook, never used" if flow.measured else "allowed by the playbook"
    elif line.median_days is None:
        said = f"{say_count(line.deals, 'deal')} began here"
    else:
        times = say_count(line.count, "time")
        said = f"{times}, {say_count(line.deals, 'deal')}, median {say_days(line.median_days)}"
    stray = "; not in the playbook" if line.declared is False else ""
    return f"{source} to {target}: {said}{stray}"


def draw_card(root: Element, station: Station, card: Card, box: Box, ink: str) -> None:
    """Draw a station: a card with its numbers, its border in `ink`, or the start or a won end."""
    group = _focusable(root, card.sentence, data_stage=legal(station.name), data_kind=station.kind)
    if station.is_card:
        dashes = DASHES if station.declared is False else None
        _box(group, box, ROUND, fill=PAPER, stroke=ink, stroke_width=1.6, stroke_dasharray=dashes)
    else:
        _box(group, box, min(20, box.height / 2), fill=GROUND[station.kind])
    _write_card(group, station, card, box)


def _write_card(group: Element, station: Station, card: Card, box: Box) -> None:
    stage = station.is_card
    x = box.x + INSET if stage else box.middle[0]
    anchor = None if stage else "middle"
    ink, quiet = (INK, QUIET) if stage else (PAPER, PAPER)
    y = box.y + (7 if stage else 9)
    for text in card.title:
        y += TITLE_LINE
        add(group, "text", text, x=x, y=y - 3, font_size=TITLE, font_weight="bold", fill=ink, text_anchor=anchor)
    for text in card.rows:
        y += ROW_LINE
        add(group, "text", text, x=x, y=y - 2, font_size=ROW, fill=quiet, text_anchor=anchor)
    for text in card.badges:
        y += ROW_LINE
        if stage:
            width = text_width(text, LABEL) + 10
            add(group, "rect", x=x - 4, y=y - 13, width=width, height=15, rx=7, fill=BADGE_GROUND)
        add(group, "text", text, x=x + stage, y=y - 1.5, font_size=LABEL, fill=ink, text_anchor=anchor)
    if card.footer is not None:
        _write_footer(group, card.footer, box, loss=station.lost > 0)


def _write_footer(group: Element, text: str, box: Box, *, loss: bool) -> None:
    top, left, right, bottom = box.bottom - FOOTER, box.x + 0.8, box.right - 0.8, box.bottom - 0.8
    if loss:
        corner = ROUND - 0.8
        path = (
            f"M{number(left)} {number(top)}H{number(right)}V{number(bottom - corner)}"
            f"q0 {corner:g} {-corner:g} {corner:g}H{number(left + corner)}q{-corner:g} 0 {-corner:g} {-corner:g}Z"
        )
        add(group, "path", d=path, fill=LOSS_GROUND)
    ink = VERMILION_TEXT if loss else QUIET
    add(group, "text", text, x=box.x + INSET, y=bottom - 6.5, font_size=ROW, fill=ink)


def draw_line(
    root: Element, flow: Flow, line: Line, route: Route, ink: str, label: str, sentence: str | None = None
) -> None:
    """Draw a line with its arrowhead, and its label where deals were counted; it is read out as its sentence."""
    source, target = (flow.stations[place] for place in (line.source, line.target))
    names: dict[str, Value] = {
        "data_from": "" if source.kind == "start" else legal(source.name),
        "data_to": legal(target.name),
        "data_course": line.course,
        "data_count": str(line.count),
    }
    group = _focusable(root, sentence or line_sentence(flow, line), **names, stroke=ink, fill=ink)
    dashes = DASHES if line.declared is False else None
    path, arrow = _path(route)
    add(group, "path", d=path, fill="none", stroke_width=number(route.width), stroke_dasharray=dashes)
    add(group, "path", d=arrow, stroke="none")
    if flow.measured:
        _write_label(group, label, route.label, halo=len(route.corners) > 2)


def _write_label(group: Element, text: str, box: Box, *, halo: bool) -> None:
    x, y = box.middle
    if halo:
        width = text_width(text, LABEL) + 6
        _box(group, replace(box, x=x - width / 2, width=width), 0, fill=PAPER, stroke="none")
    label = add(group, "text", text, x=x, y=y + LABEL * 0.36, font_size=LABEL, text_anchor="middle")
    write(label, {"stroke": "none", "fill": INK})


def _path(route: Route) -> tuple[str, str]:
    """Return the path of a line up to the foot of its arrowhead, and the arrowhead."""
    length, half = head(route.width)
    (x, y), (tip_x, tip_y) = route.corners[0], route.tip
    if len(route.corners) == 2:
        line = f"M{number(x)} {number(y)}H{number(tip_x - length)}"
        return line, f"M{number(tip_x)} {number(tip_y)}l{number(-length)} {number(-half)}v{number(2 * half)}Z"
    lane = route.corners[1][1]
    # An arc goes out and comes back; from one row to the other it goes on.
    out, into, along = (1 if lane > y else -1), (1 if tip_y > lane else -1), (1 if tip_x > x else -1)
    bend = min(BEND, abs(tip_x - x) / 2)
    line = (
        f"M{number(x)} {number(y)}V{number(lane - out * bend)}q0 {number(out * bend)} {number(along * bend)} "
        f"{number(out * bend)}H{number(tip_x - along * bend)}q{number(along * bend)} 0 {number(along * bend)} "
        f"{number(into * bend)}V{number(tip_y - into * length)}"
    )
    return line, f"M{number(tip_x)} {number(tip_y)}l{number(-half)} {number(-into * length)}h{number(2 * half)}Z"


def _focusable(root: Element, sentence: str, **attributes: Value) -> Element:
    group = add(root, "g", None, tabindex="0", role="img", aria_label=sentence, **attributes)
    add(group, "title", sentence)
    return group


def _box(group: Element, box: Box, radius: float, **attributes: Value) -> Element:
    rounded = radius or None
    return add(group, "rect", None, x=box.x, y=box.y, width=box.width, height=box.height, rx=rounded, **attributes)
