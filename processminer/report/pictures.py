"""The pictures of single verbs, as SVG or as the pixels of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.diagrams.charts.bottlenecks import draw_bottlenecks
from processminer.diagrams.charts.fan import forecast_chart
from processminer.diagrams.charts.paper import WIDTH
from processminer.report.forecast_text import refused

if TYPE_CHECKING:
    from datetime import datetime

    from processminer.estimates.bottlenecks import Bottlenecks
    from processminer.estimates.flow.outlook import Outlook
    from processminer.playbook.model import Playbook

PICTURES = ("svg", "png")


def picture_bottlenecks(found: Bottlenecks, playbook: Playbook | None, kind: str) -> str | bytes:
    """Return how long deals stay in each stage, and what it would gain."""
    return _as(draw_bottlenecks(found.estimates, found.discovery, playbook), kind)


def picture_forecast(found: Outlook, as_of: datetime, kind: str, *, anyway: bool = False) -> str | bytes:
    """Return past periods and the next one; of a forecast that is refused nothing, unless it is wanted `anyway`."""
    told = None if refused(found) and not anyway else found.forecast
    return _as(forecast_chart(found.gate, found.days, as_of, told).alone, kind, 2 * WIDTH)


def _as(svg: str, kind: str, width: int | None = None) -> str | bytes:
    if kind != "png":
        return svg
    from processminer.engines.pixels import svg_to_png

    return svg_to_png(svg, width)
