"""The flow as DOT, for graphviz and every tool that reads it; two runs of one log give the same text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.diagrams.cards import card
from processminer.diagrams.colours import INK, PAPER, SLATE, VERMILION, WON
from processminer.diagrams.flow import read_flow
from processminer.diagrams.markup import named
from processminer.diagrams.painting import line_sentence
from processminer.diagrams.playbook_flow import declared_flow
from processminer.diagrams.scale import RARE
from processminer.diagrams.stage_map import shown_lines
from processminer.diagrams.strokes import thickness

if TYPE_CHECKING:
    from collections.abc import Sequence

    from processminer.conformance.conformance import Conformance
    from processminer.diagrams.flow import Flow, Line, Station
    from processminer.discovery.discovery import Discovery
    from processminer.estimates.estimates import Estimates
    from processminer.playbook.model import Playbook


def draw_dot(
    discovery: Discovery,
    estimates: Estimates | None = None,
    *,
    conformance: Conformance | None = None,
    playbook: Playbook | None = None,
    least_share: float = RARE,
) -> str:
    """Return the flow as a directed graph in DOT: stages in their order, then lines by source and target.

    Dashed vermilion stands for what the playbook does not allow. Losses are said in the nodes. Lines that carry less
    than `least_share` of all moves are left out, and a comment says how many.
    """
    flow = read_flow(discovery, estimates, conformance=conformance, playbook=playbook)
    shown = shown_lines(flow, "frequency", least_share)
    drawn = [line for line in flow.lines if line in shown]
    return _draw(flow, drawn, f"{len(shown)} of {len(flow.used)} moves between the stages are drawn, starts included")


def draw_playbook_dot(playbook: Playbook) -> str:
    """Return what a playbook allows as a directed graph in DOT, and in green what its service cycle sets off."""
    flow = declared_flow(playbook)
    return _draw(flow, flow.lines, f"{flow.allowed} moves that the playbook allows, starts and wins included")


def _draw(flow: Flow, lines: Sequence[Line], comment: str) -> str:
    most = max((line.count for line in flow.lines), default=0)
    text = [
        "digraph stages {",
        f"  // {comment}",
        "  rankdir=LR; nodesep=0.35; ranksep=0.6;",
        f'  node [shape=box, style="rounded,filled", fillcolor="{PAPER}", color="{SLATE}", fontcolor="{INK}", '
        'fontname="sans-serif", fontsize=12, margin="0.15,0.08"];',
        f'  edge [color="{SLATE}", fontcolor="{INK}", fontname="sans-serif", fontsize=11, arrowsize=0.7];',
        *(_node(place, station, flow) for place, station in enumerate(flow.stations)),
        *(_edge(line, flow, most) for line in lines),
    ]
    text += [f"  n{place} -> n{place};" for place, station in enumerate(flow.stations) if station.may_repeat]
    return "\n".join([*text, "}", ""])


def _edge(line: Line, flow: Flow, most: int) -> str:
    look = [
        *([f'label="{line.count:,}"'] if flow.measured else []),
        *([f"penwidth={thickness(line.count, most):.1f}"] if flow.measured else []),
        f"tooltip={_quoted([line_sentence(flow, line)])}",
        *(["style=dashed", f'color="{VERMILION}"'] if line.declared is False else []),
        *([f'color="{WON}"'] if line.service else []),
    ]
    return f"  n{line.source} -> n{line.target} [{', '.join(look)}];"


def _node(place: int, station: Station, flow: Flow) -> str:
    said = card(station, flow)
    lines = [named(station.name), *said.rows, *said.badges, *([said.footer] if said.footer else [])]
    look = {"start": f', fillcolor="{INK}", fontcolor="{PAPER}"', "won": f', fillcolor="{WON}", fontcolor="{PAPER}"'}
    stray = f', style="rounded,filled,dashed", color="{VERMILION}"' if station.declared is False else ""
    tooltip = _quoted([said.sentence])
    return f"  n{place} [label={_quoted(lines)}, tooltip={tooltip}{look.get(station.kind, '')}{stray}];"


def _quoted(lines: list[str]) -> str:
    r"""Return a quoted string of DOT in which no name can end the string, start an escape or an entity.

    >>> print(_quoted(['a "b" \\N &lt;', "c"]))
    "a \"b\" \\N &amp;lt;\nc"
    """
    escaped = (line.replace("&", "&amp;").replace("\\", "\\\\").replace('"', '\\"') for line in lines)
    return '"' + "\\n".join(escaped) + '"'
