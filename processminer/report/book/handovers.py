"""A hand-over in words: who passes what to whom, and within when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.report.book.wording import NOT_SAID, as_written, fact, length, line, listed, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.playbook.parts.roles import Handover
    from processminer.report.book.book import Fact, Line
    from processminer.report.book.places import Places


def handover_line(handover: Handover, places: Places) -> Line:
    """Return a hand-over as one sentence: from whom to whom, as which stage is entered."""
    giver, taker = places.role(handover.giver), places.role(handover.taker)
    return line(giver, " to ", taker, ", as the deal comes to ", places.stage(handover.entering))


def handover_facts(term: str, handover: Handover, places: Places) -> Iterator[Fact]:
    """Yield what there is to say of a hand-over, the sentence with its time limit first."""
    soon = line("time limit ", NOT_SAID) if handover.within is None else line(f"within {length(handover.within)}")
    yield fact(term, handover_line(handover, places), ", ", soon)
    yield fact("What is passed", passed(handover))
    if handover.seen_as:
        yield fact("In the CRM", "an activity ", as_written(handover.seen_as))


def passed(handover: Handover) -> Line:
    """Return what is passed with the deal."""
    return listed([text(one) for one in handover.passes]) if handover.passes else (NOT_SAID,)
