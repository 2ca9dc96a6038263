"""Which of the log's activities a playbook means, however either of them writes the name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.conformance.queries import rows
from processminer.log.names import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from processminer.log.eventlog import EventLog


def labels_meant(log: EventLog, wanted: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """Return for each wanted name the names and subjects of activities that are it, in alphabetical order.

    Case, blanks and compatibility forms make no difference. Each label and each name is folded once.
    """
    folded = {name: fold(name) for name in dict.fromkeys(wanted)}
    log.relations.put("wanted_labels", {"wanted": sorted(set(folded.values()))}, {"wanted": "VARCHAR"})
    written: dict[str, list[str]] = {name: [] for name in folded.values()}
    for (label,) in rows(log.relations, "activity_labels"):
        written.get(fold(str(label)), []).append(str(label))
    return {name: tuple(written[plain]) for name, plain in folded.items()}
