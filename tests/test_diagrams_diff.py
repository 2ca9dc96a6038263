"""Both playbooks in one drawing: nothing lies on anything else, every edge says what became of it."""

from __future__ import annotations

import re
from collections import Counter
from itertools import combinations
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from processminer.diagrams.diff_map import INKS, draw_diff_map
from processminer.diagrams.diff_mermaid import draw_diff_mermaid
from processminer.diagrams.lettering import text_width
from processminer.playbook.compare.compare import compare
from processminer.playbook.read import parse_playbook
from tests.diff_stories import HOSTILE, NEW, OLD, book_of_names

if TYPE_CHECKING:
    from processminer.playbook.compare.change import Comparison

SVG = "{http://www.w3.org/2000/svg}"


def between(old: str, new: str) -> Comparison:
    return compare(parse_playbook(old), parse_playbook(new))


TWELVE = tuple(f"Stage number {place}" for place in range(12))
MAPS = {
    "small": between(OLD, NEW),
    "hostile names": between(book_of_names(HOSTILE), book_of_names(HOSTILE[::-1], optional=True)),
    "all new": between(book_of_names(["A", "B"]), book_of_names(HOSTILE)),
    "twelve stages": between(book_of_names(TWELVE), book_of_names([*TWELVE[6:], *TWELVE[:5]], optional=True)),
    "the same": between(OLD, OLD),
}


def drawn(story: str) -> ET.Element:
    return ET.fromstring(draw_diff_map(MAPS[story]))


def number(element: ET.Element, name: str) -> float:
    return float(element.get(name, "0"))


@pytest.mark.parametrize("story", list(MAPS))
def test_no_card_lies_on_another_and_their_text_stays_inside(story: str) -> None:
    root = drawn(story)
    width = number(root, "width")
    frames: list[tuple[float, float]] = []
    for group in root.iter(f"{SVG}g"):
        if group.get("data-stage") is None:
            continue
        card = group.find(f"{SVG}rect")
        assert card is not None
        left, right = number(card, "x"), number(card, "x") + number(card, "width")
        frames.append((left - 4, right + 4))
        for text in group.findall(f"{SVG}text"):
            room = text_width(text.text or "", number(text, "font-size"), bold=text.get("font-weight") == "bold")
            middle = text.get("text-anchor") == "middle"
            start = number(text, "x") - (room / 2 if middle else 0)
            assert left <= start
            assert start + room <= right + 0.5, text.text
    assert len(frames) == len(MAPS[story].stages) + 2
    for one, other in combinations(frames, 2):
        assert one[1] <= other[0] or other[1] <= one[0]
    assert all(left >= 0 and right <= width for left, right in frames)


@pytest.mark.parametrize("story", list(MAPS))
def test_every_move_of_either_playbook_is_an_edge_with_its_sentence_and_colour(story: str) -> None:
    root = drawn(story)
    said = {"kept": "allowed as before", "added": "newly allowed", "removed": "no longer allowed"}
    edges = Counter[str]()
    for group in root.findall(f"{SVG}g"):
        for line in group.findall(f"{SVG}g"):
            if line.get("data-to") is not None:
                fate = group.get("data-fate", "")
                edges[fate] += 1
                assert (line.get("aria-label") or "").endswith(said[fate])
                assert line.get("stroke") == INKS[fate]  # type: ignore[index]
                path = line.find(f"{SVG}path")
                assert path is not None
                assert (path.get("stroke-dasharray") is not None) == (fate == "removed")
    moves = [move for move in MAPS[story].moves if move.source is None or move.source != move.target]
    fates = Counter("kept" if move.before == move.after else "added" if move.after else "removed" for move in moves)
    assert edges == fates


def test_cards_say_what_became_of_their_stages() -> None:
    fates = {
        group.get("data-stage"): (outer.get("data-fate"), [text.text for text in group.findall(f"{SVG}text")])
        for outer in drawn("small").findall(f"{SVG}g")
        for group in outer.findall(f"{SVG}g")
        if group.get("data-stage") is not None
    }
    assert fates["Lead"][0] == "kept"
    assert fates["Presentation"][0] == "changed"
    assert {"was Demo", "limit was 14 days"} <= set(fates["Presentation"][1])
    assert fates["Legal"][0] == "removed"
    assert "removed" in fates["Legal"][1]
    assert fates["Pilot"][0] == "added"
    legend = "".join(drawn("small").itertext())
    for meaning in ("newly allowed", "no longer allowed", "stage that changed", "as before"):
        assert meaning in legend


@pytest.mark.parametrize("story", list(MAPS))
def test_drawings_are_the_same_bytes_each_time_and_need_no_style_sheet(story: str) -> None:
    comparison = MAPS[story]
    svg = draw_diff_map(comparison)
    assert svg == draw_diff_map(comparison)
    assert not re.search(r"<style|class=|<script|onerror=\"|href=", svg)
    assert draw_diff_mermaid(comparison) == draw_diff_mermaid(comparison)


@pytest.mark.parametrize("story", list(MAPS))
def test_mermaid_has_a_node_per_stage_and_an_arrow_per_move_whatever_the_names(story: str) -> None:
    comparison = MAPS[story]
    text = draw_diff_mermaid(comparison)
    nodes = re.findall(r'^  s\d+(?:\[|\(\[)"[^"]*"(?:\]|\]\)):::(kept|changed|added|removed)$', text, re.MULTILINE)
    arrows = re.findall(r"^  s\d+ (-->|==>|-\.->) s\d+$", text, re.MULTILINE)
    moves = [move for move in comparison.moves if move.source is None or move.source != move.target]
    assert len(nodes) == len(comparison.stages) + 2
    assert len(arrows) == len(moves)
    assert Counter(arrows)["==>"] == sum(move.after and not move.before for move in moves)
    styled = re.findall(r"^  linkStyle (\S+) stroke", text, re.MULTILINE)
    kinds = [arrows[int(place)] for places in styled for place in places.split(",")]
    assert "-->" not in kinds
    assert len(kinds) == len(arrows) - Counter(arrows)["-->"]
    assert "<script" not in text
    assert "%%{" not in text


def test_mermaid_keeps_its_limits_and_leaves_out_what_is_as_before_first() -> None:
    many = book_of_names([f"S{place}" for place in range(40)], optional=True)
    changed = many.replace('"S39", "optional": true', '"S39", "optional": true, "may_return_to": ["S1"]')
    comparison = between(many, changed)
    text = draw_diff_mermaid(comparison, most_lines=50, most_characters=4000)
    assert len(text) <= 4000
    assert 0 < len(re.findall(r"^  s\d+ (-->|==>|-\.->)", text, re.MULTILINE)) <= 50
    assert "s40 ==> s2" in text
    assert re.search(r"%% \d+ of \d+ moves are drawn", text)
