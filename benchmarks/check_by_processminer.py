"""What it costs to hold a log against a playbook with a limit for every stage, beside what reading the log costs."""

from __future__ import annotations

import time
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from benchmarks.alignments_by_processminer import PLAYBOOK
from processminer.conformance.conform import conform
from processminer.discovery.discover import discover
from processminer.log.options import Options
from processminer.log.read import read_log
from processminer.playbook.read import read_playbook
from processminer.study import names_of

if TYPE_CHECKING:
    from pathlib import Path

LIMIT = 30.0
"""Days in each stage."""


def measure(path: Path) -> dict[str, Any]:
    """Return seconds of the clock for reading, discovering and conforming, and how many deals were judged."""
    plain = read_playbook(PLAYBOOK)
    limited = tuple(stage.model_copy(update={"time_limit": LIMIT}) for stage in plain.stages)
    playbook = plain.model_copy(update={"stages": limited})
    moments = [time.perf_counter()]
    log = read_log(path, Options(names=names_of(playbook)))
    moments.append(time.perf_counter())
    discovery = discover(log)
    moments.append(time.perf_counter())
    found = conform(discovery, playbook)
    moments.append(time.perf_counter())
    read, discovered, conformed = (after - before for before, after in pairwise(moments))
    judged = found.deals_conforming + found.deals_violating + found.deals_pending
    return {"read": read, "discover": discovered, "conform": conformed, "deals": judged}
