"""Deals that were under way when the history of the log begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.engines.relations import read_sql

if TYPE_CHECKING:
    from processminer.log.eventlog import EventLog

FEWEST = 10
"""So many deals that all outlast half of the others are chance in one of a thousand logs."""

NEARLY_ALL = 0.9
"""Where so many deals begin in one stage, a deal found in it has been there since its creation."""


def mark_late_stays(log: EventLog) -> None:
    """Make `late_stays`, and leave the stays it names without a length in `stays`.

    Whoever measures such a stay must count it from the age at which it came to be seen (delayed entry): of those that
    began with it, the short ones had left before the history begins. The creation of deals is asked only of a log of
    which reading saw that histories begin late.
    """
    relations = log.relations
    values = {
        "as_of": log.as_of.replace(tzinfo=None),
        "created_tells": any(problem.kind == "left-truncated" for problem in log.ingest.problems),
        "fewest": FEWEST,
        "nearly_all": NEARLY_ALL,
    }
    relations.run(read_sql("processminer.discovery", "late_stays.sql"), values)
    if relations.row("SELECT count(*) FROM late_stays")[0]:
        relations.run(read_sql("processminer.discovery", "late_untimed.sql"))
