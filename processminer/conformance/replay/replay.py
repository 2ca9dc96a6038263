"""Holds past deals against two playbooks, one after the other, and compares the verdicts where they lie."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from processminer.conformance.conform import conform
from processminer.conformance.replay.replayed import ChangedWay, Replay, Standing, Tally, Way
from processminer.engines.relations import read_sql
from processminer.words import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from processminer.conformance.conformance import Conformance, Obligation, ObligationKind
    from processminer.discovery.discovery import Discovery
    from processminer.engines.relations import Relations
    from processminer.playbook.compare.change import Comparison
    from processminer.playbook.parts.stages import Stage

ROOM = "processminer.conformance.replay"


def replay(
    before: Discovery, after: Discovery, comparison: Comparison, old_text: str = "", new_text: str = ""
) -> Replay:
    """Return how past deals stand to two playbooks; the texts are what these were read from.

    `before` and `after` are the same log, read by the names of the old playbook and of the new one; one object where
    the names agree. Each is conformed as by itself, so that the counts are those of two single checks. The verdicts
    under the new playbook stay in the log's database, as `conform` leaves them.
    """
    ways: dict[Way, int] = {}
    unlike = [one for one in comparison.stages if one.kin]
    merged = [one.before for one in unlike if one.before is not None]
    split = [one.after for one in unlike if one.after is not None]
    relations = after.log.relations
    judged = conform(before, comparison.old, old_text)
    _set_aside(before, relations, "before", merged, ways, comparison.renamed)
    found = conform(after, comparison.new, new_text)
    _set_aside(after, relations, "after", split, ways, {})
    relations.run(read_sql(ROOM, "compared.sql"))
    tallies = {str(row[0]): _tally(*row[1:]) for row in relations.rows(read_sql(ROOM, "standings.sql"))}
    newly, no_longer = _changed_ways(relations, tuple(ways))
    return Replay(
        source=after.log.source,
        as_of=after.log.as_of,
        standings={standing: tallies.pop(standing, Tally()) for standing in get_args(Standing)},
        not_comparable=tallies,
        newly=newly,
        no_longer=no_longer,
        unseen=_unseen(judged, found, comparison),
    )


def _set_aside(
    discovery: Discovery,
    target: Relations,
    when: str,
    recut: Sequence[Stage],
    ways: dict[Way, int],
    renamed: Mapping[str, str],
) -> None:
    """Make `stood_<when>` and `broken_<when>` in the target: the verdicts of the call to `conform` just made."""
    relations = discovery.log.relations
    labels = {fold(name) for stage in recut for name in (stage.name, *stage.aliases)}
    codes = [code for code, stage in enumerate(discovery.log.stages) if fold(stage.name) in labels]
    relations.put("recut_stages", {"stage": codes}, {"stage": "SMALLINT"})
    told = [(str(kind), str(subject), stage) for kind, subject, stage in relations.rows(read_sql(ROOM, "ways.sql"))]
    numbers = [ways.setdefault(_renamed(Way(*way), renamed), len(ways)) for way in told]
    relations.put(
        "replayed_ways",
        {
            "way": numbers,
            "of_kind": [kind for kind, _, _ in told],
            "of_subject": [subject for _, subject, _ in told],
            "of_stage": [stage for _, _, stage in told],
        },
        {"way": "INTEGER", "of_kind": "VARCHAR", "of_subject": "VARCHAR", "of_stage": "VARCHAR"},
    )
    for name, query in ((f"stood_{when}", "set_aside.sql"), (f"broken_{when}", "broken.sql")):
        sql = read_sql(ROOM, query)
        if relations is target:
            relations.run(f"CREATE OR REPLACE TABLE {name} AS {sql}")
        else:
            target.adopt(name, relations.frame(sql))


def _renamed(way: Way, renamed: Mapping[str, str]) -> Way:
    """Return a way by the names that stages have in the new playbook; of a move both ends."""
    subject = " -> ".join(renamed.get(name, name) for name in way.subject.split(" -> "))
    return Way(way.kind, subject, None if way.stage is None else renamed.get(way.stage, way.stage))


def _tally(deals: int, won: int, lost: int, still_open: int, examples: Iterable[str]) -> Tally:
    return Tally(deals, won, lost, still_open, tuple(examples))


def _changed_ways(relations: Relations, ways: Sequence[Way]) -> tuple[tuple[ChangedWay, ...], tuple[ChangedWay, ...]]:
    """Return the ways by which deals newly leave the playbook, and those by which they no longer do."""
    found: dict[bool, list[ChangedWay]] = {True: [], False: []}
    for row in relations.rows(read_sql(ROOM, "changed_ways.sql")):
        found[bool(row[0])].append(ChangedWay(ways[int(row[1])], _tally(*row[3:]), int(row[2])))
    return _most_first(found[True]), _most_first(found[False])


def _most_first(ways: Iterable[ChangedWay]) -> tuple[ChangedWay, ...]:
    return tuple(sorted(ways, key=lambda one: (-one.tally.deals, one.way.kind, one.way.stage or "", one.way.subject)))


_ABOUT: dict[str, ObligationKind] = {
    "owner": "owner",
    "time_limit": "time-limit",
    "max_silence": "silence",
    "min_contacts": "contacts",
    "task": "task",
    "entry criterion": "entry-criterion",
    "exit criterion": "exit-criterion",
    "hand-over": "handover",
    "service stage": "service",
    "outcomes": "loss-reason",
}
"""What a change of a stage's key, or of a part, asks of deals otherwise than before."""


def _unseen(judged: Conformance, found: Conformance, comparison: Comparison) -> tuple[Obligation, ...]:
    """Return what the new playbook newly or otherwise asks, as far as the log cannot show it."""
    known = {(one.kind, _renamed(Way("", one.subject, one.stage), comparison.renamed)) for one in judged.obligations}
    touched = {
        (_ABOUT.get(change.key or "" if change.part == "stage" else change.part), change.name)
        for change in comparison.changes
    }
    return tuple(
        one
        for one in found.obligations
        if one.unchecked
        and (
            (one.kind, Way("", one.subject, one.stage)) not in known
            or touched & {(one.kind, one.subject), (one.kind, one.stage)}
        )
    )
