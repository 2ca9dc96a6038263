"""In which order a BPMN diagram draws its stages: from left to right, or downwards where it is taller than wide."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from processminer.playbook.imports.xml_tree import Element


def as_drawn(root: Element, stages: Sequence[str]) -> list[str]:
    """Return the stages in the order of the drawing; in that of the file where one of them is not drawn."""
    middles = _middles(root)
    if not stages or any(stage not in middles for stage in stages):
        return list(stages)
    across = [middles[stage][0] for stage in stages]
    down = [middles[stage][1] for stage in stages]
    wide = max(across) - min(across) >= max(down) - min(down)
    return sorted(stages, key=lambda stage: middles[stage] if wide else middles[stage][::-1])


def _middles(root: Element) -> dict[str, tuple[float, float]]:
    found: dict[str, tuple[float, float]] = {}
    for shape in (one for one in root.all() if one.tag == "BPMNShape"):
        bounds = next(iter(shape.named("Bounds")), None)
        said = {} if bounds is None else bounds.attributes
        x, y, width, height = (_number(said.get(side, "")) for side in ("x", "y", "width", "height"))
        middle = (x + width / 2, y + height / 2)
        if all(math.isfinite(side) for side in middle):
            found[shape.attributes.get("bpmnElement", "")] = middle
    return found


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan
