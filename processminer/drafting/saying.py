"""How a draft says names, shares and times in comments and values, whatever the log calls things."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from processminer.engines.yaml_text import dump_text
from processminer.statistics.proportions import wilson
from processminer.words import say_percent, say_share

if TYPE_CHECKING:
    from collections.abc import Iterable

    from processminer.statistics.interval import Interval

LONGEST = 60
"""A longer name is cut in a comment; where it counts it stands whole."""

_UNITS = (("day", 1.0), ("hour", 1 / 24), ("minute", 1 / 1440))


def named(name: str) -> str:
    """Return a name for a comment, in quotation marks where a line break or the like would end the comment.

    >>> named("Demo: 2"), named("a" + chr(9) + "b") == '"a' + chr(92) + 'tb"'
    ('Demo: 2', True)
    """
    short = name if len(name) <= LONGEST else f"{name[: LONGEST - 3]}..."
    return short if short.isprintable() and short == short.strip() != "" else dump_text(short)


def walked(way: Iterable[str]) -> str:
    """Return a way from stage to stage for a comment."""
    return " > ".join(named(stage) for stage in way)


def counted(part: int, whole: int) -> str:
    """Return a share with its counts and 95 % limits.

    >>> counted(53, 100)
    '53 of 100 (53 %, 43 % to 62 %)'
    """
    if whole == 0:
        return say_share(part, whole)
    share = wilson(part, whole)
    return f"{part:,} of {whole:,} ({say_percent(share.estimate)}, {between(share)})"


def between(share: Interval) -> str:
    """Return the limits of a share."""
    return f"{say_percent(share.low)} to {say_percent(share.high)}"


def as_share(share: float) -> str:
    """Return a share as a playbook writes it; small and nearly full ones keep a decimal.

    >>> as_share(0.342), as_share(0.004), as_share(1.0)
    ('34%', '0.4%', '100%')
    """
    return say_percent(share).replace(" ", "")


def as_limit(days: float) -> str:
    """Return a length of time as a playbook writes it, rounded up to whole days, hours or minutes.

    No time at all is a day, since only dates can tell of it.

    >>> as_limit(0.0001), as_limit(1 / 24), as_limit(0.9999), as_limit(1.0), as_limit(14.01), as_limit(0.0)
    ('1 minute', '1 hour', '24 hours', '1 day', '15 days', '1 day')
    """
    if days == 0:
        return "1 day"
    unit, in_days = next((one for one in _UNITS if days >= one[1]), _UNITS[-1])
    # Rounded first: 0.3 days are 7.199999999999999 hours.
    number = math.ceil(round(days / in_days, 6)) or 1
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
