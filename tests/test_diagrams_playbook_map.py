"""The map of a playbook shows what it allows and nothing else, in one row or two, with its service cycle behind it."""

from __future__ import annotations

import math
from itertools import combinations, pairwise
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processminer.diagrams.cards import card
from processminer.diagrams.dot import draw_playbook_dot
from processminer.diagrams.flow import read_flow
from processminer.diagrams.geometry import lay_out
from processminer.diagrams.lettering import text_width
from processminer.diagrams.mermaid import draw_playbook_mermaid
from processminer.diagrams.painting import line_label
from processminer.diagrams.playbook_flow import declared_flow
from processminer.diagrams.reach import moves_in_reach
from processminer.diagrams.stage_map import draw_playbook_map
from processminer.playbook.model import Playbook
from processminer.playbook.moves import allowed_moves
from tests.diagram_stories import HOSTILE, discovery_of
from tests.roaming import playbooks
from tests.test_diagrams_stage_map import apart, flows

if TYPE_CHECKING:
    from processminer.diagrams.geometry import Layout
    from processminer.discovery.discovery import Discovery

SVG = "{http://www.w3.org/2000/svg}"
Segment = tuple[int, tuple[float, float], tuple[float, float]]

CYCLE = Playbook.model_validate(
    {
        "name": "Two cycles",
        "stages": [
            {"name": "Lead", "owner": "SDR", "time_limit": "14 days"},
            {"name": "Offer", "owner": "AE", "optional": True, "max_visits": 2, "may_return_to": ["Lead"]},
            {"name": "Deal", "may_return_to": ["Deal"]},
        ],
        "handovers": [
            {"entering": "Offer", "from": "SDR", "to": "AE", "within": "2 days", "passes": ["Notes"]},
            {"entering": "Closed Won", "from": "AE", "to": "CSM", "within": "5 days"},
        ],
        "service": [
            {"name": "Delivery", "begins_at": "Closed Won", "within": "3 days", "owner": "CSM"},
            {"name": "Growth", "begins_at": "Delivery", "opens": "Offer"},
            {"name": "Win-back", "begins_at": "Closed Lost"},
            {"name": "Preparation", "begins_at": "Deal"},
        ],
    }
)


def segments(layout: Layout) -> list[Segment]:
    return [
        (index, *sorted(ends))  # type: ignore[misc]
        for index, route in enumerate(layout.routes)
        for ends in pairwise(route.corners)
        if ends[0] != ends[1]
    ]


def hides(one: Segment, other: Segment) -> bool:
    """Tell whether two straight lines run upon each other."""
    (_, (a, b), (c, d)), (_, (e, f), (g, h)) = one, other
    if a == c and e == g and abs(a - e) < 1:
        return min(d, h) - max(b, f) > 0
    return b == d and f == h and abs(b - f) < 1 and min(c, g) - max(a, e) > 0


@pytest.mark.parametrize("share", [None, 0.3, 0.5, 0.8])
@settings(max_examples=50)
@given(playbook=playbooks(most=9))
def test_in_one_row_or_two_nothing_overlaps_and_no_line_hides_another(share: float | None, playbook: Playbook) -> None:
    flow = declared_flow(playbook)
    second = None if share is None else max(1, int(len(flow.stations) * share))
    layout = lay_out(flow, [card(station, flow) for station in flow.stations], [[] for _ in flow.lines], second)
    for one, other in combinations(layout.boxes, 2):
        assert one.right < other.x or other.right < one.x or one.bottom < other.y or other.bottom < one.y
    drawn = segments(layout)
    assert not [(one, other) for one, other in combinations(drawn, 2) if one[0] != other[0] and hides(one, other)]
    for _, (a, b), (c, d) in drawn:
        assert not [box for box in layout.boxes if a < box.right and box.x < c and b < box.bottom and box.y < d]
        assert not [box for box in layout.boxes if a == c and box.x < a < box.right and b < box.bottom and box.y < d]
        assert 0 <= a <= c <= layout.width
        assert d <= layout.height
    for line, route in zip(flow.lines, layout.routes, strict=True):
        source, target = layout.boxes[line.source], layout.boxes[line.target]
        (x, y), (u, v) = route.corners[0], route.tip
        assert source.x <= x <= source.right
        assert source.y <= y <= source.bottom
        assert target.x <= u <= target.right
        assert target.y <= v <= target.bottom


@settings(max_examples=60)
@given(playbook=playbooks())
def test_every_drawing_shows_exactly_the_allowed_moves(playbook: Playbook) -> None:
    moves = allowed_moves(playbook)
    svg = ET.fromstring(draw_playbook_map(playbook))
    drawn = [group for group in svg.iter(f"{SVG}g") if group.get("data-from") is not None]
    pairs = [(group.get("data-from"), group.get("data-to")) for group in drawn]
    told = {("", name) for name in moves.starts} | set(moves.between) | {(name, "Signed") for name in moves.wins}
    repeats = {(name, name) for name in playbook.names if (name, name) in moves.between}
    assert sorted(map(str, pairs)) == sorted(map(str, told - repeats))
    text = " ".join(svg.itertext())
    assert text.count("may repeat") == len(repeats)
    assert text.count("out of reach") == len(playbook.names) - len(moves_in_reach(playbook)[1])
    ids = ("", *playbook.names, "Signed")
    for graph, letter, arrow in (
        (draw_playbook_dot(playbook), "n", " -> "),
        (draw_playbook_mermaid(playbook), "s", " --> "),
    ):
        ends = [line.split(" [")[0].strip(" ;").split(arrow) for line in graph.splitlines() if arrow in line]
        named = [tuple(ids[int(end.strip().removeprefix(letter))] for end in pair) for pair in ends]
        assert sorted(named) == sorted(told)


def test_service_stages_stand_behind_the_win_with_what_sets_them_off_and_what_they_open() -> None:
    flow = declared_flow(CYCLE)
    names = [station.name for station in flow.stations]
    assert names == ["Start", "Lead", "Offer", "Deal", "Closed Won", "Delivery", "Growth", "Win-back", "Preparation"]
    cycle = {(names[line.source], names[line.target]) for line in flow.lines if line.service}
    assert cycle == {("Closed Won", "Delivery"), ("Delivery", "Growth"), ("Growth", "Offer"), ("Deal", "Preparation")}
    assert flow.allowed == len(flow.lines) - len(cycle) + 1
    svg = ET.fromstring(draw_playbook_map(CYCLE))
    said = [text.text for text in svg.iter(f"{SVG}text")]
    for line in (
        "SDR",
        "within 14 days",
        "at most 2 visits",
        "optional",
        "from SDR",
        "handed over in 2 days",
        "to CSM",
    ):
        assert line in said
    assert {"after Closed Lost", "begins in 3 days", "opens Offer", "may repeat"} <= set(said)
    sentences = {group.get("aria-label") for group in svg.iter(f"{SVG}g")}
    assert "Growth to Offer: opens a new deal there" in sentences
    assert "Deal to Preparation: sets it off" in sentences
    assert "Service Delivery: begins at Closed Won, within 3 days of it, owner: CSM" in sentences


def test_the_service_cycle_has_a_row_of_its_own_and_many_stages_have_two() -> None:
    def rows(playbook: Playbook, room: float = math.inf) -> list[int]:
        svg = ET.fromstring(draw_playbook_map(playbook, room))
        tops: dict[float, int] = {}
        for group in svg.iter(f"{SVG}g"):
            if group.get("data-kind") in {"stage", "service"}:
                top = float(group.find(f"{SVG}rect").get("y"))  # type: ignore[union-attr,arg-type]
                tops[top] = tops.get(top, 0) + 1
        return [tops[top] for top in sorted(tops)]

    def many(count: int) -> Playbook:
        return Playbook.model_validate({"name": "P", "stages": [{"name": f"S{place}"} for place in range(count)]})

    assert rows(CYCLE) == [3, 4]
    assert rows(many(8)) == [8]
    assert rows(many(9)) == [5, 4]
    assert rows(many(14)) == [7, 7]
    assert rows(many(8), room=1e4) == [8]
    assert rows(many(8), room=1000) == [4, 4], "a map that is wider than its page has two rows"
    assert rows(CYCLE, room=400) == [3, 4], "the cycle's own row is as narrow as any"


def test_a_map_is_as_narrow_as_its_page_wherever_two_rows_make_it_so() -> None:
    def width(count: int, room: float) -> float:
        stages = [{"name": f"Stage {place}", "owner": "Account executive"} for place in range(count)]
        playbook = Playbook.model_validate({"name": "P", "stages": stages})
        return float(ET.fromstring(draw_playbook_map(playbook, room)).attrib["width"])

    widths = {count: width(count, 1300) for count in range(1, 13)}
    assert all(found <= 1300 for found in widths.values()), widths
    assert width(8, math.inf) > 1300


@given(st.text(min_size=1, max_size=40))
def test_the_drawing_is_the_same_twice_and_whole_whatever_the_names(name: str) -> None:
    playbook = Playbook.model_construct(
        name=name, stages=CYCLE.stages, outcomes=CYCLE.outcomes, handovers=(), service=()
    )
    assert draw_playbook_map(playbook) == draw_playbook_map(playbook)
    ET.fromstring(draw_playbook_map(playbook))


def test_long_and_strange_names_are_cut_on_the_card_and_whole_in_its_title() -> None:
    names = ("A" * 200, *HOSTILE)
    stages = [{"name": name, "owner": name, "may_return_to": names[:place:5]} for place, name in enumerate(names)]
    service = [{"name": f"{name} again", "begins_at": name, "opens": name} for name in names[:3]]
    given_over = [{"entering": name, "from": name, "to": name} for name in names]
    said = {"name": names[0], "stages": stages, "service": service, "handovers": given_over}
    playbook = Playbook.model_validate(said)
    svg = ET.fromstring(draw_playbook_map(playbook))
    cards = [group for group in svg.iter(f"{SVG}g") if group.get("data-stage") is not None]
    titles = [group.findtext(f"{SVG}title") or "" for group in cards]
    assert any(names[0] in title for title in titles)
    for group in cards:
        box = group.find(f"{SVG}rect")
        assert box is not None
        for text in group.iter(f"{SVG}text"):
            size, bold = float(text.get("font-size", "")), text.get("font-weight") == "bold"
            assert text_width(text.text or "", size, bold=bold) <= float(box.get("width", ""))
    assert not {"class", "style", "id"} & {key for element in svg.iter() for key in element.attrib}


@settings(max_examples=60)
@given(discovery=flows(), share=st.floats(0.2, 0.9))
def test_in_two_rows_no_label_of_a_mined_map_lies_on_another_or_on_a_line_that_crosses_it(
    discovery: Discovery, share: float
) -> None:
    flow = read_flow(discovery)
    labels = [[line_label(line, "frequency"), line_label(line, "days")] for line in flow.lines]
    cards = [card(station, flow) for station in flow.stations]
    layout = lay_out(flow, cards, labels, max(1, int(len(flow.stations) * share)))
    slots = [route.label for route in layout.routes]
    assert all(apart(one, other) for one, other in combinations([*layout.boxes, *slots], 2))
    upright = [((a, b), d) for _, (a, b), (c, d) in segments(layout) if a == c]
    for slot in slots:
        assert not [a for (a, b), d in upright if slot.x < a < slot.right and slot.y < d and b < slot.bottom]
        assert 0 <= slot.x <= slot.right <= layout.width
        assert slot.bottom <= layout.height


def test_stages_after_the_win_stand_behind_it_in_a_mined_map_too() -> None:
    paths = {("Lead", "Deal", "Closed Won", "Delivery", "Growth", "Survey"): 5, ("Lead", "Deal", "Closed Won"): 3}
    discovery = discovery_of(paths, order=("Delivery", "Growth", "Survey", "Lead", "Deal"), won=("Closed Won",))
    bare = [station.name for station in read_flow(discovery).stations]
    assert bare == ["Start", "Lead", "Deal", "Closed Won", "Delivery", "Growth", "Survey"]
    flow = read_flow(discovery, playbook=CYCLE)
    names = [station.name for station in flow.stations]
    assert names == ["Start", "Lead", "Offer", "Deal", "Closed Won", "Delivery", "Growth", "Survey"]
    declared = {(names[line.source], names[line.target]): line.declared for line in flow.used}
    assert declared["Closed Won", "Delivery"] is True
    assert declared["Delivery", "Growth"] is True
    assert declared["Growth", "Survey"] is False
    assert [station.name for station in flow.stations if station.declared is False] == ["Survey"]


@pytest.mark.parametrize(
    ("more", "said", "unsaid"),
    [
        ({}, (), ("skip ahead", "go back")),
        ({"may_return_to": ["A"]}, ("Arcs below the line go back.",), ("skip ahead",)),
        ({"optional": True}, ("Arcs above the line skip ahead.",), ("go back",)),
    ],
)
def test_the_legend_tells_of_the_arcs_there_are(
    more: dict[str, object], said: tuple[str, ...], unsaid: tuple[str, ...]
) -> None:
    stages = [{"name": "A"}, {"name": "B", **more}, {"name": "C"}]
    svg = draw_playbook_map(Playbook.model_validate({"name": "P", "stages": stages}))
    assert all(one in svg for one in said)
    assert not any(one in svg for one in unsaid)
