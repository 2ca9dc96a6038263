"""The numbers that people look at, and what a log can say of them."""

from __future__ import annotations

from typing import Literal

from processminer.playbook.parts.part import Part
from processminer.playbook.values import Name, Text

Measure = Literal[
    "win rate", "won lead time", "time in stage", "conversion", "deals over limit", "no decision", "fitness"
]
"""What the log can say of a metric: the win rate, the days to a win, the days in a stage, the share of deals that go
on from a stage, the share of open deals over their limit, the share of lost deals that nobody decided, the fitness."""


class Metric(Part):
    """A number that the people who work by the playbook look at."""

    called = "a metric"

    name: Name
    """What it is called."""
    target: Text | None = None
    """What to reach, as `at least 25%` or `at most 60 days`."""
    owner: str | None = None
    """The role that answers for it."""
    measure: Measure | None = None
    """What the log can say of it; without one people count it themselves."""
    stage: Name | None = None
    """The stage that is meant by a measure of a stage."""
