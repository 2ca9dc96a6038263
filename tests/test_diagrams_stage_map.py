"""The stage map keeps order: nothing overlaps, nested arcs never cross, nothing is hidden in silence."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processminer.conformance.conformance import Conformance
from processminer.diagrams.cards import ROW, card
from processminer.diagrams.colours import DAYS_RAMP, VERMILION, Colouring, shade, thirds
from processminer.diagrams.flow import Flow, Line, read_flow
from processminer.diagrams.geometry import Box, Layout, lay_out
from processminer.diagrams.lanes import pack_lanes
from processminer.diagrams.lettering import shorten, text_width, wrap
from processminer.diagrams.painting import line_label
from processminer.diagrams.playbook_flow import declared_flow
from processminer.diagrams.stage_map import draw_playbook_map, draw_stage_map, shown_lines
from processminer.diagrams.strokes import thickness
from processminer.playbook.model import Playbook
from tests.diagram_stories import HOSTILE, Paths, discovery_of, estimates_of, hostile, sales, wide

if TYPE_CHECKING:
    from processminer.discovery.discovery import Discovery

SVG = "{http://www.w3.org/2000/svg}"
NAMES = [*"ABCDEFGH", HOSTILE[0], HOSTILE[4]]


@st.composite
def flows(draw: st.DrawFn) -> Discovery:
    steps = st.lists(st.sampled_from(NAMES), min_size=1, max_size=9)
    paths: Paths = {}
    for path in draw(st.lists(steps, min_size=1, max_size=12)):
        end = draw(st.sampled_from([("Won",), ("Lost",), ("Won", "A"), ("Lost", "B", "Won"), ()]))
        paths[(*path, *end)] = draw(st.integers(1, 500))
    return discovery_of(paths, order=tuple(NAMES[:6]))


def laid_out(flow: Flow) -> Layout:
    labels = [[line_label(line, "frequency"), line_label(line, "days")] for line in flow.lines]
    return lay_out(flow, [card(station, flow) for station in flow.stations], labels)


def apart(one: Box, other: Box) -> bool:
    return one.right <= other.x or other.right <= one.x or one.bottom <= other.y or other.bottom <= one.y


def edges(svg: str) -> list[ET.Element]:
    return [group for group in ET.fromstring(svg).iter(f"{SVG}g") if group.get("data-from") is not None]


def verticals(flow: Flow, layout: Layout) -> list[tuple[Line, float, float, float]]:
    found: list[tuple[Line, float, float, float]] = []
    for line, route in zip(flow.lines, layout.routes, strict=True):
        if line.course != "next":
            (x1, y1), (_, lane), (x2, _), (_, y2) = route.corners
            found += [(line, x1, min(y1, lane), max(y1, lane)), (line, x2, min(y2, lane), max(y2, lane))]
    return found


def test_the_same_input_gives_the_same_bytes() -> None:
    first, playbook = sales()
    again, _ = sales()
    assert draw_stage_map(first, estimates_of(first), playbook=playbook) == draw_stage_map(
        again, estimates_of(again), playbook=playbook
    )


def test_stages_stand_in_playbook_order_and_an_undeclared_one_behind_the_stage_it_follows() -> None:
    discovery, playbook = sales()
    shuffled = replace(discovery, stages=discovery.stages[::-1])
    flow = read_flow(shuffled, playbook=playbook)
    assert [station.name for station in flow.stations] == [
        "Start", "Prospecting", "Qualification", "Demo", "Proof of concept", "Proposal", "Negotiation", "Contract",
        "Won",
    ]  # fmt: skip
    assert [station.name for station in flow.stations if station.declared is False] == ["Proof of concept"]


def test_without_a_playbook_stages_keep_the_order_of_the_log() -> None:
    discovery = discovery_of({("B", "A", "Won"): 3}, order=("B", "A"))
    flow = read_flow(discovery)
    assert [station.name for station in flow.stations] == ["Start", "B", "A", "Won"]
    assert not flow.with_playbook


def test_an_alias_counts_as_the_declared_stage() -> None:
    discovery, playbook = sales()
    renamed = playbook.model_copy(
        update={
            "stages": tuple(
                stage.model_copy(update={"name": "Pitch", "aliases": ("\uff24EMO ",)})
                if stage.name == "Demo"
                else stage
                for stage in playbook.stages
            )
        }
    )
    flow = read_flow(discovery, playbook=renamed)
    demo = next(index for index, station in enumerate(flow.stations) if station.name == "Demo")
    assert flow.stations[demo].declared
    assert next(line for line in flow.lines if line.target == demo and line.source == demo - 1).declared
    assert "Pitch" not in [station.name for station in flow.stations]


def test_a_stage_of_the_log_may_be_called_like_the_start() -> None:
    flow = read_flow(discovery_of({("Start", "Lost", "Start", "Won"): 2}))
    assert [(station.kind, station.reopened) for station in flow.stations] == [("start", 0), ("stage", 2), ("won", 0)]
    assert [(line.source, line.target) for line in flow.lines] == [(0, 1), (1, 2)]


def test_a_name_wins_over_the_alias_of_another_stage() -> None:
    stages = [{"name": "A"}, {"name": "B", "aliases": ["a"]}]
    playbook = Playbook.model_validate({"name": "P", "stages": stages})
    flow = read_flow(discovery_of({("A", "B", "Won"): 2}), playbook=playbook)
    assert [station.name for station in flow.stations] == ["Start", "A", "B", "Won"]


def test_a_declared_stage_that_no_deal_visited_stands_empty_in_its_place() -> None:
    _, playbook = sales()
    flow = read_flow(discovery_of({("Prospecting", "Demo", "Won"): 5}), playbook=playbook)
    assert [station.name for station in flow.stations][1:4] == ["Prospecting", "Qualification", "Demo"]
    assert flow.stations[2].deals == 0
    assert "no deal came here" in card(flow.stations[2], flow).sentence


def test_every_move_is_a_line_or_counted_in_a_card() -> None:
    discovery, playbook = sales()
    flow = read_flow(discovery, playbook=playbook)
    moved = [line for line in flow.used if line.median_days is not None]
    assert len(moved) + flow.losses + flow.repeats + flow.reopenings + flow.afterwards == len(discovery.moves)
    assert flow.losses == sum(1 for move in discovery.moves if move.target == "Lost")
    assert flow.reopenings == 1
    assert next(station.reopened for station in flow.stations if station.name == "Qualification") == 4


def test_a_lost_deal_that_is_won_after_all_is_told_at_the_win() -> None:
    flow = read_flow(discovery_of({("A", "Lost", "Won"): 3, ("A", "Won", "Lost"): 2, ("A", "Won"): 1}))
    assert card(flow.stations[-1], flow).badges == ("3 reopened",)
    assert (flow.losses, flow.reopenings, flow.afterwards) == (1, 1, 1)
    assert "Not shown: 1 move from one end of a deal to a lost one." in draw_stage_map(
        discovery_of({("A", "Won", "Lost"): 2})
    )


def test_losses_are_never_lines() -> None:
    discovery, playbook = sales()
    svg = draw_stage_map(discovery, estimates_of(discovery), playbook=playbook, least_share=0)
    assert not [edge for edge in edges(svg) if "Lost" in (edge.get("data-from"), edge.get("data-to"))]
    assert "310 lost · 25 %" in svg


def test_a_rare_allowed_line_is_left_out_and_the_map_says_so() -> None:
    discovery, playbook = sales()
    flow = read_flow(discovery, playbook=playbook)
    traffic = sum(line.count for line in flow.lines)
    few = [line for line in flow.used if line.count < 0.005 * traffic]
    assert {line.declared for line in few} == {True, False}
    svg = draw_stage_map(discovery, playbook=playbook)
    drawn = edges(svg)
    assert len(drawn) == len(flow.used) - len(few)
    share = 100 * sum(int(edge.get("data-count", "")) for edge in drawn) / traffic
    told = re.search(r"(\d+) of (\d+) different moves .*?: ([\d.]+) % of the traffic. The (\d+) left out", svg)
    assert told is not None
    assert [int(told[i]) for i in (1, 2, 4)] == [len(drawn), len(flow.used), len(few)]
    assert float(told[3]) == pytest.approx(share, abs=0.5)


def test_in_the_playbooks_colours_no_deviation_is_left_out() -> None:
    discovery, playbook = sales()
    flow = read_flow(discovery, playbook=playbook)
    shown = shown_lines(flow, "playbook", 0.9)
    assert {line for line in flow.lines if line.declared is False} <= shown
    svg = draw_stage_map(discovery, playbook=playbook, colour="playbook", least_share=0.9)
    stray = [edge for edge in edges(svg) if edge.get("stroke") == VERMILION]
    assert len(stray) == sum(line.declared is False for line in flow.lines) > 5
    dashed = [edge for edge in stray if edge.find(f"{SVG}path[@stroke-dasharray]") is not None]
    assert dashed == stray


def test_an_allowed_move_that_nobody_made_shows_in_the_playbooks_colours_only() -> None:
    discovery, playbook = sales()
    assert not [edge for edge in edges(draw_stage_map(discovery, playbook=playbook)) if edge.get("data-count") == "0"]
    svg = draw_stage_map(discovery, playbook=playbook, colour="playbook")
    (unused,) = [edge for edge in edges(svg) if edge.get("data-count") == "0"]
    assert (unused.get("data-from"), unused.get("data-to")) == ("Qualification", "Prospecting")
    assert "never used" in (unused.get("aria-label") or "")


def test_declared_moves_of_a_conformance_decide_where_there_is_one() -> None:
    discovery = discovery_of({("A", "B", "Won"): 9, ("A", "Won"): 4})
    declared = frozenset({("A", "B"), ("B", "Won"), ("A", "Lost")})
    conformance = Conformance(1.0, 9, 4, 0, (), (), (), declared, {})
    flow = read_flow(discovery, conformance=conformance)
    assert {(line.source, line.target): line.declared for line in flow.lines} == {
        (0, 1): None, (1, 2): True, (1, 3): False, (2, 3): True,
    }  # fmt: skip


def test_the_playbooks_colours_need_a_playbook() -> None:
    discovery, _ = sales()
    with pytest.raises(ValueError, match="playbook"):
        draw_stage_map(discovery, colour="playbook")


@pytest.mark.parametrize("colour", ["frequency", "days", "playbook"])
def test_hostile_names_stay_text(colour: Colouring) -> None:
    discovery = hostile()
    _, playbook = sales()
    svg = draw_stage_map(discovery, estimates_of(discovery), playbook=playbook, colour=colour)
    assert "<script" not in svg
    assert "\u202e" not in "".join(ET.fromstring(svg).itertext())
    targets = {edge.get("data-to") for edge in edges(svg)}
    assert {name.replace("\x07", "\ufffd") for name in HOSTILE} <= targets
    tags = {element.tag.removeprefix(SVG) for element in ET.fromstring(svg).iter()}
    assert tags == {"svg", "title", "g", "path", "rect", "text"}


def test_only_presentation_attributes_and_no_ids_are_used() -> None:
    discovery, playbook = sales()
    for element in ET.fromstring(draw_stage_map(discovery, playbook=playbook)).iter():
        assert not {"class", "style", "id", "marker-end", "paint-order", "href"} & set(element.attrib)


def test_edges_and_cards_can_be_reached_by_keyboard_in_stage_order_with_a_sentence_each() -> None:
    discovery, playbook = sales()
    root = ET.fromstring(draw_stage_map(discovery, estimates_of(discovery), playbook=playbook))
    focusable = [element for element in root.iter() if element.get("tabindex") == "0"]
    sentences = [element.get("aria-label") for element in focusable]
    assert sentences == [element.findtext(f"{SVG}title") for element in focusable]
    places = [station.name for station in read_flow(discovery, playbook=playbook).stations]
    order = [places.index(e.get("data-stage") or e.get("data-from") or "Start") for e in focusable]
    assert order == sorted(order)
    assert "Negotiation to Proposal: 26 times, 26 deals, median 16 days" in sentences
    assert "Demo: 753 of 1,513 deals (50 %) came here, median stay 22 days, 185 of 753 deals (25 %) lost from here" in (
        next(sentence or "" for sentence in sentences if (sentence or "").startswith("Demo: "))
    )


def test_width_follows_the_count_whatever_the_colouring() -> None:
    discovery, playbook = sales()
    widths: list[list[str | None]] = []
    for colour in ("frequency", "days", "playbook"):
        svg = draw_stage_map(discovery, estimates_of(discovery), playbook=playbook, colour=colour, least_share=0)
        widths.append([edge[1].get("stroke-width") for edge in edges(svg) if edge.get("data-count") != "0"])
    assert widths[0] == widths[1] == widths[2]
    assert thickness(4, 100) < thickness(50, 100) < thickness(100, 100)


def test_boxes_and_lines_stand_at_the_same_place_in_every_colouring() -> None:
    discovery, playbook = sales()
    places: list[dict[str, str | None]] = []
    for colour in ("frequency", "days", "playbook"):
        root = ET.fromstring(draw_stage_map(discovery, estimates_of(discovery), playbook=playbook, colour=colour))
        cards = {g.get("data-stage", ""): g.find(f"{SVG}rect") for g in root.iter(f"{SVG}g") if g.get("data-stage")}
        where = {name: box.get("x", "") + " " + box.get("y", "") for name, box in cards.items() if box is not None}
        lines = {f"{g.get('data-from')}|{g.get('data-to')}": g[1].get("d") for g in edges(ET.tostring(root, "unicode"))}
        places.append({**where, **lines})
    common = set(places[0]) & set(places[2])
    assert set(places[0]) == set(places[1]) == common < set(places[2])
    assert all(places[0][name] == places[1][name] == places[2][name] for name in common)


@given(flows(), st.booleans())
@settings(max_examples=60, deadline=None)
def test_random_flows_are_drawn_without_overlap(discovery: Discovery, declared: bool) -> None:
    _, playbook = sales()
    stages = [stage.model_copy(update={"name": name}) for stage, name in zip(playbook.stages, "CABDEF", strict=True)]
    named = playbook.model_copy(update={"stages": tuple(stages)})
    flow = read_flow(discovery, estimates_of(discovery), playbook=named if declared else None)
    layout = laid_out(flow)
    labels = [route.label for route in layout.routes]
    assert all(apart(one, other) for one, other in combinations([*layout.boxes, *labels], 2))
    for label in labels:
        assert not [
            x for _, x, top, foot in verticals(flow, layout) if label.x < x < label.right and top < label.y < foot
        ]
    assert all(box.x >= 0 and box.y >= 0 for box in (*layout.boxes, *labels))
    assert all(box.right <= layout.width and box.bottom <= layout.height for box in (*layout.boxes, *labels))
    svg = draw_stage_map(
        discovery,
        playbook=named if declared else None,
        colour="playbook" if declared else "days",
        least_share=0,
    )
    assert len(edges(svg)) == len(flow.lines)
    moved = [line for line in flow.used if line.median_days is not None]
    assert len(moved) + flow.losses + flow.repeats + flow.reopenings + flow.afterwards == len(discovery.moves)


@given(flows())
@settings(max_examples=60, deadline=None)
def test_arcs_of_one_stage_and_nested_arcs_never_cross(discovery: Discovery) -> None:
    flow = read_flow(discovery)
    layout = laid_out(flow)
    for (line, route), (other, beside) in combinations(zip(flow.lines, layout.routes, strict=True), 2):
        if "next" in (line.course, other.course) or line.course != other.course:
            continue
        spans = sorted((sorted((line.source, line.target)), sorted((other.source, other.target))))
        (a, b), (c, d) = spans
        if a < c < b < d:
            continue  # two arcs that interlock cross once, wherever they run
        assert not crosses(route.corners, beside.corners)
        assert not crosses(beside.corners, route.corners)


def crosses(one: tuple[tuple[float, float], ...], other: tuple[tuple[float, float], ...]) -> bool:
    """Tell whether a vertical of `one` passes the horizontal of `other`."""
    (_, _), (left, lane), (right, _), _ = other
    left, right = sorted((left, right))
    for (x, y), (_, turn) in ((one[0], one[1]), (one[3], one[2])):
        if left < x < right and min(y, turn) < lane < max(y, turn):
            return True
    return False


def test_eighteen_stages_and_a_hundred_and_twenty_lines_stay_in_order() -> None:
    discovery = wide()
    flow = read_flow(discovery, estimates_of(discovery))
    assert len(flow.lines) >= 120
    layout = laid_out(flow)
    boxes = [*layout.boxes, *(route.label for route in layout.routes)]
    assert all(apart(one, other) for one, other in combinations(boxes, 2))
    ports = [(x, line.course) for line, x, _, _ in verticals(flow, layout)]
    assert len(set(ports)) == len(ports)
    assert len(draw_stage_map(discovery, estimates_of(discovery), least_share=0)) < 160_000


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 8)).map(lambda s: (s[0], s[0] + s[1])), max_size=40))
def test_lanes_hold_no_two_spans_that_overlap_and_inner_ones_lie_inside(spans: list[tuple[int, int]]) -> None:
    spans = sorted(set(spans))
    lanes = pack_lanes(spans)
    for (one, lane), (other, beside) in combinations(zip(spans, lanes, strict=True), 2):
        if one[0] < other[1] and other[0] < one[1]:
            assert lane != beside
        if one[0] <= other[0] and other[1] <= one[1]:
            assert beside < lane


def test_one_outlier_does_not_turn_the_colours_of_days() -> None:
    days = [1.0, 2.0, 3.0, 8.0, 9.0, 10.0, 20.0, 25.0, 30.0]
    calm, wild = thirds(days), thirds([*days[:-1], 850.0])
    assert [shade(day, calm, DAYS_RAMP) for day in days[:-1]] == [shade(day, wild, DAYS_RAMP) for day in days[:-1]]


@given(st.text(max_size=60), st.integers(20, 200))
def test_shortened_text_fits(text: str, width: int) -> None:
    assert text_width(shorten(text, width, ROW), ROW) <= max(width, text_width("…", ROW))
    lines = wrap(text, width, ROW)
    assert 1 <= len(lines) <= 2
    assert all(text_width(line, ROW) <= max(width, text_width("…", ROW)) for line in lines)


def test_a_playbook_alone_is_drawn_with_its_owners_and_limits() -> None:
    _, playbook = sales()
    svg = draw_playbook_map(playbook)
    flow = declared_flow(playbook)
    assert len(edges(svg)) == len(flow.lines) == 12
    assert "within 14 days" in svg
    assert "1 task, 1 criterion" in svg
    assert "Qualification to Proposal: allowed by the playbook" in svg
