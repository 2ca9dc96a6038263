"""How a value of a playbook is said inside a sentence, and a pair of them so that they can be told apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.words import say_days, say_list, say_percent

if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST = 90
"""Letters of a text that a sentence carries; the rest is in the change itself."""


def quote(value: object) -> str:
    """Say a text for people in quotation marks."""
    return f"'{value}'"


def days(value: object) -> str:
    """Say a length of time."""
    return say_days(value) if isinstance(value, float) else str(value)


def share(value: object) -> str:
    """Say a share in per cent."""
    return say_percent(value) if isinstance(value, float) else str(value)


def times(value: object) -> str:
    """Say how often.

    >>> times(1), times(3)
    ('once', '3 times')
    """
    return "once" if value == 1 else f"{value} times"


def people(value: object) -> str:
    """Say how many people."""
    return "1 person" if value == 1 else f"{value} people"


def exactly(value: object, say: Callable[[object], str]) -> str:
    """Say a number with every digit, in the unit in which it is said otherwise."""
    if isinstance(value, float):
        return f"{value * 100:.12g} %" if say is share else f"{value:.12g} days"
    return say(value)


def pair(before: object, after: object, say: Callable[[object], str]) -> tuple[str, str]:
    """Say two values that are not equal: exactly where rounding would hide it, long texts where they differ."""
    said = say(before), say(after)
    if said[0] == said[1]:
        said = exactly(before, say), exactly(after, say)
    if say is quote and isinstance(before, str) and isinstance(after, str):
        start = _common(before, after)
        return quote(_cut(before, start)), quote(_cut(after, start))
    return said


def lone(value: object, say: Callable[[object], str]) -> str:
    """Say a value that nothing stands against; a long text is cut."""
    return quote(_cut(value, 0)) if say is quote and isinstance(value, str) else say(value)


def names(items: tuple[object, ...]) -> str:
    """Name every item, in order."""
    return say_list([f"'{item}'" for item in items], len(items))


def bare(items: tuple[object, ...]) -> str:
    """Name every stage, in order, without quotation marks."""
    return say_list(map(str, items), len(items))


def _common(before: str, after: str) -> int:
    """Return how many letters two texts share from their beginning on."""
    return next(
        (at for at, (one, other) in enumerate(zip(before, after, strict=False)) if one != other),
        min(len(before), len(after)),
    )


def _cut(text: str, at: int) -> str:
    """Return as much of a text as a sentence carries, around the letter at a place."""
    if len(text) <= LONGEST:
        return text
    first = max(0, min(at - LONGEST // 3, len(text) - LONGEST))
    return f"{'…' if first else ''}{text[first : first + LONGEST]}{'…' if first + LONGEST < len(text) else ''}"
