"""Two playbooks on one stage map: what came highlighted, what is gone as a ghost, what changed marked."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from processminer.diagrams.cards import INSET, ROW, WIDEST_TEXT, card
from processminer.diagrams.colours import AMBER, BLUE, PAPER, SLATE, VERMILION
from processminer.diagrams.diff_flow import diff_flow
from processminer.diagrams.geometry import LANE, MARGIN, lay_out
from processminer.diagrams.legend import say_arcs, write_legend
from processminer.diagrams.lettering import shorten, text_width
from processminer.diagrams.markup import add, as_text, clean, drawing, number, write
from processminer.diagrams.painting import draw_card, draw_line
from processminer.words import say_count

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from processminer.diagrams.cards import Card
    from processminer.diagrams.diff_flow import DiffFlow, Fate
    from processminer.diagrams.geometry import Box
    from processminer.playbook.compare.change import Comparison

INKS: dict[Fate, str] = {"kept": SLATE, "changed": AMBER, "added": BLUE, "removed": VERMILION}
"""What the colours of a comparison mean, wherever one is drawn."""

NARROWEST = 560
"""A legend needs so much room."""
GLOW = 4
"""How far the ground of what is not as it was shines out behind its card."""
GHOST = 0.85
"""How strongly a stage that is gone is drawn: its border keeps a contrast of 3 to 1, its text one of 4.5 to 1."""
BOLD = 2.4
"""Width of a line that came or is gone."""
SAMPLES: tuple[tuple[Fate, str], ...] = (
    ("added", "new: stage, or move that is newly allowed"),
    ("removed", "gone: stage, or move that is no longer allowed"),
    ("changed", "stage that changed"),
    ("kept", "as before"),
)


def draw_diff_map(comparison: Comparison) -> str:
    """Return both playbooks on one stage map, as SVG: presentation attributes only, the same bytes each time.

    The new playbook's stages stand in their order, those that are gone where they stood. Cards bear `data-stage` and
    lines `data-from` and `data-to` as on every stage map, and both bear `data-fate`: kept, changed, added, removed.
    """
    drawn = diff_flow(comparison)
    flow = drawn.flow
    cards = [_card(drawn, at) for at in range(len(flow.stations))]
    layout = lay_out(flow, cards, [[] for _ in flow.lines])
    tops = [box.y for box in layout.boxes] + [y for route in layout.routes for _, y in route.corners]
    feet = [box.bottom for box in layout.boxes] + [y for route in layout.routes for _, y in route.corners]
    top, foot, width = min(tops) - MARGIN, max(feet) + 2 * LANE, max(layout.width, NARROWEST)
    versions = f"{comparison.old.version} to {comparison.new.version}"
    root = drawing(width, f"What changed in the playbook {comparison.new.name}, {versions}")
    ground = add(root, "rect", None, y=top, width=width, fill=PAPER)
    for place, station in enumerate(flow.stations):
        fate = drawn.stations[place]
        group = add(root, "g", None, data_fate=fate, opacity=f"{GHOST:g}" if fate == "removed" else None)
        _shine(group, fate, layout.boxes[place])
        draw_card(group, station, cards[place], layout.boxes[place], INKS[fate])
        for at, (line, route) in enumerate(zip(flow.lines, layout.routes, strict=True)):
            if line.source == place:
                fate = drawn.lines[at]
                shown = route if fate == "kept" else replace(route, width=BOLD)
                group = add(root, "g", None, data_fate=fate)
                draw_line(group, flow, line, shown, INKS[fate], "", drawn.sentence(at))
    legend = add(root, "g", None, transform=f"translate({MARGIN} {number(foot)})")
    samples = [(INKS[fate], text, fate == "removed") for fate, text in SAMPLES]
    foot += write_legend(legend, samples, _sentences(comparison, drawn), width - 2 * MARGIN)
    write(ground, {"height": foot - top})
    write(root, {"height": foot - top, "viewBox": f"0 {number(top)} {number(width)} {number(foot - top)}"})
    return as_text(root)


def _card(drawn: DiffFlow, at: int) -> Card:
    """Return the card of a station as the new playbook declares it, with what became of it."""
    station = drawn.flow.stations[at]
    plain = card(station, drawn.flow)
    said = tuple(clean(tag) for tag in drawn.tags[at])
    badges = tuple(shorten(tag, WIDEST_TEXT, ROW) for tag in said)
    room = max((text_width(badge, ROW) for badge in badges), default=0.0)
    fate = {"kept": "as before", "changed": "changed"}.get(drawn.stations[at], "")
    told = ", ".join(one for one in (fate, *said) if one)
    sentence = f"{clean(station.name)}: {told}" if station.kind == "stage" else clean(station.name)
    return replace(plain, badges=(*plain.badges, *badges), width=max(plain.width, room + 2 * INSET), sentence=sentence)


def _shine(group: Element, fate: Fate, box: Box) -> None:
    if fate != "kept":
        add(
            group,
            "rect",
            None,
            x=box.x - GLOW,
            y=box.y - GLOW,
            width=box.width + 2 * GLOW,
            height=box.height + 2 * GLOW,
            rx=8 + GLOW,
            fill=INKS[fate],
            fill_opacity="0.2",
        )


def _sentences(comparison: Comparison, drawn: DiffFlow) -> list[str]:
    counts = {fate: sum(one == fate for one in drawn.lines) for fate in INKS}
    name, old, new = clean(comparison.new.name), comparison.old.version, comparison.new.version
    return [
        f"{name}, version {clean(old)} to {clean(new)}: {say_count(len(comparison.changes), 'change')} in all.",
        f"Moves, starts and wins included: {counts['added']:,} newly allowed, {counts['removed']:,} no longer allowed, "
        f"{counts['kept']:,} as before. {say_arcs(line.course for line in drawn.flow.lines)}".rstrip(),
    ]
