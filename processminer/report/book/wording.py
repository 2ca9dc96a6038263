"""How a book says lengths of time, shares, days, lists of names, and what its playbook leaves open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.diagrams.markup import legal
from processminer.report.book.book import Fact, Run
from processminer.report.escape import plain
from processminer.words import say_days

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from processminer.report.book.book import Line, Tone

NOT_SAID = Run("not said yet", "missing")


def text(said: str, tone: Tone = "", page: str | None = None, address: str | None = None) -> Run:
    """Return a text of the playbook, made harmless and fit for XML; nothing is shown as `(empty)`."""
    shown = legal(plain(said)).strip()
    return Run(shown or "(empty)", tone, page, address)


def line(*parts: str | Run | Line) -> Line:
    """Return a line of our own words and of runs; a word of ours is taken as it is."""
    return tuple(run for part in parts for run in _runs(part))


def _runs(part: str | Run | Line) -> Iterable[Run]:
    if isinstance(part, str):
        return (Run(part),)
    return (part,) if isinstance(part, Run) else part


def lines(said: str) -> tuple[Line, ...]:
    """Return a text of the playbook as the lines that its author wrote."""
    written = [one for one in said.splitlines() if one.strip()]
    return tuple((text(one),) for one in written) or ((text(said),),)


def fact(term: str, *parts: str | Run | Line) -> Fact:
    """Return what is said on a matter in one line."""
    return Fact(term, (line(*parts),))


def says(said: str | None) -> bool:
    """Tell whether the playbook says something there; blanks say nothing."""
    return said is not None and bool(said.strip())


def either(said: str | None) -> Run:
    """Return what the playbook says, or that it does not say it yet."""
    return text(said) if said is not None and says(said) else NOT_SAID


def listed(names: Sequence[str | Run | Line], last: str = "and") -> Line:
    """Return all of these, separated as people write lists.

    >>> "".join(run.text for run in listed(["a", "b", "c"], "or"))
    'a, b or c'
    """
    parts = [line(name) for name in names]
    ends = ["", *[", "] * (len(parts) - 2), f" {last} "][: len(parts)]
    return tuple(run for end, part in zip(ends, parts, strict=True) for run in ((Run(end), *part) if end else part))


def as_written(names: Iterable[str], last: str = "or") -> Line:
    """Return names as the CRM writes them."""
    return listed([text(name, "code") for name in names], last)


def length(days: float) -> str:
    """Say a length of time exactly, where days, hours or minutes can say it.

    >>> length(14), length(1.5), length(1), length(0.25), length(10.3)
    ('14 days', '36 hours', '1 day', '6 hours', '10.3 days')
    """
    for unit, size in (("day", 1), ("hour", 24), ("minute", 1440)):
        number = round(days * size, 6)
        if number >= 1 and number == round(number) and (unit != "minute" or days < 1):
            return f"{number:,.0f} {unit}{'' if number == 1 else 's'}"
    return f"{days:g} days" if days >= 1 else say_days(days)


def share(part: float) -> str:
    """Say a share as the playbook wrote it.

    >>> share(0.07), share(0.335)
    ('7 %', '33.5 %')
    """
    return f"{part * 100:.4g} %"
