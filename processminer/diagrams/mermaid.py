"""The flow as a Mermaid flowchart, for pages that draw Mermaid: merge requests, wikis, READMEs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.diagrams.cards import card
from processminer.diagrams.colours import VERMILION, WON
from processminer.diagrams.flow import read_flow
from processminer.diagrams.lettering import short_count
from processminer.diagrams.markup import named
from processminer.diagrams.playbook_flow import declared_flow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from processminer.conformance.conformance import Conformance
    from processminer.diagrams.flow import Flow, Line, Station
    from processminer.discovery.discovery import Discovery
    from processminer.estimates.estimates import Estimates
    from processminer.playbook.model import Playbook

MOST_LINES = 500
"""Mermaid's own limit of edges (`maxEdges`)."""
MOST_CHARACTERS = 50_000
"""Mermaid's own limit of text (`maxTextSize`)."""
_PLAIN = frozenset(" .,:-–+()/·%")  # noqa: RUF001 - a dash that stage names use
_SHAPES = {"start": ("([", "])"), "stage": ("[", "]"), "won": ("([", "])"), "service": ("[", "]")}


def draw_mermaid(
    discovery: Discovery,
    estimates: Estimates | None = None,
    *,
    conformance: Conformance | None = None,
    playbook: Playbook | None = None,
    most_lines: int = MOST_LINES,
    most_characters: int = MOST_CHARACTERS,
) -> str:
    """Return the flow as a Mermaid flowchart, dotted where the playbook does not allow a move.

    The rarest lines are left out where the text would pass Mermaid's limits; a comment on the second line says how
    many. Names are cut at 80 characters.
    """
    flow = read_flow(discovery, estimates, conformance=conformance, playbook=playbook)
    return _draw(flow, flow.used, most_lines, most_characters)


def draw_playbook_mermaid(playbook: Playbook) -> str:
    """Return what a playbook allows as a Mermaid flowchart, and in green what its service cycle sets off."""
    flow = declared_flow(playbook)
    return _draw(flow, flow.lines, MOST_LINES, MOST_CHARACTERS)


def _draw(flow: Flow, lines: Sequence[Line], most_lines: int, most_characters: int) -> str:
    frequent = sorted(lines, key=lambda line: (-line.count, line.source, line.target))
    nodes = [_node(place, station, flow) for place, station in enumerate(flow.stations)]
    # Room for the first line, the comment, and the style of the lines that leave the playbook.
    room = most_characters - sum(len(node) + 1 for node in nodes) - 200
    kept: list[Line] = []
    for line in frequent[:most_lines]:
        room -= len(_arrow(line, flow)) + 5
        if room < 0:
            break
        kept.append(line)
    kept.sort(key=lambda line: (line.source, line.target))
    service = [str(place) for place, line in enumerate(kept) if line.service]
    stray = [str(place) for place, line in enumerate(kept) if line.declared is False]
    losses = "losses are said in the stages" if flow.measured else "a deal may be lost from every stage"
    text = ["flowchart LR", f"  %% {len(kept)} of {len(lines)} lines are drawn; {losses}", *nodes]
    text += [_arrow(line, flow) for line in kept]
    text += [f"  s{place} --> s{place}" for place, station in enumerate(flow.stations) if station.may_repeat]
    if stray:
        text.append(f"  linkStyle {','.join(stray)} stroke:{VERMILION}")
    if service:
        text.append(f"  linkStyle {','.join(service)} stroke:{WON}")
    return "\n".join([*text, ""])


def _node(place: int, station: Station, flow: Flow) -> str:
    said = card(station, flow)
    name = named(station.name)[:80]
    label = "<br/>".join(escaped(text) for text in (name, *said.rows, *([said.footer] if said.footer else [])))
    left, right = _SHAPES[station.kind]
    return f'  s{place}{left}"{label}"{right}'


def _arrow(line: Line, flow: Flow) -> str:
    arrow = "-.->" if line.declared is False else "-->"
    label = f'|"{short_count(line.count)}"|' if flow.measured else ""
    return f"  s{line.source} {arrow}{label} s{line.target}"


def escaped(text: str) -> str:
    """Return a text in which nothing but letters, digits and a few harmless marks is written as itself.

    >>> escaped('a "b" <i>')
    'a #34;b#34; #60;i#62;'
    """
    safe = "".join(letter if letter.isalnum() or letter in _PLAIN else f"#{ord(letter)};" for letter in text)
    # Two per cent signs begin a comment or a directive.
    return safe.replace("%%", "#37;#37;")
