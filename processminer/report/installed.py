"""What is installed beside the program, and what each missing thing is for."""

from __future__ import annotations

import platform
import shutil
from importlib.metadata import PackageNotFoundError, version

from processminer import __version__
from processminer.report.listing import table

PROGRAMS = {
    "dot": "arranges activity graphs that have no order of stages (install graphviz); the stage map needs it not",
    "chromium": "prints the report as PDF by hand, and runs the browser tests",
}
LIBRARIES = ("click", "duckdb", "pandas", "pm4py", "networkx", "graphviz", "pydantic", "ruamel.yaml", "jinja2", "numpy")


def render_installed() -> str:
    """Return the versions of the libraries, and which optional programs were found."""
    libraries = [(name, _version(name)) for name in LIBRARIES]
    programs = [(name, shutil.which(name) or "not found", use) for name, use in PROGRAMS.items()]
    lines = [f"processminer {__version__} on Python {platform.python_version()}", ""]
    lines += [
        *table(("Library", "Version"), libraries, 100),
        "",
        *table(("Program", "Found", "Used for"), programs, 140),
    ]
    return "\n".join(lines) + "\n"


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not found"
