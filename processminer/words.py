"""How durations, shares, counts and lists are said, everywhere in the same way, and when two names are the same."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def say_days(days: float | None) -> str:
    """Say a length of time given in days, in the unit that a person would choose.

    >>> say_days(2.26), say_days(0.25), say_days(0.001), say_days(400), say_days(None)
    ('2.3 days', '6 hours', '1 minute', '400 days', 'not reached')
    >>> say_days(0)
    'under a minute'
    """
    if days is None:
        return "not reached"
    if days >= 9.95:
        return f"{days:,.0f} days"
    if days >= 0.95:
        return _counted(round(days, 1), "day")
    hours = days * 24
    if hours >= 0.95:
        return _counted(round(hours, 1), "hour")
    minutes = round(hours * 60)
    return _counted(float(minutes), "minute") if minutes else "under a minute"


def _counted(number: float, unit: str) -> str:
    return f"{number:g} {unit}" if number == 1 else f"{number:g} {unit}s"


def say_share(part: int, whole: int) -> str:
    """Say a share with both its counts; never a bare percentage.

    >>> say_share(2, 3), say_share(0, 0)
    ('2 of 3 (67 %)', '0 of 0')
    """
    if whole == 0:
        return f"{part:,} of 0"
    return f"{part:,} of {whole:,} ({say_percent(part / whole)})"


def say_percent(share: float) -> str:
    """Say a share between 0 and 1 in per cent; small and nearly full ones keep a decimal.

    >>> say_percent(0.5), say_percent(0.004), say_percent(0.996), say_percent(1)
    ('50 %', '0.4 %', '99.6 %', '100 %')
    """
    percent = share * 100
    if 0 < percent < 0.95 or 99.05 < percent < 100:
        return f"{percent:.1f} %"
    return f"{percent:.0f} %"


def say_count(number: int, one: str, many: str | None = None) -> str:
    """Say how many there are of a thing.

    >>> say_count(1, "deal"), say_count(1200, "deal"), say_count(2, "stay")
    ('1 deal', '1,200 deals', '2 stays')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def say_list(items: Iterable[str], most: int = 5) -> str:
    """Name a few things and say how many more there are.

    >>> say_list(["a", "b"]), say_list("abcd", most=2)
    ('a and b', 'a, b and 2 more')
    """
    named = list(items)
    if len(named) > most:
        return f"{', '.join(named[:most])} and {len(named) - most} more"
    if len(named) < 2:
        return "".join(named)
    return f"{', '.join(named[:-1])} and {named[-1]}"


def fold(label: str) -> str:
    """Return a label without what people vary by accident: case, white space, compatibility forms.

    >>> fold("  Closed  Won "), fold("\u24d2losed won")
    ('closed won', 'closed won')
    """
    return " ".join(unicodedata.normalize("NFKC", label).casefold().split())
