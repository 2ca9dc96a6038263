"""The query files of this room, by name."""

from __future__ import annotations

from processminer.conformance.queries import Queries

_HERE = Queries("processminer.conformance.accepted")
run, rows = _HERE.run, _HERE.rows
