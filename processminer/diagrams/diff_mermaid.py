"""Two playbooks as one Mermaid flowchart, for pages that draw Mermaid: merge requests, wikis, READMEs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.diagrams.colours import SLATE
from processminer.diagrams.diff_flow import diff_flow
from processminer.diagrams.diff_map import INKS
from processminer.diagrams.lettering import shorten
from processminer.diagrams.markup import clean
from processminer.diagrams.mermaid import MOST_CHARACTERS, MOST_LINES, escaped

if TYPE_CHECKING:
    from processminer.diagrams.diff_flow import DiffFlow, Fate
    from processminer.playbook.compare.change import Comparison

LONGEST = 420
"""Width at which a name or a remark is cut, in the unit of its letters; a node with more is no longer a node."""
_SIZE = 12
_STYLES: dict[Fate, str] = {
    "added": f"stroke:{INKS['added']},stroke-width:3px",
    "removed": f"stroke:{INKS['removed']},stroke-width:2px,stroke-dasharray:6 4",
    "changed": f"stroke:{INKS['changed']},stroke-width:3px",
    "kept": f"stroke:{SLATE}",
}
_ARROWS: dict[Fate, str] = {"added": "==>", "removed": "-.->", "kept": "-->", "changed": "-->"}


def draw_diff_mermaid(
    comparison: Comparison, *, most_lines: int = MOST_LINES, most_characters: int = MOST_CHARACTERS
) -> str:
    """Return both playbooks as a Mermaid flowchart: what came blue, what is gone dashed vermilion, changed amber.

    Within Mermaid's limits: moves that are as before are left out first, then those at the end of the line; a comment
    on the second line says how many are drawn.
    """
    drawn = diff_flow(comparison)
    nodes = [_node(drawn, at) for at in range(len(drawn.flow.stations))]
    styles = [f"  classDef {fate} {style}" for fate, style in _STYLES.items()]
    # Besides nodes and styles: the first line, the comment, and the lists of lines by their colour.
    room = most_characters - sum(len(text) + 1 for text in (*nodes, *styles)) - 200
    told = sorted(range(len(drawn.lines)), key=lambda at: (drawn.lines[at] == "kept", at))
    kept: list[int] = []
    for at in told[:most_lines]:
        room -= len(_arrow(drawn, at)) + 6
        if room < 0:
            break
        kept.append(at)
    kept.sort()
    text = ["flowchart LR", f"  %% {len(kept)} of {len(drawn.lines)} moves are drawn", *nodes]
    text += [_arrow(drawn, at) for at in kept]
    for fate in ("added", "removed"):
        places = [str(place) for place, at in enumerate(kept) if drawn.lines[at] == fate]
        text += [f"  linkStyle {','.join(places)} {_STYLES[fate]}"] if places else []
    return "\n".join([*text, *styles, ""])


def _node(drawn: DiffFlow, at: int) -> str:
    station, fate = drawn.flow.stations[at], drawn.stations[at]
    name = clean(station.name) or "(no name)"
    label = "<br/>".join(escaped(shorten(clean(text), LONGEST, _SIZE)) for text in (name, *drawn.tags[at]))
    left, right = ("[", "]") if station.kind == "stage" else ("([", "])")
    return f'  s{at}{left}"{label}"{right}:::{fate}'


def _arrow(drawn: DiffFlow, at: int) -> str:
    line = drawn.flow.lines[at]
    return f"  s{line.source} {_ARROWS[drawn.lines[at]]} s{line.target}"
