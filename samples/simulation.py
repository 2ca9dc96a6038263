"""How the organisation's deals live: who sells them, which way they go, how long they stay, and what is done."""

from __future__ import annotations

import math
from dataclasses import dataclass
from hashlib import blake2b
from statistics import NormalDist
from typing import TYPE_CHECKING, Literal, TypeVar

from organisation import (
    AS_OF_SECOND,
    DAY,
    FORGOTTEN,
    OWNERS,
    REVIEW,
    STAGES,
    Change,
    Deal,
    Segment,
    Source,
    Touch,
    Visit,
    World,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

_ARRIVAL_DAYS = AS_OF_SECOND / DAY
_SEGMENTS: dict[Segment, float] = {"SMB": 0.45, "Mid-market": 0.33, "Enterprise": 0.22}
_SOURCES: dict[Source, float] = {"Web": 0.32, "Outbound": 0.30, "Event": 0.14, "Partner": 0.14, "Referral": 0.10}
_SENIOR = {"SMB": 0.35, "Mid-market": 0.5, "Enterprise": 0.68}
"""Of a segment's deals: those in the hands of the more senior half of the owners."""
_DEAL_SIZE = {"SMB": 8_000, "Mid-market": 30_000, "Enterprise": 110_000}

_LOST_IN_PROSPECTING = {"Web": 0.28, "Outbound": 0.30, "Event": 0.24, "Partner": 0.19, "Referral": 0.13}
_LOST_IN_QUALIFICATION = 0.26
_LOST_IN_DISCOVERY = 0.21
_WINS = {"SMB": 0.505, "Mid-market": 0.62, "Enterprise": 0.79}
"""Of deals going on from Discovery, unless a demo costs them. Nothing else that happens later changes it."""
_SKIP_TILT = {"SMB": -0.35, "Mid-market": 0.0, "Enterprise": 0.75}
_REVIEW_TILT = {"SMB": -0.7, "Mid-market": 0.1, "Enterprise": 0.7}
"""How much more often than the average a segment does it, on the scale of log odds; owners add their habits."""
_DINED = {"SMB": 0.025, "Mid-market": 0.4, "Enterprise": 1.0}
"""How often a segment is taken to dinner, compared with the largest."""

_STAYS = {
    "Prospecting": (6.0, 25.0),
    "Qualification": (5.0, 18.0),
    "Discovery": (7.0, 25.0),
    "Demo": (5.0, 18.0),
    "Proposal": (8.0, 27.0),
    REVIEW: (8.0, 30.0),
}
"""Median and longest stay in days; the longest is three days below the declared limit, as weekends stretch stays."""
_SPREAD = 0.5
"""Standard deviation of the logarithm of a stay."""
_AGAIN = 0.6
"""A second stay in a stage is shorter by this factor."""
_DEAD_EARLY = 0.555
"""About this share of deals dies early enough before `AS_OF` to lie forgotten for long."""
_EDITS = 0.17
"""Share of stays with an edit."""
_EDITED: dict[Literal["Amount", "CloseDate", "Probability"], float] = {
    "Amount": 0.35, "CloseDate": 0.4, "Probability": 0.25,
}  # fmt: skip
_STEPS = {"Amount": (0.8, 0.9, 1.1, 1.25), "CloseDate": (14.0, 30.0, 45.0), "Probability": (-10.0, -5.0, 5.0)}
_NORMAL = NormalDist()
_Choice = TypeVar("_Choice")


@dataclass(frozen=True, slots=True)
class _Luck:
    """Numbers between 0 and 1 that depend on nothing but what they are drawn for.

    No generator passes from one draw to the next: switching one truth off leaves all other draws as they were, and
    the numbers are the same on every version of Python.
    """

    of: str

    def __call__(self, *what: object) -> float:
        digest = blake2b("/".join([self.of, *map(str, what)]).encode(), digest_size=7).digest()
        return (int.from_bytes(digest, "big") + 0.5) / 2**56


@dataclass(frozen=True, slots=True)
class _Owner:
    """How an owner differs from the others, on the scale of log odds."""

    skill: float
    skips: float
    brochures: float


@dataclass(frozen=True, slots=True)
class _Person:
    """What is known of a deal on the day it is created."""

    luck: _Luck
    segment: Segment
    source: Source
    owner: int
    habits: _Owner


@dataclass(frozen=True, slots=True)
class _Span:
    """A stay in days since the start, on a clock without nights and weekends."""

    stage: str
    visit: int
    begin: float
    end: float


def simulate(world: World) -> tuple[Deal, ...]:
    """Return the organisation's deals in the order of their creation."""
    luck = _Luck(f"{world.seed}/arrivals")
    begins = sorted(luck(number) * _ARRIVAL_DAYS for number in range(world.deals))
    return tuple(
        _live(world, number, begin, person) for (number, person), begin in zip(_meet(world), begins, strict=True)
    )


def wins(world: World) -> tuple[bool, ...]:
    """Return for each deal, in the order of creation, whether it is won in the end.

    Two worlds that differ in one share are the same deals with the same luck: what differs is that share's effect.
    """
    return tuple(_walk(world, person)[1] for _, person in _meet(world))


def _hire(seed: int) -> tuple[_Owner, ...]:
    """Return the owners, their traits spread evenly and dealt out independently of each other."""
    luck = _Luck(f"{seed}/owners")
    spread = [2 * rank / (OWNERS - 1) - 1 for rank in range(OWNERS)]

    def dealt(trait: str) -> list[float]:
        return [spread[rank] for rank in sorted(range(OWNERS), key=lambda rank: luck(trait, rank))]

    traits = zip(dealt("skill"), dealt("skips"), dealt("brochures"), strict=True)
    return tuple(_Owner(0.45 * skill, 0.6 * skips, 0.9 * brochures) for skill, skips, brochures in traits)


def _meet(world: World) -> Iterator[tuple[int, _Person]]:
    """Yield who each deal is with, by the deal's number."""
    owners, half = _hire(world.seed), OWNERS // 2
    for number in range(world.deals):
        luck = _Luck(f"{world.seed}/{number}")
        segment = _choose(luck("segment"), _SEGMENTS)
        owner = int(luck("owner") * half) + (0 if luck("senior") < _SENIOR[segment] else half)
        yield number, _Person(luck, segment, _choose(luck("source"), _SOURCES), owner, owners[owner])


def _live(world: World, number: int, begin: float, person: _Person) -> Deal:
    luck, segment = person.luck, person.segment
    path, won = _walk(world, person)
    spans = _spend(world, luck, path, begin)
    visits = tuple(Visit(span.stage, _clock(span.begin), _clock(span.end)) for span in spans)
    long_dead = not won and visits[-1].left < AS_OF_SECOND - FORGOTTEN
    return Deal(
        number=number, segment=segment, source=person.source, owner=person.owner,
        amount=round(_DEAL_SIZE[segment] * math.exp(0.6 * _NORMAL.inv_cdf(luck("amount"))) / 100) * 100,
        priced_at_creation=luck("priced") < 0.6, visits=visits, won=won,
        abandoned=long_dead and luck("abandoned") < world.abandoned / _DEAD_EARLY,
        touches=tuple(touch for span in spans for touch in _touch(world, person, span)),
        changes=tuple(change for span in spans for change in _edit(luck, span)),
        bant=_qualify(world, luck, path),
    )  # fmt: skip


def _choose(luck: float, weights: dict[_Choice, float]) -> _Choice:
    """Return one of the names, as often as it weighs."""
    rest = luck * sum(weights.values())
    for name, weight in weights.items():
        rest -= weight
        if rest < 0:
            return name
    return next(reversed(weights))


def _tilted(share: float, tilt: float) -> float:
    """Return the share moved on the scale of log odds; never stays never, and always always."""
    return share if share in {0.0, 1.0} else 1 / (1 + math.exp(-math.log(share / (1 - share)) - tilt))


def _walk(world: World, person: _Person) -> tuple[list[str], bool]:
    """Return the stages in the order of their visits, and whether the deal is won in the end."""
    luck = person.luck
    losses = (_LOST_IN_PROSPECTING[person.source], _LOST_IN_QUALIFICATION, _LOST_IN_DISCOVERY)
    for count, loss in enumerate(losses, start=1):
        if luck("lost", count) < loss:
            return list(STAGES[:count]), False
    skips = luck("skips") < _tilted(world.skips_demo, _SKIP_TILT[person.segment] + person.habits.skips)
    if not skips and luck("lost in demo") < world.lost_in_demo:
        return list(STAGES[:4]), False
    won = luck("won") < _tilted(_WINS[person.segment], person.habits.skill)
    return [*STAGES[:3], *_late(world, person, won=won, skips=skips)], won


def _late(world: World, person: _Person, *, won: bool, skips: bool) -> list[str]:
    """Return the way after Discovery; where a lost deal dies is drawn first, so that no detour changes the outcome."""
    luck = person.luck
    grave = None if won else _choose(luck("grave"), {"Proposal": 0.6, "Negotiation": 0.4})
    demo = [] if skips else ["Demo"]
    way = [*demo, "Proposal"]
    if luck("returns") < world.returns_to_discovery:
        way += ["Discovery", *demo, "Proposal"]
    if grave == "Proposal":
        return way
    if luck("review") < _tilted(world.security_review, _REVIEW_TILT[person.segment]):
        way.append(REVIEW)
        if grave and luck("dies in review") < 0.2:
            return way
    way.append("Negotiation")
    if luck("requalifies") < world.returns_to_qualification:
        way += ["Qualification", "Discovery", *demo, "Proposal", "Negotiation"]
    return way


def _spend(world: World, luck: _Luck, path: list[str], begin: float) -> list[_Span]:
    """Return when each visit begins and ends."""
    spans: list[_Span] = []
    for place, stage in enumerate(path):
        visit = path[:place].count(stage)
        instant = visit == 0 and place + 1 < len(path) and stage in {"Prospecting", "Discovery"}
        if instant and luck("clicked through", stage) < world.clicked_through:
            days = 0.0
        else:
            usual, most = _STAYS.get(stage, (world.negotiation_days, world.negotiation_most))
            days = _stay(luck("stay", stage, visit), usual * _AGAIN if visit else usual, most)
        spans.append(_Span(stage, visit, begin, begin + days))
        begin += days
    return spans


def _stay(luck: float, usual: float, most: float) -> float:
    """Return a log-normal stay of this median, cut off at the longest, and never so short that work cannot fit in."""
    below = _NORMAL.cdf(math.log(most / usual) / _SPREAD)
    return max(0.5, usual * math.exp(_SPREAD * _NORMAL.inv_cdf(luck * below)))


def _clock(days: float) -> int:
    """Return the second of the working week (Monday to Friday, 8 to 18) that stands for a moment of the whole week."""
    week, rest = divmod(days, 7)
    day, part = divmod(rest * 5 / 7, 1)
    return int((week * 7 + day) * DAY + 8 * 3600 + part * 10 * 3600)


def _touch(world: World, person: _Person, span: _Span) -> list[Touch]:
    """Return what is done during a stay, each thing at a moment that says nothing about how the stay ends."""
    luck = person.luck
    brochure = _tilted(world.brochure, person.habits.brochures)
    dinner = world.dinner * _DINED[person.segment]
    call = "Call" if luck("by phone", span.visit) < 0.7 else "Meeting"
    offers = {
        "Prospecting": [("Call", "Cold call", 0.08)],
        "Qualification": [(call, "Discovery call", world.task_done), ("Email", "Brochure", brochure)],
        "Discovery": [("Meeting", "Workshop", 0.1)],
        "Demo": [("Demo", "Demo", world.task_done)],
        "Proposal": [
            ("Email", "Proposal sent", world.proposal_sent), ("Executive dinner", "Board dinner", dinner),
        ],
        "Negotiation": [("Call", "Terms", 0.1), ("Email", "Follow-up", 0.1)],
    }.get(span.stage, [])  # fmt: skip
    if span.begin == span.end:
        return []
    return [
        Touch(_within(luck, span, subject), kind, subject, done)
        for kind, subject, share in offers
        for done in (luck("does", subject, span.visit) < share,)
        if done or luck("meant to", subject, span.visit) < 0.04 * (share > 0)
    ]


def _within(luck: _Luck, span: _Span, what: str) -> int:
    """Return a second well inside a stay."""
    return _clock(span.begin + (0.05 + 0.9 * luck("when", what, span.stage, span.visit)) * (span.end - span.begin))


def _edit(luck: _Luck, span: _Span) -> list[Change]:
    """Return the edits of a stay that leave its stage alone."""
    if span.begin == span.end or luck("edits", span.stage, span.visit) >= _EDITS:
        return []
    field = _choose(luck("edits what", span.stage, span.visit), _EDITED)
    by = _choose(luck("edits by", span.stage, span.visit), dict.fromkeys(_STEPS[field], 1.0))
    return [Change(_within(luck, span, "edit"), field, by)]


def _qualify(world: World, luck: _Luck, path: list[str]) -> tuple[bool, bool, bool, bool]:
    """Return which of budget, authority, need and timeline are known."""
    missing = int(luck("missing") * 8)
    if "Discovery" in path and luck("qualified") < world.qualified:
        return missing != 0, missing != 1, missing != 2, missing != 3
    known = [luck("knows", field) < 0.35 for field in range(4)]
    known[missing % 4] = known[(missing + 1) % 4] = False
    return known[0], known[1], known[2], known[3]
