"""What was found, weighed: measures of the whole, and where each deviation concentrates."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from processminer.conformance.measures.concentration import with_places
from processminer.conformance.measures.measures import measure
from processminer.conformance.measures.queries import run
from processminer.conformance.measures.story import tell_deals
from processminer.conformance.queries import put
from processminer.discovery.segments import segments

if TYPE_CHECKING:
    from processminer.conformance.conformance import Conformance
    from processminer.log.eventlog import EventLog
    from processminer.playbook.model import Playbook


def weigh(found: Conformance, log: EventLog, playbook: Playbook) -> Conformance:
    """Return what was found with its measures, and every deviation with its worth, its days and its places.

    Needs what `conform_to` left in the log's database; `playbook` is the newest version.
    """
    relations = log.relations
    chosen = segments(log)
    types = {"attribute": "VARCHAR", "place": "INTEGER"}
    put(relations, "segment_attributes", types, [(name, at) for at, name in enumerate(chosen, start=1)])
    run(relations, "deal_groups")
    named = [name for one in found.deviations for name in one.examples]
    return replace(
        found,
        measures=measure(log, playbook),
        deviations=with_places(relations, found.deviations),
        examples=tell_deals(relations, named),
    )
