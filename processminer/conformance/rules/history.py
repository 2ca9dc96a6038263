"""Which fields the log tells the changes of, and by what name its history calls them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from processminer.conformance.rules.rule import rows
from processminer.log.names import fold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from processminer.log.eventlog import EventLog

_SAME = {"closed": "close_date", "close_date": "close_date", "amount": "amount", "owner": "owner",
         "probability": "probability", "forecast": "forecast"}  # fmt: skip
"""Columns of the deals table by their part, and what the history calls their changes."""


def histories_of(log: EventLog, fields: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    """Return for each field what the log's history of changes calls it; nothing for those it does not tell of."""
    if not fields:
        return {}
    told = [str(name) for (name,) in rows(log.relations, "fields_changed")]
    called = {
        fold(header): _SAME[role]
        for table in log.tables
        for role, header in table.columns.items()
        if table.role in {"deals", "history"} and role in _SAME
    }
    return {
        field: tuple(name for name in told if name == called.get(fold(field)) or fold(name) == fold(field))
        for field in fields
    }


_OWNING = {
    "owner", "responsible", "assignee", "assigned", "proprietario", "responsabile", "propietario", "responsable",
    "propriétaire", "proprietário", "responsável", "besitzer", "verantwortlich", "verantwortlicher", "zuständig",
    "负责人", "所有者", "ответственный",
}  # fmt: skip
"""Words of a header that name whose a deal is, and not only who changed something."""


def stages_name_owners(log: EventLog) -> bool:
    """Tell whether every change of stage says whose the deal then is, as in a plain table of stages with an owner.

    >>> _owning("owner_id"), _owning("Changed by")
    (True, False)
    """
    return any(
        table.role == "history" and "owner" not in table.columns and _owning(table.columns.get("actor", ""))
        for table in log.tables
    )


def _owning(header: str) -> bool:
    return bool(_OWNING & set(re.split(r"[^\w]+|_", fold(header))))


def tells_owners(log: EventLog) -> bool:
    """Tell whether the log has the history of who owned the deals, so that an owner who never changed is known to."""
    if stages_name_owners(log):
        return True
    if any(table.role == "history" and "owner" in table.columns for table in log.tables):
        return True
    return any(str(name) == "owner" for (name,) in rows(log.relations, "fields_changed"))
