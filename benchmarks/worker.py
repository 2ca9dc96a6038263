"""One measurement in a process of its own: `python -m benchmarks.worker JOB TOOL FILE`."""

from __future__ import annotations

import json
import resource
import sys
import time
from importlib import import_module
from pathlib import Path


def main() -> None:
    """Do the job with the tool; print figures, seconds, seconds of all cores together, and peak memory as JSON."""
    job, tool, file = sys.argv[1:]
    measure = import_module(f"benchmarks.{job}_by_{tool}").measure
    started = time.perf_counter()
    figures = measure(Path(file))
    work = time.perf_counter() - started
    used = resource.getrusage(resource.RUSAGE_SELF)
    told = {
        "figures": figures,
        "work": work,
        "cores": used.ru_utime + used.ru_stime,
        "peak_mib": used.ru_maxrss // 1024,
    }
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()
