"""One measurement in a process of its own: `python -m benchmarks.worker JOB TOOL FILE`."""

from __future__ import annotations

import json
import resource
import sys
import time
from importlib import import_module
from pathlib import Path


def main() -> None:
    """Do the job with the tool; print figures, seconds, and peak memory as JSON."""
    job, tool, file = sys.argv[1:]
    measure = import_module(f"benchmarks.{job}_by_{tool}").measure
    started = time.perf_counter()
    figures = measure(Path(file))
    work = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    json.dump({"figures": figures, "work": work, "peak_mib": peak}, sys.stdout)


if __name__ == "__main__":
    main()
