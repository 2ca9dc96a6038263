"""The figures as processminer finds them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.figures import Figures
from processminer.discovery.discover import discover
from processminer.log.read import read_log

if TYPE_CHECKING:
    from pathlib import Path

DAY = 86_400
"""Seconds."""


def measure(path: Path) -> Figures:
    """Return the figures by way of the public verbs."""
    discovery = discover(read_log(path))
    (lead,) = discovery.log.relations.row("SELECT median(epoch(last_at) - epoch(first_at)) FROM deals")
    return Figures(
        edges=sorted((m.source, m.target, m.count, round(m.median_days * DAY * 2)) for m in discovery.moves),
        variants=sorted((variant.deals, " > ".join(variant.path)) for variant in discovery.variants),
        lead_seconds=lead,
    )
