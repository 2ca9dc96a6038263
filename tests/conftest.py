"""What all tests share: examples that are the same on every run, and time enough on a busy machine."""

from __future__ import annotations

import os

from hypothesis import settings

from tests.browser import browser
from tests.postgres import postgres
from tests.six_in_databases import crm, duck, lite
from tests.studied_once import studied_once

__all__ = ["browser", "crm", "duck", "lite", "postgres", "studied_once"]

# The workers share the cores already: threads of linear algebra that wait for each other in all of them at once double
# the work of an audit. Programs that tests start inherit this; numpy reads it once, when it is imported.
for threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(threads, "1")

settings.register_profile("steady", deadline=None, derandomize=True)
settings.register_profile("searching", deadline=None, max_examples=1000)
# `HYPOTHESIS_PROFILE=searching make test` looks for new counterexamples.
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))
