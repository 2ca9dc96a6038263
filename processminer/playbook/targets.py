"""What a metric is to reach, read against what it measures: `at least 25%`, `at most 60 days`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from processminer.playbook.values import read_days, read_share

if TYPE_CHECKING:
    from collections.abc import Mapping

    from processminer.playbook.parts.metrics import Measure

OF_DAYS: frozenset[Measure] = frozenset({"won lead time", "time in stage"})
"""Measures in days; all others are shares."""
OF_A_STAGE: frozenset[Measure] = frozenset({"time in stage", "conversion"})
"""Measures that mean nothing without a stage."""
_LOWER_IS_BETTER: frozenset[Measure] = frozenset({*OF_DAYS, "deals over limit", "no decision"})

_BOUNDS: Mapping[str, bool] = MappingProxyType(
    {
        "at least": True, "no less than": True, "not less than": True, "more than": True, "over": True, "above": True,
        "from": True, "min": True, ">=": True, "≥": True, ">": True,
        "at most": False, "no more than": False, "not more than": False, "less than": False, "under": False,
        "below": False, "within": False, "up to": False, "max": False, "<=": False, "≤": False, "<": False,
    }
)  # fmt: skip
_WRITTEN = re.compile(
    rf"(?:({'|'.join(re.escape(bound) for bound in sorted(_BOUNDS, key=len, reverse=True))})\.?\s*)?(\S.*)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Target:
    """A bound that a measure is to keep."""

    value: float
    """Days for a length of time, else a share between 0 and 1."""
    at_least: bool
    """Whether it is to be reached; if not, it is not to be exceeded."""

    def met_by(self, measured: float) -> bool:
        """Tell whether a measured value keeps it; the bound itself does."""
        return measured >= self.value if self.at_least else measured <= self.value


def read_target(text: str, measure: Measure) -> Target:
    """Return the target that a text sets for a measure; without a bound, the better side of the value is meant.

    Raises ValueError, which says what may be written, for a text that is no target of this measure.

    >>> read_target("at most 8 weeks", "won lead time"), read_target("25%", "win rate")
    (Target(value=56.0, at_least=False), Target(value=0.25, at_least=True))
    """
    days = measure in OF_DAYS
    match = _WRITTEN.fullmatch(" ".join(text.split()))
    bound, said = match.groups() if match is not None else (None, "")
    try:
        value = read_days(_number(said)) if days else read_share(said)
    except ValueError:
        example = "at most 60 days" if days else "at least 25%"
        message = f"{text!r} is no {'length of time' if days else 'share'} to reach; write for example {example!r}"
        raise ValueError(message) from None
    return Target(value, measure not in _LOWER_IS_BETTER if bound is None else _BOUNDS[bound.lower()])


def _number(said: str) -> str | float:
    """Return a bare number of days as the number it is."""
    try:
        return float(said)
    except ValueError:
        return said
