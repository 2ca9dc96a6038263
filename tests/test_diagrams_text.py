"""DOT and Mermaid: small goldens, limits, and names that cannot break out."""

from __future__ import annotations

import re
from shutil import which
from textwrap import dedent
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processminer.diagrams.dot import draw_dot, draw_playbook_dot
from processminer.diagrams.flow import read_flow
from processminer.diagrams.mermaid import MOST_CHARACTERS, draw_mermaid, draw_playbook_mermaid
from processminer.diagrams.stage_map import draw_stage_map
from processminer.engines.drawing import dot_to_svg
from processminer.engines.pixels import svg_to_png
from processminer.errors import EngineError
from processminer.playbook.model import Playbook
from tests.diagram_stories import HOSTILE, discovery_of, estimates_of, hostile, sales, wide
from tests.needs import need

SMALL = discovery_of({("A", "B", "Won"): 6, ("A", "Won"): 1, ("A", "Lost"): 3}, order=("A", "B"))
SIMPLE = Playbook.model_validate(
    {"name": "P", "stages": [{"name": "A"}, {"name": "B"}], "outcomes": {"won": ["Won"], "lost": ["Lost"]}}
)


def test_a_small_flow_in_dot() -> None:
    assert draw_dot(SMALL, playbook=SIMPLE) == dedent(
        """\
        digraph stages {
          // 4 of 4 moves between the stages are drawn, starts included
          rankdir=LR; nodesep=0.35; ranksep=0.6;
          node [shape=box, style="rounded,filled", fillcolor="#ffffff", color="#64748b", fontcolor="#1e293b", \
fontname="sans-serif", fontsize=12, margin="0.15,0.08"];
          edge [color="#64748b", fontcolor="#1e293b", fontname="sans-serif", fontsize=11, arrowsize=0.7];
          n0 [label="Start\\n10 deals", tooltip="Start: 10 deals with a path", fillcolor="#1e293b", \
fontcolor="#ffffff"];
          n1 [label="A\\n10 deals · 100 %\\n3 lost · 30 %", tooltip="A: 10 of 10 deals (100 %) \
came here, 3 of 10 deals (30 %) lost from here, 0 here now"];
          n2 [label="B\\n6 deals · 60 %\\nnone lost", tooltip="B: 6 of 10 deals (60 %) came here, \
0 of 6 deals (0 %) lost from here, 0 here now"];
          n3 [label="Won\\n7 deals\\n70 %", tooltip="Won: 7 of 10 deals (70 %) came here", fillcolor="#00785a", \
fontcolor="#ffffff"];
          n0 -> n1 [label="10", penwidth=6.0, tooltip="Start to A: 10 deals began here"];
          n1 -> n2 [label="6", penwidth=4.9, tooltip="A to B: 6 times, 6 deals, median 10 days"];
          n1 -> n3 [label="1", penwidth=2.7, tooltip="A to Won: 1 time, 1 deal, median 16 days; not in the playbook", \
style=dashed, color="#D55E00"];
          n2 -> n3 [label="6", penwidth=4.9, tooltip="B to Won: 6 times, 6 deals, median 16 days"];
        }
        """
    )


def test_a_small_flow_in_mermaid() -> None:
    assert draw_mermaid(SMALL, playbook=SIMPLE) == dedent(
        """\
        flowchart LR
          %% 4 of 4 lines are drawn; losses are said in the stages
          s0(["Start<br/>10 deals"])
          s1["A<br/>10 deals · 100 %<br/>3 lost · 30 %"]
          s2["B<br/>6 deals · 60 %<br/>none lost"]
          s3(["Won<br/>7 deals<br/>70 %"])
          s0 -->|"10"| s1
          s1 -->|"6"| s2
          s1 -.->|"1"| s3
          s2 -->|"6"| s3
          linkStyle 2 stroke:#D55E00
        """
    )


def test_a_playbook_alone_in_mermaid() -> None:
    assert draw_playbook_mermaid(SIMPLE) == dedent(
        """\
        flowchart LR
          %% 3 of 3 lines are drawn; a deal may be lost from every stage
          s0(["Start"])
          s1["A"]
          s2["B"]
          s3(["Won"])
          s0 --> s1
          s1 --> s2
          s2 --> s3
        """
    )


def test_a_playbook_alone_in_dot() -> None:
    assert draw_playbook_dot(SIMPLE) == dedent(
        """\
        digraph stages {
          // 3 moves that the playbook allows, starts and wins included
          rankdir=LR; nodesep=0.35; ranksep=0.6;
          node [shape=box, style="rounded,filled", fillcolor="#ffffff", color="#64748b", fontcolor="#1e293b", \
fontname="sans-serif", fontsize=12, margin="0.15,0.08"];
          edge [color="#64748b", fontcolor="#1e293b", fontname="sans-serif", fontsize=11, arrowsize=0.7];
          n0 [label="Start", tooltip="Start", fillcolor="#1e293b", fontcolor="#ffffff"];
          n1 [label="A", tooltip="A"];
          n2 [label="B", tooltip="B"];
          n3 [label="Won", tooltip="Won", fillcolor="#00785a", fontcolor="#ffffff"];
          n0 -> n1 [tooltip="Start to A: allowed by the playbook"];
          n1 -> n2 [tooltip="A to B: allowed by the playbook"];
          n2 -> n3 [tooltip="B to Won: allowed by the playbook"];
        }
        """
    )


@given(st.lists(st.text(min_size=1, max_size=20).filter(lambda name: bool(name.strip())), min_size=1, unique=True))
def test_no_name_of_a_playbook_ends_a_string_of_dot(names: list[str]) -> None:
    stages = [{"name": name, "owner": name, "may_return_to": [name]} for name in names]
    service = [{"name": name, "begins_at": name, "opens": names[0]} for name in names]
    text = draw_playbook_dot(Playbook.model_validate({"name": names[0], "stages": stages, "service": service}))
    for line in text.splitlines()[5:-1]:
        bare = re.sub(r'"(?:[^"\\]|\\.)*"', "", line)
        assert re.fullmatch(r"  n\d+( -> n\d+)?( \[[a-z=, ]*\])?;", bare)


def test_mermaid_keeps_its_limits_and_says_what_it_left_out() -> None:
    flow = read_flow(wide())
    text = draw_mermaid(wide(), most_lines=50)
    arrows = re.findall(r"s\d+ -->\|", text)
    assert len(arrows) == 50 < len(flow.used)
    assert f"%% 50 of {len(flow.used)} lines are drawn" in text
    kept = [int(count.replace(",", "")) for count in re.findall(r'\|"([\d,]+)"\|', text)]
    assert min(kept) >= sorted((line.count for line in flow.used), reverse=True)[49]
    short = draw_mermaid(wide(), most_characters=2500)
    assert len(short) <= 2500
    assert int(re.findall(r"%% (\d+) of", short)[0]) == short.count("-->") < len(flow.used)
    assert len(draw_mermaid(wide())) <= MOST_CHARACTERS


def test_hostile_names_stay_inside_their_quotes_in_mermaid() -> None:
    text = draw_mermaid(hostile())
    for line in text.splitlines()[2:]:
        assert re.fullmatch(r'  (s\d+(\["[^"<>`]*(<br/>[^"<>`]*)*"\]|\(\["[^"]*"\]\))|s\d+ -->\|"\d+"\| s\d+)', line)
    assert "%%" not in text.split("\n", 2)[2]


@given(st.text(max_size=30))
def test_no_name_ends_a_string_of_dot(name: str) -> None:
    text = draw_dot(discovery_of({(name or "A", "Won"): 1}))
    for line in text.splitlines()[5:-1]:
        bare = re.sub(r'"(?:[^"\\]|\\.)*"', "", line)
        assert re.fullmatch(r"  n\d( -> n\d)? \[[a-z=,. \d]*\];", bare)


def test_graphviz_draws_hostile_names_as_text() -> None:
    need("dot", there=which("dot") is not None)
    svg = dot_to_svg(draw_dot(hostile(), estimates_of(hostile())))
    root = ET.fromstring(svg)
    said = " ".join("".join(root.itertext()).split())
    assert HOSTILE[0] in said
    assert HOSTILE[1] in said
    assert "<script" not in svg
    assert "<!" not in svg
    assert svg == dot_to_svg(draw_dot(hostile(), estimates_of(hostile())))


def test_graphviz_refuses_broken_dot_with_a_next_move() -> None:
    need("dot", there=which("dot") is not None)
    with pytest.raises(EngineError, match="refused") as caught:
        dot_to_svg("digraph {{{")
    assert caught.value.hint


def test_without_the_dot_program_the_error_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert which("dot") is None
    with pytest.raises(EngineError, match="not installed") as caught:
        dot_to_svg("digraph {}")
    assert "apt install graphviz" in (caught.value.hint or "")


def test_dot_says_how_many_moves_are_drawn() -> None:
    discovery, playbook = sales()
    text = draw_dot(discovery, playbook=playbook, least_share=0.01)
    drawn = len(re.findall(r"n\d -> n\d", text))
    used = len(read_flow(discovery, playbook=playbook).used)
    assert f"// {drawn} of {used} moves" in text
    assert drawn < used


def test_pixels_have_the_width_that_was_asked_for_and_show_letters() -> None:
    discovery, playbook = sales()
    svg = draw_stage_map(discovery, estimates_of(discovery), playbook=playbook)
    png = svg_to_png(svg, 800)
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(png[16:20], "big") == 800
    without = re.sub(r"<text.*?</text>", "", svg)
    assert len(svg_to_png(svg)) > 1.3 * len(svg_to_png(without))


def test_what_is_no_svg_gives_no_pixels() -> None:
    with pytest.raises(EngineError, match="pixels"):
        svg_to_png("not a drawing")
