"""The discovered flow in every form that `mine` offers."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Literal, TypedDict, cast

from processminer.report.flow_text import render_flow
from processminer.report.judged import say_judged
from processminer.report.listing import paragraph

if TYPE_CHECKING:
    from processminer.conformance.conformance import Conformance
    from processminer.playbook.model import Playbook
    from processminer.study import Mining


@dataclass(frozen=True, slots=True)
class Wish:
    """How the flow is to be told."""

    kind: str
    """text, svg, png, dot, mermaid, bpmn or json."""
    colour: Literal["frequency", "days", "playbook"]
    layout: Literal["stages", "dot"]
    width: int


def render_mined(found: Mining, wish: Wish) -> tuple[str | bytes, str | None]:
    """Return the flow as text (or the bytes of a PNG), and a note where it is not what was wished for."""
    if wish.kind in {"svg", "png"}:
        svg, note = _svg(found, wish)
        if wish.kind == "svg":
            return svg, note
        from processminer.engines.pixels import svg_to_png

        return svg_to_png(svg), note
    return _written(found, wish), None


def _written(found: Mining, wish: Wish) -> str:
    if wish.kind == "dot":
        from processminer.diagrams.dot import draw_dot

        return draw_dot(found.discovery, found.estimates, **_held(found))
    if wish.kind == "mermaid":
        from processminer.diagrams.mermaid import draw_mermaid

        return draw_mermaid(found.discovery, found.estimates, **_held(found))
    if wish.kind == "bpmn":
        return _bpmn(found)
    return _json(found) if wish.kind == "json" else _text(found, wish)


def _text(found: Mining, wish: Wish) -> str:
    flow = render_flow(found.discovery, found.estimates, width=wish.width)
    if found.conformance is None:
        return flow
    judged = say_judged(found.discovery.log.ingest, found.conformance)
    return "\n".join([flow.rstrip("\n"), "", *paragraph(judged, wish.width, "Judged  "), ""]) if judged else flow


def _bpmn(found: Mining) -> str:
    """Return the playbook that the log was held against, else the process that the closed deals went through."""
    if found.declared is not None:
        from processminer.diagrams.bpmn import draw_bpmn

        return draw_bpmn(found.declared.playbook)
    from processminer.diagrams.block_bpmn import draw_block
    from processminer.engines.petri import inductive_process
    from processminer.errors import InputError

    closed = {one.path: one.won + one.lost for one in found.discovery.variants if one.won + one.lost}
    if not closed:
        message = "no deal is closed yet: there is no whole path to find a process in."
        raise InputError(message, hint="Draw a playbook with --playbook, or the moves so far with --format svg.")
    return draw_block(inductive_process(closed), "What closed deals went through")


def _svg(found: Mining, wish: Wish) -> tuple[str, str | None]:
    """Draw the stage map, or the graph as graphviz lays it out; without its program say so and draw the map."""
    from processminer.diagrams.stage_map import draw_stage_map
    from processminer.errors import EngineError

    note = None
    if wish.layout == "dot":
        from processminer.diagrams.dot import draw_dot
        from processminer.engines.drawing import dot_to_svg

        try:
            return dot_to_svg(draw_dot(found.discovery, found.estimates, **_held(found))), None
        except EngineError as error:
            note = f"{error}\n  The stage map was drawn instead."
    return draw_stage_map(found.discovery, found.estimates, colour=wish.colour, printed=True, **_held(found)), note


class _Held(TypedDict):
    conformance: Conformance | None
    playbook: Playbook | None


def _held(found: Mining) -> _Held:
    playbook = found.declared.playbook if found.declared is not None else None
    return _Held(conformance=found.conformance, playbook=playbook)


def _json(found: Mining) -> str:
    discovery = found.discovery
    document = {
        "deals": asdict(discovery.totals),
        "stages": [asdict(one) for one in discovery.stages],
        "moves": [asdict(one) for one in discovery.moves],
        "variants": [asdict(one) for one in discovery.variants],
    }
    return json.dumps(cast("object", document), ensure_ascii=False, indent=2, default=_moment) + "\n"


def _moment(value: object) -> str:
    return f"{value}Z".replace(" ", "T")
