"""How deals live: stay after stay, each with its risk, until they are won or lost, whenever that is."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy.special import expit, logit

from tests.organisations.luck import Counts, Flags, Floats
from tests.organisations.met import Met, meet
from tests.organisations.world import Field, World

Rows = tuple[Counts, Floats]
"""Deals and days."""

CLICK = 4 / 86_400
"""Days of a stay that somebody only clicked through."""
MOST_STEPS = 60


@dataclass(slots=True)
class Stay:
    """Stays of several deals in one stage."""

    phase: int
    deals: Counts
    entered: Floats
    left: Floats


@dataclass(slots=True)
class Lives:
    """Whole lives of deals; what had happened by the day of the export is told by whoever exports it."""

    met: Met
    stays: list[Stay] = field(default_factory=list[Stay])
    done: dict[str, list[Rows]] = field(default_factory=dict[str, list[Rows]])
    """By the activity's name."""
    filled: dict[str, Rows] = field(default_factory=dict[str, Rows])
    """By the field's column."""
    passed: list[tuple[Counts, Floats, Counts]] = field(default_factory=list[tuple[Counts, Floats, Counts]])
    """Deals, days and the owners they came to."""
    won: Flags = field(default_factory=lambda: np.zeros(0, dtype=bool))
    ended: Floats = field(default_factory=lambda: np.zeros(0))
    """The day of the win or loss; infinite where nobody closes a dead deal."""

    @property
    def lead_days(self) -> Floats:
        """Days from creation to the end."""
        return self.ended - self.met.begun


@dataclass(slots=True)
class _Now:
    """How deals stand as their lives go on."""

    phase: Counts
    """-1 when it is over."""
    at: Floats
    lift: Floats
    """What has come off the log odds of dying."""
    owner: Counts
    visits: Counts
    """By deal and stage."""
    backs: Counts
    """By deal and way back."""
    has: dict[str, Flags]
    """By field, where it is filled."""


@dataclass(frozen=True, slots=True)
class _Doing:
    """An activity in several stays of one stage."""

    name: str
    doing: Flags
    after: Floats
    """The share of the stay that is over by then."""
    helps: float
    at_once: bool
    rejects: float


def live(world: World) -> Lives:
    """Return the lives of all deals of an organisation."""
    met = meet(world)
    count, width = len(met.begun), len(world.phases)
    lives = Lives(met, won=np.zeros(count, dtype=bool), ended=np.full(count, np.inf))
    now = _Now(
        phase=_starts(met),
        at=met.begun.copy(),
        lift=np.zeros(count),
        owner=met.owner.copy(),
        visits=np.zeros((count, width), dtype=np.int64),
        backs=np.zeros((count, max(1, len(world.loops))), dtype=np.int64),
        has={one.column: np.zeros(count, dtype=bool) for one in world.fields},
    )
    for _ in range(MOST_STEPS):
        for place in range(width):
            here = np.flatnonzero(now.phase == place)
            for visit in np.unique(now.visits[here, place]):
                _stay(lives, now, place, int(visit), here[now.visits[here, place] == visit])
        if (now.phase < 0).all():
            break
    else:
        message = "deals walk in circles"
        raise RuntimeError(message)
    forgotten = ~lives.won & (met.luck("abandoned") < world.abandoned)
    lives.ended[forgotten] = np.inf
    return lives


def _starts(met: Met) -> Counts:
    start = np.zeros(len(met.begun), dtype=np.int64)
    everybody = np.arange(len(start))
    for place, phase in enumerate(met.world.phases):
        if phase.starts is not None:
            start[met.chosen(phase.starts, met.owner, everybody, "starts", phase.name)] = place
    return start


def _stay(lives: Lives, now: _Now, place: int, visit: int, who: Counts) -> None:
    """Let some deals stay in a stage for the visit that is theirs, and send them on."""
    met = lives.met
    world, luck = met.world, met.luck
    phase = world.phases[place]
    now.visits[who, place] += 1
    waited = _pass_on(lives, now, phase.name, visit, who)
    days = waited + _days(met, place, visit, who)
    clicked = luck("clicked", phase.name, visit)[who] < phase.clicked
    days = np.where(clicked, CLICK, days)
    acts = _act(lives, now, phase.name, visit, who, clicked)
    dies = luck("lost", phase.name, visit)[who] < _risk(met, now, place, who)
    for one in acts:
        if not one.at_once:
            now.lift[who] += one.helps * one.doing
    rejected = met.unfit[who] & (luck("rejected", phase.name)[who] < phase.rejects)
    for one in acts:
        # What a lingering deal sees done is done while somebody still works on it.
        moment = one.after * days
        lives.done.setdefault(one.name, []).append((who[one.doing], (now.at[who] + moment)[one.doing]))
        out = met.unfit[who] & one.doing & (luck("rejected", one.name)[who] < one.rejects)
        days = np.where(out, moment + 0.1 + 1.8 * luck("told", one.name)[who], days)
        rejected |= out
    dies |= rejected
    lingers = dies & ~rejected & (luck("lingers", phase.name)[who] < phase.lingers)
    days = np.where(lingers, phase.linger_days * (0.6 + 0.8 * luck("how long")[who]), days)
    dies |= days > phase.give_up
    days = np.minimum(days, phase.give_up)
    _fill(lives, now, phase.name, visit, who, days)
    entered = now.at[who].copy()
    now.at[who] += days
    lives.stays.append(Stay(place, who, entered, now.at[who].copy()))
    if visit == 0:
        segments = np.array([phase.helps_segment.get(one.name, 0.0) for one in world.segments])
        now.lift[who] += phase.helps + segments[met.segment[who]]
    lives.ended[who[dies]] = now.at[who[dies]]
    now.phase[who[dies]] = -1
    _go_on(lives, now, place, who[~dies])


def _days(met: Met, place: int, visit: int, who: Counts) -> Floats:
    """Return stays: log-normal, cut off, shorter on coming again, and longer for larger customers."""
    phase = met.world.phases[place]
    paces = np.array([one.pace for one in met.world.segments])[met.segment[who]]
    slow = np.exp(phase.spread * met.luck.normal("days", phase.name, visit)[who] - 0.1 * met.world.heat * met.heat[who])
    usual = phase.days * (0.6 if visit else 1.0)
    longest = phase.most or np.inf
    return np.maximum(0.2, usual * np.minimum(paces * slow, longest))


def _risk(met: Met, now: _Now, place: int, who: Counts) -> Floats:
    """Return the chance of dying in a stage."""
    world, phase = met.world, met.world.phases[place]
    if phase.loss <= 0:
        return np.zeros(len(who))
    by_segment = np.array([one.loss for one in world.segments])[met.segment[who]]
    by_source = np.array([tilt for _, tilt in world.sources.values()])[met.source[who]]
    good = world.skill * met.skills[now.owner[who]] + world.heat * met.heat[who] + now.lift[who]
    again = -0.5 * (now.visits[who, place] > 1)
    return expit(logit(phase.loss) + by_segment + by_source + again - good)


def _act(lives: Lives, now: _Now, stage: str, visit: int, who: Counts, clicked: Flags) -> list[_Doing]:
    """Let people act in first stays, and return what is done; what helps at once has helped."""
    met = lives.met
    told: list[_Doing] = []
    for act in met.world.acts:
        if act.stage != stage or visit or act.winners_only:
            continue
        doing = met.chosen(act.choice, now.owner[who], who, "act", act.name) & ~clicked
        if act.at_once:
            now.lift[who] += act.helps * doing
        told.append(
            _Doing(act.name, doing, 0.05 + 0.85 * met.luck("when", act.name)[who], act.helps, act.at_once, act.rejects)
        )
    return told


def _fill(lives: Lives, now: _Now, stage: str, visit: int, who: Counts, days: Floats) -> None:
    """Fill in fields; who comes back without one has it filled in now, nearly always."""
    met = lives.met
    for one in met.world.fields:
        if one.stage == stage:
            chosen = met.chosen(one.choice, now.owner[who], who, "field", one.column)
            if visit:
                chosen = met.luck("at last", one.column)[who] < 0.95
            new = chosen & ~now.has[one.column][who]
            now.has[one.column][who[new]] = True
            deals, at = who[new], now.at[who[new]] + 0.9 * days[new]
            old = lives.filled.get(one.column, (np.zeros(0, dtype=np.int64), np.zeros(0)))
            lives.filled[one.column] = (np.concatenate([old[0], deals]), np.concatenate([old[1], at]))


def _pass_on(lives: Lives, now: _Now, stage: str, visit: int, who: Counts) -> Floats:
    """Let deals wait for the person who takes them over, and return for how long."""
    met = lives.met
    waited = np.zeros(len(who))
    for passing in met.world.passings:
        if passing.entering != stage or visit:
            continue
        luck = met.luck.normal("waits", stage)[who]
        waited = passing.days * np.exp(passing.spread * luck - passing.slow * met.heat[who])
        waited = np.minimum(waited, passing.most)
        now.lift[who] -= passing.hurts * np.maximum(0.0, waited - 1.0)
        half = met.world.owners
        taker = (now.owner[who] + 1 + (met.luck("taker", stage)[who] * (half - 1)).astype(np.int64)) % half
        lives.passed.append((who, now.at[who] + waited, taker + met.world.owners))
        now.owner[who] = taker
    return waited


def _go_on(lives: Lives, now: _Now, place: int, who: Counts) -> None:
    """Send deals that are alive back, over several stages, to the next one, or to the win."""
    met = lives.met
    world, name = met.world, met.world.phases[place].name
    rest = who
    for number, loop in enumerate(world.loops):
        if loop.source == name:
            rest = rest[~_go_back(met, now, number, rest)]
    for leap in world.leaps:
        if leap.source == name:
            leaping = met.chosen(leap.choice, now.owner[rest], rest, "leap", leap.target, name)
            now.phase[rest[leaping]] = world.place(leap.target)
            now.lift[rest[leaping]] -= leap.hurts
            rest = rest[~leaping]
    for later in range(place + 1, len(world.phases)):
        phase = world.phases[later]
        takes = met.chosen(phase.taken, now.owner[rest], rest, "taken", phase.name)
        now.phase[rest[takes]] = later
        rest = rest[~takes]
    now.phase[rest] = -1
    lives.won[rest] = True
    lives.ended[rest] = now.at[rest]
    for act in world.acts:
        if act.winners_only:
            doing = rest[met.chosen(act.choice, now.owner[rest], rest, "act", act.name)]
            at = now.at[doing] - 0.1 - 2.0 * met.luck("when", act.name)[doing]
            lives.done.setdefault(act.name, []).append((doing, at))


def _go_back(met: Met, now: _Now, number: int, who: Counts) -> Flags:
    loop = met.world.loops[number]
    visit = now.backs[who, number]
    share = met.chance(loop.choice, now.owner[who], who, "loop", loop.source, loop.target)
    if loop.tired:
        share = np.clip(share * np.exp(-loop.tired * met.heat[who]), 0.0, 0.95)
    if loop.missing is not None:
        share = np.where(_lacks(now, loop.missing, who), share, 0.1 * share)
    luck = np.select(
        [visit == one for one in range(loop.most)],
        [met.luck("back", loop.source, loop.target, one)[who] for one in range(loop.most)],
        1.0,
    )
    back: Flags = luck < share
    now.backs[who[back], number] += 1
    now.phase[who[back]] = met.world.place(loop.target)
    now.lift[who[back]] -= loop.hurts
    return back


def _lacks(now: _Now, missing: Field, who: Counts) -> Flags:
    return ~now.has[missing.column][who]
