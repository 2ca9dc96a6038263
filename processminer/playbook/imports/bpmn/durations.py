"""Lengths of time in the words of BPMN and of its documentation, as playbooks write them."""

from __future__ import annotations

import re

from processminer.playbook.values import read_days

_ISO = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")
_MINUTES = (525_600, 43_200, 10_080, 1_440, 60, 1)
"""In a year, month, week, day, hour and minute; a month has 30 days and a year 365, as in a playbook."""


def length_text(said: str) -> str | None:
    """Return a length of time as a playbook writes it, or None where none can be read (a date, an expression).

    >>> length_text("P14D"), length_text("PT36H"), length_text("P1DT30M"), length_text("2 weeks"), length_text("=days")
    ('14 days', '36 hours', '1470 minutes', '2 weeks', None)
    """
    text = said.strip().replace(",", "")
    match = _ISO.fullmatch(text)
    if match is None:
        return _as_written(text)
    counts = [int(count or 0) for count in match.groups()]
    minutes = sum(count * size for count, size in zip(counts, _MINUTES, strict=False)) + -(-counts[-1] // 60)
    for unit, size in (("day", 1_440), ("hour", 60), ("minute", 1)):
        if minutes and minutes % size == 0:
            number = minutes // size
            return f"{number} {unit}{'' if number == 1 else 's'}"
    return None


def _as_written(text: str) -> str | None:
    if not re.search(r"[a-z]", text, re.IGNORECASE):
        return None
    try:
        read_days(text)
    except ValueError:
        return None
    return text
