"""How soon the role that takes a deal over does so, and whether deals that wait for it are won less often."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from processminer.conformance.rules.asked import ask
from processminer.engines.relations import read_sql
from processminer.estimates.effects.asked import DAY_US
from processminer.estimates.effects.known import known_then, prepare
from processminer.estimates.effects.measure import measure
from processminer.estimates.effects.trial import Trial
from processminer.log.names import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from processminer.conformance.rules.asked import Asked
    from processminer.estimates.effects.trial import Effect
    from processminer.log.eventlog import EventLog
    from processminer.playbook.model import Playbook
    from processminer.playbook.parts.roles import Handover

PACKAGE = "processminer.estimates.handovers"

LENGTHS = (0.5, 1.0, 2.0, 3.0, 4.0, 5.0, 7.0, 10.0, 14.0, 21.0, 30.0)
"""Days: the limits that people write for a hand-over."""

SOON = 0.5
"""The shortest length is compared by which so many deals were taken: then both sides hold many."""


@dataclass(frozen=True, slots=True)
class Wait:
    """How many deals had been taken over after some days."""

    days: float
    taken: int
    waiting: int
    """Deals that were not, of those that had been there for so long."""

    @property
    def share(self) -> float:
        """The share that had been taken."""
        both = self.taken + self.waiting
        return self.taken / both if both else 0.0


@dataclass(frozen=True, slots=True)
class HandoverWait:
    """What the log shows of a hand-over that the playbook declares."""

    entering: str
    """The declared stage."""
    giver: str
    taker: str
    declared_days: float | None
    stage: str
    """As the log calls it."""
    by_role: bool
    """Whether owners of the taking role are known; else any change of owner counts."""
    open: int
    """Deals in the stage that nobody has taken yet."""
    waits: tuple[Wait, ...]
    """By length, the shortest first."""
    effect: Effect | None
    """What being taken within `effect.trial.within_days` changes; None where all deals were taken by then, or none."""

    @property
    def subject(self) -> str:
        """As deviations call it."""
        return f"{self.giver} -> {self.taker}"

    def kept_by(self, share: float) -> Wait | None:
        """Return the shortest length within which so many were taken."""
        return next((one for one in self.waits if one.taken and one.share >= share), None)


def handover_waits(log: EventLog, playbook: Playbook) -> tuple[HandoverWait, ...]:
    """Return each hand-over before the win whose taking the log shows, in the playbook's order.

    A deal is taken when an owner of the taking role has it, or an activity that the playbook names shows it. Deals that
    were still in the stage after some days are compared: those that had been taken by then with those that had not,
    and what was known of them as they came, their owner then among it, is held equal. So a deal that dies before
    anybody could take it speaks for neither side. Needs `stays`.
    """
    asked = [] if not playbook.handovers else list(_asked(log, playbook))
    if not asked:
        return ()
    _put(log, asked)
    log.relations.run(read_sql(PACKAGE, "handed.sql"))
    waits = _waits(log)
    return tuple(_told(log, waits, asked))


@dataclass(frozen=True, slots=True)
class _Asked:
    number: int
    handover: Handover
    stage: str
    code: int
    people: tuple[str, ...]
    """Of the taking role, those whom the log knows as owners."""
    labels: tuple[str, ...]


def _asked(log: EventLog, playbook: Playbook) -> Iterator[_Asked]:
    asked = ask(playbook, log)
    owners = _owners(log)
    codes = {fold(stage.name): (code, stage.name) for code, stage in enumerate(log.stages) if stage.kind == "open"}
    told: set[tuple[str, str, str]] = set()
    for number, handover in enumerate(playbook.handovers):
        stage = playbook.stage(handover.entering)
        names = () if stage is None else (stage.name, *stage.aliases)
        known = [codes[fold(name)] for name in names if fold(name) in codes]
        once = (handover.entering, handover.giver, handover.taker)
        if known and once not in told:
            told.add(once)
            code, name = known[0]
            people = tuple(sorted(asked.roles.of(handover.taker) & owners))
            yield _Asked(number, handover, name, code, people, _labels(asked, handover))


def _labels(asked: Asked, handover: Handover) -> tuple[str, ...]:
    return asked.labels(handover.seen_as) if asked.log.has_tasks else ()


def _owners(log: EventLog) -> frozenset[str]:
    """Return everybody who ever owned a deal."""
    rows = log.relations.rows(
        "SELECT owner FROM deals WHERE owner IS NOT NULL "
        "UNION SELECT new FROM field_rows WHERE field = 'owner' AND new IS NOT NULL"
    )
    return frozenset(str(owner) for (owner,) in rows)


def _put(log: EventLog, asked: Sequence[_Asked]) -> None:
    put = log.relations.put
    put(
        "handover_asked",
        {
            "practice": [one.number for one in asked],
            "code": [one.code for one in asked],
            "named": [bool(one.people) for one in asked],
        },
        {"practice": "INTEGER", "code": "SMALLINT", "named": "BOOLEAN"},
    )
    takers = [(one.number, person) for one in asked for person in one.people]
    put(
        "handover_takers",
        {"practice": [number for number, _ in takers], "owner": [person for _, person in takers]},
        {"practice": "INTEGER", "owner": "VARCHAR"},
    )
    labels = [(one.number, label) for one in asked for label in one.labels]
    put(
        "handover_labels",
        {"practice": [number for number, _ in labels], "label": [label for _, label in labels]},
        {"practice": "INTEGER", "label": "VARCHAR"},
    )
    put(
        "handover_tried",
        {"days": list(LENGTHS), "us": [round(days * DAY_US) for days in LENGTHS]},
        {"days": "DOUBLE", "us": "BIGINT"},
    )


def _waits(log: EventLog) -> Mapping[int, tuple[tuple[Wait, ...], int]]:
    """Return the waits of each hand-over, and how many deals nobody has taken yet."""
    values = {"as_of": log.as_of.replace(tzinfo=None)}
    told: dict[int, tuple[tuple[Wait, ...], int]] = {}
    for number, days, taken, waiting, still in log.relations.rows(read_sql(PACKAGE, "waits.sql"), values):
        before = told.get(number, ((), 0))[0]
        told[number] = ((*before, Wait(days, taken, waiting)), still)
    return told


def _told(
    log: EventLog, waits: Mapping[int, tuple[tuple[Wait, ...], int]], asked: Sequence[_Asked]
) -> Iterator[HandoverWait]:
    seen = [one for one in asked if one.number in waits and any(wait.taken for wait in waits[one.number][0])]
    within = {one.number: _compared(waits[one.number][0]) for one in seen}
    effects = _effects(log, seen, {number: days for number, days in within.items() if days is not None})
    for one in seen:
        lengths, still = waits[one.number]
        handover = one.handover
        yield HandoverWait(
            entering=handover.entering,
            giver=handover.giver,
            taker=handover.taker,
            declared_days=handover.within,
            stage=one.stage,
            by_role=bool(one.people),
            open=still,
            waits=lengths,
            effect=effects.get(one.number),
        )


def _compared(waits: Sequence[Wait]) -> float | None:
    """Return the length whose two sides are compared: the shortest by which half of the deals were taken."""
    return next((one.days for one in waits if one.share >= SOON), None)


def _effects(log: EventLog, asked: Sequence[_Asked], within: Mapping[int, float]) -> Mapping[int, Effect]:
    if not within:
        return {}
    log.relations.put(
        "handover_within",
        {"practice": list(within), "us": [round(days * DAY_US) for days in within.values()]},
        {"practice": "INTEGER", "us": "BIGINT"},
    )
    log.relations.run(read_sql(PACKAGE, "handover_decisions.sql"), {"as_of": log.as_of.replace(tzinfo=None)})
    knowable = prepare(log)
    found: dict[int, Effect] = {}
    for one in asked:
        known = known_then(log, one.number, knowable) if one.number in within else None
        if known is not None:
            subject = f"{one.handover.giver} -> {one.handover.taker}"
            trial = Trial("early-task", subject, one.stage, within_days=within[one.number])
            effect = measure(trial, known, knowable.left_out)
            if effect is not None:
                found[one.number] = effect
    return found
