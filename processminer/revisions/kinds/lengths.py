"""Lengths of time as a playbook says them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from processminer.engines.relations import read_sql
from processminer.log.names import fold
from processminer.playbook.values import read_days

if TYPE_CHECKING:
    from collections.abc import Sequence

    from processminer.findings.facts import Facts

LONGER = (1.0, 1.1, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0)
"""The limits that are tried, in lengths of the 90 % quantile; three times that would say nothing any more."""

BROKEN = 0.10
"""A limit that one deal in ten breaks still singles out; it is also where `stage-over-limit` begins."""


def write_days(days: float) -> str:
    """Return a length as a playbook says it, rounded up: hours, days, then fives and tens of days.

    >>> write_days(0.3), write_days(1.0), write_days(8.2), write_days(31), write_days(71)
    ('8 hours', '24 hours', '9 days', '35 days', '80 days')
    """
    if days <= 2:
        hours = max(1, math.ceil(round(days * 24, 6)))
        return f"{hours} {'hour' if hours == 1 else 'hours'}"
    step = 1 if days <= 14 else 5 if days <= 60 else 10
    return f"{math.ceil(round(days / step, 6)) * step} days"


def kept_by_most(names: Sequence[str], p90: float, facts: Facts, *, above: float = 0.0) -> str | None:
    """Return the shortest of a few limits of a stage that at most a tenth of the deals would have broken.

    The stage is given by its folded names; only limits longer than `above` days are tried.
    """
    log = facts.discovery.log
    lengths = [write_days(max(p90, above) * times) for times in LONGER]
    tried = {days: written for written in lengths if (days := read_days(written)) > above}
    rows = log.relations.rows(
        read_sql("processminer.revisions.kinds", "limits_kept.sql"),
        {
            "as_of": log.as_of.replace(tzinfo=None),
            "stages": [one.name for one in log.stages if fold(one.name) in names],
            "limits": list(tried),
        },
    )
    fits = (tried[days] for days, broken, kept in rows if broken <= BROKEN * (broken + kept))
    return next(fits, None)
