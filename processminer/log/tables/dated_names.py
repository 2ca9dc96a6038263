"""When a file was written, as its name says."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_DAY = r"(?<!\d)(20\d\d)[-_. ]?(0[1-9]|1[0-2])[-_. ]?(0[1-9]|[12]\d|3[01])"
_CLOCK = r"(?:[T_ -]?([01]\d|2[0-3])[-:.h]?([0-5]\d)(?:[-:.]?[0-5]\d)?(?!\d))?(?!\d)"
_WEEK = r"(?<!\d)(20\d\d)[-_. ]?[Ww](0[1-9]|[1-4]\d|5[0-3])(?!\d)"
_MONTH = r"(?<!\d)(20\d\d)[-_. ]?(0[1-9]|1[0-2])(?!\d)"
_NUMBERED = r"(?<!\d)(\d\d)[-_. ](\d\d)[-_. ](20\d\d)(?!\d)"


def moments_of(files: Sequence[str]) -> list[datetime] | None:
    """Return when each file was written, by the date in its name; None where one has none, or two have the same.

    A week counts to its Sunday, a month to its last day. Numbers alone (05-01-2026) must prove their order together.
    """
    for pattern in (_DAY + _CLOCK, _WEEK, _NUMBERED, _MONTH):
        matches = [re.search(pattern, file) for file in files]
        parts = [match.groups() for match in matches if match is not None]
        if len(parts) == len(files):
            moments = _moments(pattern, parts)
            if moments is not None and len(set(moments)) == len(files):
                return moments
    return None


def _moments(pattern: str, parts: Sequence[tuple[str | None, ...]]) -> list[datetime] | None:
    numbers = [tuple(int(part or 0) for part in one) for one in parts]
    try:
        if pattern == _WEEK:
            return [datetime.fromisocalendar(year, week, 7) for year, week in numbers]
        if pattern == _MONTH:
            return [datetime(year, month, monthrange(year, month)[1]) for year, month in numbers]  # noqa: DTZ001
        if pattern == _NUMBERED:
            return _ordered(numbers)
        return [datetime(one[0], one[1], one[2], one[3], one[4]) for one in numbers]  # noqa: DTZ001 - names say no zone
    except ValueError:
        return None


def _ordered(numbers: Sequence[tuple[int, ...]]) -> list[datetime] | None:
    day_first, month_first = any(one[0] > 12 for one in numbers), any(one[1] > 12 for one in numbers)
    if day_first == month_first:
        return None
    return [datetime(year, b, a) if day_first else datetime(year, a, b) for a, b, year in numbers]  # noqa: DTZ001
