"""The flow of a log as processminer finds it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from processminer.discovery.discover import discover
from processminer.log.read import read_log

if TYPE_CHECKING:
    from pathlib import Path

DAY = 86_400
"""Seconds."""


def measure(path: Path) -> dict[str, Any]:
    """Return edges with counts and median half seconds, variants with deals, and the median lead time in seconds."""
    discovery = discover(read_log(path))
    (lead,) = discovery.log.relations.row("SELECT median(epoch(last_at) - epoch(first_at)) FROM deals")
    return {
        "edges": sorted((m.source, m.target, m.count, round(m.median_days * DAY * 2)) for m in discovery.moves),
        "variants": sorted((variant.deals, " > ".join(variant.path)) for variant in discovery.variants),
        "lead time": lead,
    }
