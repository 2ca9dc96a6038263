"""Deals against the version of the playbook that was in force when they entered, and what all versions found as one."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from processminer.conformance.accepted.accept import accept
from processminer.conformance.conform import conform
from processminer.conformance.conformance import VersionShare
from processminer.conformance.merged import Judged, merged
from processminer.conformance.queries import rows, run
from processminer.conformance.walks import read_walks
from processminer.playbook.versions import as_spoken, spoken_by

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from processminer.conformance.conformance import Conformance
    from processminer.discovery.discovery import Discovery
    from processminer.engines.relations import Relations
    from processminer.playbook.versions import Version


_FOUND = (("deal_verdicts", "TABLE"), ("deal_deviations", "VIEW"), ("deal_reaches", "VIEW"), ("deal_moves", "VIEW"))
"""What each version leaves of its own deals."""


def conform_to(discovery: Discovery, versions: Sequence[Version]) -> Conformance:
    """Return how far deals are from the playbook, each judged by the version in force when it entered.

    `versions` are given newest first. A deal that entered before the oldest of them is judged by that one, and counted.
    What several versions forbid adds up; what the newest does not know any more bears the version that does. Leaves
    the relations that `conform` leaves, for all deals together, and those of `accept`: what the newest version accepts
    is set apart.
    """
    relations = discovery.log.relations
    relations.put(
        "playbook_versions",
        {
            "version": list(range(len(versions))),
            "valid_from": [version.playbook.valid_from for version in versions],
        },
        {"version": "INTEGER", "valid_from": "TIMESTAMP"},
    )
    run(relations, "deal_versions")
    if len(versions) == 1:
        (newest,) = versions
        found = conform(discovery, newest.playbook, newest.text)
    else:
        found = merged(_judged(discovery, versions))
        _put_together(relations, len(versions))
    shares = {version: (deals, early) for version, deals, early in rows(relations, "version_verdicts")}
    found = accept(found, discovery.log, versions[0].playbook, versions[0].text)
    return replace(
        found,
        versions=tuple(
            VersionShare(one.playbook.version, one.file, one.playbook.valid_from, shares.get(at, (0, 0))[0])
            for at, one in enumerate(versions)
        ),
        before_any=sum(early for _, early in shares.values()),
    )


def _judged(discovery: Discovery, versions: Sequence[Version]) -> list[Judged]:
    """Return what each version finds among the deals that it judges."""
    log = discovery.log
    spoken = spoken_by([version.playbook for version in versions])
    found: list[Judged] = []
    for at, version in enumerate(versions):
        playbook = as_spoken(version.playbook, spoken) if at else version.playbook
        with _only_its_deals(log.relations, at):
            conformance = conform(discovery, playbook, version.text)
            found.append(Judged(playbook, version.text, conformance, tuple(read_walks(log, playbook))))
    return found


@contextmanager
def _only_its_deals(relations: Relations, version: int) -> Generator[None]:
    """Let every query see the deals of one version only, and what it makes stand apart from that of the others."""
    room = _room(version)
    relations.run(f"DROP SCHEMA IF EXISTS {room} CASCADE")
    relations.run(f"CREATE SCHEMA {room}")
    relations.run(f"SET search_path = '{room},main'")
    try:
        relations.put("judged_by", {"version": [version]}, {"version": "INTEGER"})
        run(relations, "version_deals")
        yield
    finally:
        relations.run("SET search_path = 'main'")


def _put_together(relations: Relations, versions: int) -> None:
    """Make the relations of all deals from those of each version."""
    for name, made in _FOUND:
        each = " UNION ALL ".join(f"SELECT * FROM {_room(at)}.{name}" for at in range(versions))
        relations.run(f"CREATE OR REPLACE {made} {name} AS {each} ORDER BY deal")


def _room(version: int) -> str:
    return f"version_{version}"
