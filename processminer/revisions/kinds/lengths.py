"""Lengths of time as a playbook says them."""

from __future__ import annotations

import math


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
