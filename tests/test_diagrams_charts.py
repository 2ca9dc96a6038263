"""The bottleneck chart shows what was estimated, at its place, and says what is not reached."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processminer.diagrams.charts.bottlenecks import draw_bottlenecks
from processminer.estimates.estimates import Estimates
from processminer.estimates.figures import StageTime
from processminer.statistics.interval import Interval
from tests.diagram_stories import HOSTILE, discovery_of, estimates_of, hostile, sales

SVG = "{http://www.w3.org/2000/svg}"


def rows(svg: str) -> dict[str, ET.Element]:
    groups = ET.fromstring(svg).iter(f"{SVG}g")
    return {group.get("data-stage", ""): group for group in groups}


def bars(row: ET.Element) -> list[tuple[float, float]]:
    found = row.findall(f"{SVG}rect")
    return [(float(bar.get("x", "")), float(bar.get("width", ""))) for bar in found]


def one_stage(time: StageTime) -> tuple[Estimates, str]:
    discovery = discovery_of({(time.stage, "Won"): 5})
    kept = replace(estimates_of(discovery), stages=(time,))
    return kept, draw_bottlenecks(kept, discovery)


def stay(*quartiles: float | None, mean: tuple[float, float, float] = (5, 4, 6)) -> StageTime:
    p10, p25, p50, p75, p90 = quartiles
    return StageTime("A", 5, 6, 2, p50, p90, (p10, p25, p50, p75, p90), Interval(*mean), 40.0, "day", 1.0, 0.25, ())


def test_rows_stand_in_playbook_order_with_a_sentence_each() -> None:
    discovery, playbook = sales()
    svg = draw_bottlenecks(estimates_of(discovery), discovery, playbook)
    assert list(rows(svg)) == [
        "Prospecting", "Qualification", "Demo", "Proof of concept", "Proposal", "Negotiation", "Contract",
    ]  # fmt: skip
    label = rows(svg)["Negotiation"].get("aria-label", "")
    assert label.startswith("Negotiation: 437 stays of 420 deals, 3 still open; median 10 days; ")
    assert label.endswith("time limit 21 days")
    assert svg == draw_bottlenecks(estimates_of(discovery), discovery, playbook)


def test_strips_are_as_long_as_the_percentiles_say() -> None:
    _, svg = one_stage(stay(2, 4, 8, 12, 20))
    (tail_x, tail), (body_x, body) = bars(rows(svg)["A"])
    scale = tail / 18
    assert body == pytest.approx(8 * scale, rel=0.01)
    assert body_x - tail_x == pytest.approx(2 * scale, rel=0.05)


def test_a_strip_ends_in_an_arrow_where_a_percentile_is_not_reached() -> None:
    _, svg = one_stage(stay(2, 4, None, None, None))
    row = rows(svg)["A"]
    assert "not reached" in [text.text for text in row.findall(f"{SVG}text")]
    (tail_x, tail), (body_x, body) = bars(row)
    assert tail_x + tail == pytest.approx(body_x + body)
    assert [path for path in row.findall(f"{SVG}path") if (path.get("d") or "").endswith("Z")]
    _, closed = one_stage(stay(2, 4, 5, 6, 7))
    assert not [path for path in rows(closed)["A"].findall(f"{SVG}path") if (path.get("d") or "").endswith("Z")]


def test_a_declared_limit_is_a_tick_and_is_told_in_the_legend() -> None:
    discovery, playbook = sales()
    with_limits = draw_bottlenecks(estimates_of(discovery), discovery, playbook)
    assert "time limit" in [text.text for text in ET.fromstring(with_limits).iter(f"{SVG}text")]
    assert "time limit" not in draw_bottlenecks(estimates_of(discovery), discovery)


def test_numbers_stand_beside_the_strips() -> None:
    discovery, playbook = sales()
    row = rows(draw_bottlenecks(estimates_of(discovery), discovery, playbook))["Qualification"]
    texts = [text.text for text in row.findall(f"{SVG}text")]
    assert texts == ["Qualification", "20 days", "27 d (23 to 32)", "1,245", "14 %", "32 %", "85 open"]


def test_hostile_names_stay_text() -> None:
    svg = draw_bottlenecks(estimates_of(hostile()), hostile())
    assert "<script" not in svg
    assert HOSTILE[0] in rows(svg)


def test_a_log_without_stays_says_so() -> None:
    discovery, _ = sales()
    svg = draw_bottlenecks(replace(estimates_of(discovery), stages=()), discovery)
    assert "No deal stayed in any stage." in svg


@given(st.lists(st.floats(1e-4, 1e5), min_size=5, max_size=5).map(sorted), st.integers(0, 5))
@settings(max_examples=60, deadline=None)
def test_strips_stay_inside_the_chart_whatever_the_lengths(days: list[float], reached: int) -> None:
    quartiles = [value if place < reached else None for place, value in enumerate(days)]
    _, svg = one_stage(stay(*quartiles, mean=(days[2], days[1], days[3])))
    row = rows(svg)["A"]
    assert all(x >= 184 and x + width <= 184 + 380.1 for x, width in bars(row))
