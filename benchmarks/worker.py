"""One measurement in a process of its own: `python -m benchmarks.worker TOOL LOG` prints figures and peak memory."""

from __future__ import annotations

import json
import resource
import sys
from dataclasses import asdict
from importlib import import_module
from pathlib import Path


def main() -> None:
    """Measure the log with the tool, and print what it found and took as JSON."""
    tool, log = sys.argv[1:]
    figures = import_module(f"benchmarks.by_{tool}").measure(Path(log))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    json.dump({"peak_mib": peak // 1024, "figures": asdict(figures)}, sys.stdout)


if __name__ == "__main__":
    main()
