"""`python -m benchmarks`: made logs, the same figures from every tool, then time and memory side by side."""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Sized
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

from processminer import __version__

TOOLS = {"processminer": f"processminer {__version__}", "pm4py": f"pm4py {version('pm4py')}"}
CURVES = {"processminer": TOOLS["processminer"]}
"""The tools that draw survival curves; the tests bring statsmodels along."""
if find_spec("statsmodels") is not None:
    CURVES["statsmodels"] = f"statsmodels {version('statsmodels')}"


@dataclass(frozen=True, slots=True)
class Run:
    """One process, from start to end."""

    seconds: float
    work: float
    """Seconds after the job's own module was imported; a tool that imports later pays for it here."""
    cores: float
    """Seconds of all cores together, imports too: what a busy machine changes least."""
    peak_mib: int
    figures: dict[str, Any]


def main() -> None:
    """Make the inputs, see that all tools agree, and print medians, ratios and peaks."""
    chosen = _arguments()
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}"
    print(f"{machine}, seed {chosen.seed}, medians of {chosen.repetitions}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        # Made in a process of its own: a child is charged with the memory that its parent had when it began.
        made = [str(folder), str(chosen.events), str(chosen.paths), str(chosen.seed)]
        subprocess.run([sys.executable, "-m", "benchmarks.made_log", *made], check=True)
        flow = f"moves with times, variants, lead time of {chosen.events:,} events"
        _compare("flow", flow, folder / "log.parquet", chosen.repetitions)
        if chosen.stays:
            stays = folder / "stays.parquet"
            made = [str(stays), str(chosen.stays), str(chosen.seed)]
            subprocess.run([sys.executable, "-m", "benchmarks.made_stays", *made], check=True)
            tables = f"time tables of six stages from {chosen.stays:,} stays"
            _compare("stages", tables, stays, chosen.repetitions, CURVES)
        _check(folder / "log.parquet", chosen.repetitions)
        _compare("alignments", f"alignments of {chosen.paths:,} paths", folder / "paths.json", chosen.repetitions)
    print(f"\nprocessminer --help: {_help_seconds(chosen.repetitions):.3f} s")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--stays", type=int, default=10_000_000, help="stays to make time tables of; 0: none")
    parser.add_argument("--paths", type=int, default=5_000, help="distinct paths to align")
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def _compare(job: str, title: str, file: Path, repetitions: int, tools: dict[str, str] = TOOLS) -> None:
    print(f"\n{title}", flush=True)
    figures = _agreed({tool: _run(job, tool, file) for tool in tools})
    print(f"same figures from all: {', '.join(figures)}", flush=True)
    runs: dict[str, list[Run]] = {tool: [] for tool in tools}
    for _ in range(repetitions):
        for tool in tools:
            runs[tool].append(_run(job, tool, file))
    _tell(runs, tools)


def _check(file: Path, repetitions: int) -> None:
    """Print what it costs to hold the log against a playbook, as a share of what reading it costs."""
    runs = [_run("check", "processminer", file) for _ in range(repetitions)]
    read, discovered, conformed = (
        median(run.figures[step] for run in runs) for step in ("read", "discover", "conform")
    )
    print(f"\nheld against a playbook with a limit for every stage: {runs[0].figures['deals']:,} deals")
    steps = f"read {read:.2f} s, discover {discovered:.2f} s, conform {conformed:.2f} s"
    print(f"{steps}: {conformed / read:.1f} of reading, peak {max(run.peak_mib for run in runs):,} MiB", flush=True)


def _run(job: str, tool: str, file: Path) -> Run:
    command = [sys.executable, "-m", "benchmarks.worker", job, tool, str(file)]
    started = time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    return Run(seconds=time.perf_counter() - started, **json.loads(done.stdout))


def _agreed(runs: dict[str, Run]) -> list[str]:
    """Return what all tools found alike, or end with what differs."""
    (first, run), *others = runs.items()
    for tool, other in others:
        for name, figure in run.figures.items():
            if other.figures[name] != figure:
                sys.exit(f"{first} and {tool} differ on {name}; no time is worth telling.")
    return [f"{len(figure):,} {name}" if isinstance(figure, Sized) else name for name, figure in run.figures.items()]


def _tell(runs: dict[str, list[Run]], tools: dict[str, str]) -> None:
    """Print a row a tool: whole processes, then the work alone, each with its ratio to ours."""
    titles = f"{'tool':<24}{'whole s':>9}{'ratio':>7}{'work s':>9}{'ratio':>7}{'cores s':>9}{'peak MiB':>10}"
    print(f"{titles}   whole, each run")
    own_whole, own_work = _medians(runs["processminer"])
    for tool, those in runs.items():
        whole, work = _medians(those)
        ratios = f"{whole:>9.2f}{whole / own_whole:>7.1f}{work:>9.2f}{work / own_work:>7.1f}"
        each = " ".join(f"{run.seconds:.2f}" for run in those)
        cores = median(run.cores for run in those)
        print(f"{tools[tool]:<24}{ratios}{cores:>9.2f}{max(run.peak_mib for run in those):>10,}   {each}")


def _medians(runs: list[Run]) -> tuple[float, float]:
    return median(run.seconds for run in runs), median(run.work for run in runs)


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
