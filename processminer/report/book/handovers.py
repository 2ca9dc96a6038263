"""A hand-over in words: who passes what to whom, and within when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.report.book.book import Fact
from processminer.report.book.wording import NOT_SAID, as_written, length, line, listed, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.playbook.model import Handover
    from processminer.report.book.book import Line
    from processminer.report.book.places import Places


def handover_line(handover: Handover, places: Places) -> Line:
    """Return a hand-over as one sentence: from whom to whom, as which stage is entered."""
    giver, taker = places.role(handover.giver), places.role(handover.taker)
    return line(giver, " to ", taker, ", as the deal comes to ", places.stage(handover.entering))


def handover_facts(handover: Handover, places: Places) -> Iterator[Fact]:
    """Yield what there is to say of a hand-over, the sentence first."""
    yield Fact("Hand-over", (handover_line(handover, places),))
    passed = listed([text(one) for one in handover.passes]) if handover.passes else (NOT_SAID,)
    yield Fact("What is passed", (passed,))
    yield Fact("Within", ((NOT_SAID,) if handover.within is None else line(length(handover.within)),))
    if handover.seen_as:
        yield Fact("In the CRM", (line("an activity ", as_written(handover.seen_as)),))
