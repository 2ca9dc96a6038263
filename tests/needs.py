"""What some tests need beyond Python: a missing browser skips a test at home and fails it in CI."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

REQUIRED = os.environ.get("PROCESSMINER_REQUIRE", "").split(",")
"""What must be there, by the names given to `need`: CI says `browser,dot,node,postgres`."""

PUBLIC_LOGS = Path(os.environ.get("PROCESSMINER_PUBLIC_LOGS", Path(__file__).parents[2] / "shared" / "data"))


def need(what: str, *, there: bool, get_it: str = "") -> None:
    """Skip the test where `what` is missing, or fail it where it is required; `get_it` says how to install it."""
    if there:
        return
    if what in REQUIRED:
        pytest.fail(f"{what} is required here and missing. {get_it}".strip())
    pytest.skip(f"{what} is not on this machine. {get_it}".strip())


def public_log(name: str) -> Path:
    """Return a public log, a path below the folder that PROCESSMINER_PUBLIC_LOGS names; skip where it is absent."""
    need("public-logs", there=(PUBLIC_LOGS / name).exists())
    return PUBLIC_LOGS / name
