"""The six deals that every export under tests/exports tells, each in the shape of its CRM."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from processminer.log.eventlog import EventLog

Carries = Literal["changes", "days", "last-entries", "outcomes"]
"""What an export can carry: every change to the minute; every change to the day; of each stage the last entry only; or
nothing but how each deal stands."""

Path = tuple[tuple[str, datetime], ...]


def _path(*steps: tuple[str, str]) -> Path:
    return tuple((stage, datetime.fromisoformat(f"2026-{moment}")) for stage, moment in steps)


DEALS: dict[str, Path] = {
    "Acme": _path(
        ("Qualification", "01-05 09:00"),
        ("Demo", "01-12 10:30"),
        ("Proposal", "01-20 14:00"),
        ("Negotiation", "02-02 11:00"),
        ("Closed Won", "02-16 16:00"),
    ),
    "Borea": _path(("Qualification", "01-06 08:15"), ("Demo", "01-14 09:00"), ("Closed Lost", "01-27 17:30")),
    "Cargo": _path(
        ("Qualification", "01-07 13:00"),
        ("Proposal", "01-15 11:20"),
        ("Negotiation", "01-22 15:45"),
        ("Proposal", "01-29 10:10"),
        ("Negotiation", "02-04 12:00"),
        ("Closed Won", "02-20 09:30"),
    ),
    "Delta": _path(("Qualification", "01-19 10:00"), ("Demo", "02-03 16:20")),
    "Elba": _path(
        ("Qualification", "01-21 09:40"),
        ("Demo", "01-28 14:30"),
        ("Proposal", "02-09 08:50"),
        ("Closed Lost", "02-25 12:15"),
    ),
    "Fjord": _path(("Qualification", "02-13 11:00")),
}
"""Name to path, in UTC. Acme (owner Ann Lee, 12,500.50 EUR) and Cargo (Ann Lee, 30,000) are won, Borea (Bob Roy, 8,000)
and Elba (Cem Sahin, 21,000) lost, Delta (Bob Roy, 15,000) and Fjord (Cem Sahin, no amount) open."""


def told(log: EventLog, carries: Carries) -> list[tuple[tuple[str, str], ...]]:
    """Return the paths of a log as text, sorted, as far as an export that carries so much can tell them.

    Stages that end a deal go by one name: every CRM and every language has its own.
    """
    rows = log.relations.rows(
        "SELECT deal, list(CASE class WHEN 'won' THEN 'Closed Won' WHEN 'lost' THEN 'Closed Lost' ELSE stage END "
        "ORDER BY place), list(make_timestamp(step >> 10) ORDER BY place) "
        "FROM (SELECT deal, unnest(steps) AS step, unnest(range(len(steps))) AS place FROM paths) "
        "JOIN stage_names ON code = step & 1023 GROUP BY deal"
    )
    return sorted(_said(tuple(zip(stages, moments, strict=True)), carries) for _, stages, moments in rows)


def expected(carries: Carries) -> list[tuple[tuple[str, str], ...]]:
    """Return the same of the six deals."""
    return sorted(_said(path, carries) for path in DEALS.values())


def _said(path: Path, carries: Carries) -> tuple[tuple[str, str], ...]:
    match carries:
        case "changes":
            return tuple((stage, moment.isoformat(" ", "minutes")) for stage, moment in path)
        case "days":
            return tuple((stage, moment.date().isoformat()) for stage, moment in path)
        case "last-entries":
            last = dict(path)
            return tuple((stage, last[stage].date().isoformat()) for stage in sorted(last, key=last.__getitem__))
        case "outcomes":
            stage = path[-1][0]
            return ((stage if stage.startswith("Closed") else "Open", ""),)


def outcomes(log: EventLog) -> dict[str, int]:
    """Return how many deals are won, lost and open."""
    return dict(log.relations.rows("SELECT outcome, count(*) FROM deals GROUP BY outcome ORDER BY outcome"))
