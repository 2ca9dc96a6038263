"""`python -m benchmarks`: one made log, the same figures from every tool, then time and memory side by side."""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.made_log import write_log
from processminer import __version__

TOOLS = {"processminer": f"processminer {__version__}", "pm4py": f"pm4py {version('pm4py')} on pandas"}
"""Each is measured as a whole process: start, imports, reading the file, counting, telling."""


@dataclass(frozen=True, slots=True)
class Run:
    """One process, from start to end."""

    seconds: float
    peak_mib: int
    figures: dict[str, Any]


def main() -> None:
    """Make the log, see that all tools agree on it, and print medians, ratios and peaks."""
    chosen = _arguments()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "log.parquet"
        events = write_log(path, chosen.events, chosen.seed)
        print(f"{events:,} events, seed {chosen.seed}, {os.cpu_count()} cores, Python {platform.python_version()}")
        first = {tool: _run(tool, path) for tool in TOOLS}
        figures = _agreed(first)
        print(f"same figures from all: {len(figures['edges'])} edges, {len(figures['variants'])} variants")
        runs: dict[str, list[Run]] = {tool: [] for tool in TOOLS}
        for _ in range(chosen.repetitions):
            for tool in TOOLS:
                runs[tool].append(_run(tool, path))
    _tell(runs)
    print(f"processminer --help: {_help_seconds(chosen.repetitions):.3f} s")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def _run(tool: str, path: Path) -> Run:
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.worker", tool, str(path)], stdout=subprocess.PIPE, check=True
    )
    seconds = time.perf_counter() - started
    told = json.loads(done.stdout)
    return Run(seconds, told["peak_mib"], told["figures"])


def _agreed(runs: dict[str, Run]) -> dict[str, Any]:
    """Return the figures that all tools found, or end with what differs."""
    (first, run), *others = runs.items()
    for tool, other in others:
        for name, figure in run.figures.items():
            if other.figures[name] != figure:
                sys.exit(f"{first} and {tool} differ on {name}; no time is worth telling.")
    return run.figures


def _tell(runs: dict[str, list[Run]]) -> None:
    own = _median_seconds(runs["processminer"])
    print(f"\n{'tool':<28}{'median s':>10}{'times ours':>12}{'peak MiB':>10}   each run, s")
    for tool, those in runs.items():
        seconds, peak = _median_seconds(those), max(run.peak_mib for run in those)
        each = " ".join(f"{run.seconds:.2f}" for run in those)
        print(f"{TOOLS[tool]:<28}{seconds:>10.2f}{seconds / own:>12.1f}{peak:>10,}   {each}")
    print()


def _median_seconds(runs: list[Run]) -> float:
    return median(run.seconds for run in runs)


def _help_seconds(repetitions: int) -> float:
    """Return the median time of `processminer --help`, as a whole process."""
    seconds: list[float] = []
    for _ in range(repetitions + 1):
        started = time.perf_counter()
        subprocess.run([sys.executable, "-m", "processminer", "--help"], stdout=subprocess.DEVNULL, check=True)
        seconds.append(time.perf_counter() - started)
    return median(seconds[1:])


if __name__ == "__main__":
    main()
