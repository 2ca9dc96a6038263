"""What all tests share: examples that are the same on every run, and time enough on a busy machine."""

from __future__ import annotations

import os

from hypothesis import settings

from tests.postgres import postgres

__all__ = ["postgres"]

settings.register_profile("steady", deadline=None, derandomize=True)
settings.register_profile("searching", deadline=None, max_examples=1000)
# `HYPOTHESIS_PROFILE=searching make test` looks for new counterexamples.
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))
