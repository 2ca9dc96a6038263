"""What it costs to explain won paths by the playbook, as processminer finds it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from processminer.conformance.align import align
from processminer.playbook.read import read_playbook

PLAYBOOK = Path(__file__).with_name("playbook.yaml")


def measure(path: Path) -> dict[str, Any]:
    """Return the cost of an optimal alignment for each path, in the order given."""
    paths = [tuple(stages) for stages in json.loads(path.read_text())]
    alignments = align([(stages, "won") for stages in paths], read_playbook(PLAYBOOK))
    return {"costs": [alignment.cost for alignment in alignments]}
