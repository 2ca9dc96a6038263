"""Which fields the log tells the changes of, and by what name its history calls them."""

from __future__ import annotations

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


def tells_owners(log: EventLog) -> bool:
    """Tell whether the log has the history of who owned the deals, so that an owner who never changed is known to."""
    if any(table.role == "history" and "owner" in table.columns for table in log.tables):
        return True
    return any(str(name) == "owner" for (name,) in rows(log.relations, "fields_changed"))
