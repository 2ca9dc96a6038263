"""Owners, hand-overs, silence, entry criteria, contacts, loss reasons and service, recounted deal by deal."""

from __future__ import annotations

import random
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from processminer.conformance.conform import conform
from processminer.discovery.discover import discover
from processminer.playbook.read import parse_playbook
from processminer.statistics.proportions import wilson
from tests.rich_worlds import Deal, rich_log

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

AS_OF = 30.0

TEXT = """\
name: t
roles:
  - {name: SDR, people: [Ann]}
  - {name: AE, people: [Bob]}
stages:
  - name: Lead
    owner: SDR
    warn_after: 2 days
    time_limit: 4 days
    max_silence: 2 days
    max_visits: 1
    min_contacts: 2
    tasks: [{do: Call twice, seen_as: [Call], times: 2, within: 3 days}]
    exit_criteria: [{name: Fit, field: Fit, values: [yes]}]
  - name: Demo
    owner: AE
    entry_criteria: [{name: Sponsor, field: Sponsor}, {name: Met, seen_as: [Meeting]}]
outcomes: {won: [Won], lost: [Lost], loss_reason: Reason}
handovers:
  - {entering: Demo, from: SDR, to: AE, within: 1 day}
service:
  - {name: Delivery, begins_at: Won, within: 2 days, seen_as: [Kick-off]}
"""

PLAYBOOK = parse_playbook(TEXT, "playbook.yaml")

NOTHING = [("", 0.0)]

PATHS = (["Lead"], ["Lead", "Demo"], ["Lead", "Demo", "Lead"], ["Lead", "Demo", "Lead", "Demo"], ["Demo"])


def wandering(seed: int) -> dict[str, Deal]:
    """Deals that go to and fro; no two things happen at one moment, and none at midnight."""
    chance = random.Random(seed)
    world: dict[str, Deal] = {}
    for number in range(40):
        day = start = chance.uniform(0, AS_OF - 1)
        stops: list[tuple[str, float]] = []
        for stage in chance.choice(PATHS):
            stops.append((stage, day))
            day += chance.uniform(0.2, 5)
        if len(stops) == 1 or chance.random() < 0.7:
            stops.append((chance.choice(["Won", "Lost"]), day))
        did = [chance.choice(["Call", "Meeting", "Kick-off"]) for _ in range(chance.randint(0, 6))]
        world[f"{number:02}"] = Deal(
            stops,
            tasks=[(what, chance.uniform(start - 2, AS_OF + 3), chance.choice(["Ann", "Bob", "Cid"])) for what in did],
            owners=turns(chance, ["Ann", "Bob", "Cid"], start),
            fields={name: turns(chance, ["", "yes", "no"], start) for name in ("Fit", "Sponsor")},
            said={"Reason": chance.choice(["", "Price"])},
            contacts=chance.randint(0, 3),
        )
    done = [("Meeting", 1.5, "Ann"), ("Call", 2.0, "Ann"), ("Kick-off", 4.2, "Ann")]
    world["won"] = Deal([("Lead", 1.1), ("Demo", 2.1), ("Won", 3.1)], tasks=done)
    return world


def turns(chance: random.Random, values: Sequence[str], start: float) -> list[tuple[str, float]]:
    """A value from the beginning, and up to two changes of it."""
    told = [(chance.choice(values), start)]
    for day in sorted(chance.uniform(start, AS_OF + 3) for _ in range(chance.randint(0, 2))):
        told.append((chance.choice([value for value in values if value != told[-1][0]]), day))
    return told


def at(values: Sequence[tuple[str, float]], day: float) -> str:
    return next(value for value, since in reversed(values) if since <= day or (value, since) == values[0])


class Told:
    """One deal as it stood at AS_OF, in the dullest words."""

    def __init__(self, deal: Deal) -> None:
        self.deal = deal
        seen = [stop for stop in deal.stops if stop[1] <= AS_OF]
        self.end = seen[-1] if seen and seen[-1][0] in ("Won", "Lost") else None
        walked = seen[:-1] if self.end else seen
        self.outcome = {"Won": "won", "Lost": "lost"}[self.end[0]] if self.end else "open"
        leaving = [day for _, day in seen[1:]] if self.end else [*(day for _, day in seen[1:]), None]
        after = [*(stage for stage, _ in walked[1:]), None]
        self.stays = [(*stop, went, onward) for stop, went, onward in zip(walked, leaving, after, strict=False)]
        self.tasks = sorted((day, what, who) for what, day, who in deal.tasks if day <= AS_OF)

    def own(self, stage: str) -> list[tuple[float, float | None]]:
        return [(came, went) for name, came, went, _ in self.stays if name == stage]

    def due(self, stage: str) -> float | str | None:
        """When what the stage asks for was due; pending, or None where it is not owed."""
        own = [stay for stay in self.stays if stay[0] == stage]
        if not own:
            return None
        if own[-1][2] is None:
            return "pending"
        on = [went for _, _, went, after in own if self.outcome == "won" or (stage == "Lead" and after == "Demo")]
        return max(on) if on else ("pending" if self.outcome == "open" else None)

    def done(self, what: str) -> list[float]:
        return [day for day, name, _ in self.tasks if name == what]

    def owners(self, since: float, until: float) -> set[str]:
        held = self.deal.owners
        ends = [*(day for _, day in held[1:]), float("inf")]
        starts = [float("-inf"), *(day for _, day in held[1:])]
        return {name for (name, _), start, end in zip(held, starts, ends, strict=True) if end > since and start < until}


def dull_verdicts(told: Told) -> Iterator[tuple[str, str, str]]:
    deal = told.deal
    for stage, role in (("Lead", "Ann"), ("Demo", "Bob")):
        if told.own(stage):
            yield "owner", stage, dull_owner(told, stage, role)
    if told.own("Lead"):
        lengths = [((AS_OF if went is None else went) - came, went is None) for came, went in told.own("Lead")]
        over = any(length > 4 for length, _ in lengths)
        yield "time-limit", "Lead", "broken" if over else "pending" if lengths[-1][1] else "kept"
        yield "silence", "Lead", dull_silence(told)
        visits = len(told.own("Lead")) > 1
        yield "visits", "Lead", "broken" if visits else "pending" if told.outcome == "open" else "kept"
    yield from dull_demands(told)
    if told.outcome == "lost" and told.stays:
        yield "loss-reason", "Reason", "kept" if deal.said.get("Reason") else "broken"


def dull_demands(told: Told) -> Iterator[tuple[str, str, str]]:
    deal = told.deal
    due = told.due("Lead")
    if due is not None:
        yield "contacts", "Lead", "pending" if due == "pending" else "kept" if deal.contacts >= 2 else "broken"
        yield "task", "Call twice", dull_task(told, due)
        fit = due != "pending" and at(deal.fields.get("Fit", NOTHING), due) == "yes"
        yield "exit-criterion", "Fit", "pending" if due == "pending" else "kept" if fit else "broken"
    if told.own("Demo"):
        came = told.own("Demo")[0][0]
        sponsor = at(deal.fields.get("Sponsor", NOTHING), came)
        yield "entry-criterion", "Sponsor", "kept" if sponsor == "yes" else "broken"
        yield "entry-criterion", "Met", "kept" if any(day <= came for day in told.done("Meeting")) else "broken"
        verdict = dull_handover(told, came)
        if verdict is not None:
            yield "handover", "SDR -> AE", verdict
    if told.outcome == "won":
        won = told.end[1]
        begun = [day for day in told.done("Kick-off") if day >= won]
        late = (begun[0] if begun else AS_OF) > won + 2
        yield "service", "Delivery", "broken" if late else "kept" if begun else "pending"


def dull_owner(told: Told, stage: str, role: str) -> str:
    stays = []
    for came, went in told.own(stage):
        held = told.owners(came, AS_OF if went is None else went)
        stays.append((role in held, "Cid" in held, went is None))
    if any(not mine and not strange and not still for mine, strange, still in stays):
        return "broken"
    if any(not mine and strange for mine, strange, _ in stays):
        return "unchecked"
    return "pending" if any(not mine for mine, _, _ in stays) else "kept"


def dull_silence(told: Told) -> str:
    deal = told.deal
    changes = [day for told_turns in (deal.owners, *deal.fields.values()) for _, day in told_turns[1:]]
    touched = sorted([day for day, _, _ in told.tasks] + [day for day in changes if day <= AS_OF])
    for came, went in told.own("Lead"):
        until = AS_OF if went is None else went
        moments = [came, *(day for day in touched if came < day < until), until]
        if any(later - earlier > 2 for earlier, later in pairwise(moments)):
            return "broken"
    return "pending" if told.own("Lead")[-1][1] is None else "kept"


def dull_task(told: Told, due: float | str) -> str:
    calls = told.done("Call")
    soon = told.own("Lead")[0][0] + 3
    second = calls[1] if len(calls) > 1 else None
    if due == "pending":
        return "broken" if (AS_OF if second is None else second) > soon else "pending"
    return "kept" if second is not None and second <= min(due, soon) else "broken"


def dull_handover(told: Told, came: float) -> str | None:
    deadline = came + 1
    by_deed = any(came <= day <= deadline and who == "Bob" for day, _, who in told.tasks)
    if "Bob" in told.owners(came, min(deadline, AS_OF)) or by_deed:
        return "kept"
    if told.end and told.end[1] <= deadline:
        return None
    if deadline >= AS_OF:
        return "pending"
    return "unchecked" if "Cid" in told.owners(came, deadline) else "broken"


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 10_000))
def test_every_kind_of_rule_is_judged_as_a_count_deal_by_deal_judges_it(seed: int) -> None:
    world = wandering(seed)
    deals = {name: Told(deal) for name, deal in world.items() if deal.stops[0][1] <= AS_OF}
    expected = Counter(verdict for deal in deals.values() for verdict in dull_verdicts(deal))
    found = conform(discover(rich_log(world, as_of_day=AS_OF, order=("Lead", "Demo"))), PLAYBOOK, TEXT)
    told = Counter({
        (one.kind, one.subject, verdict): getattr(one, verdict)
        for one in found.obligations
        if one.kind not in {"path", "start"}
        for verdict in ("kept", "broken", "pending", "unchecked")
    })  # fmt: skip
    assert +told == +expected
    kinds = {"task": ("task-missing", "task-late"), "owner": ("wrong-owner",), "silence": ("too-long-silent",)}
    for one in found.obligations:
        if one.kind in kinds:
            broken = [each for each in found.deviations if each.kind in kinds[one.kind] and each.subject == one.subject]
            assert sum(each.deals for each in broken) == one.broken
            assert all(each.reached == one.reached and each.line == one.line for each in broken)
            assert one.share == (wilson(one.kept, one.reached) if one.reached else None)
    lasted = {name: told.own("Lead")[-1] for name, told in deals.items() if told.own("Lead")}
    over = {name for name, (came, went) in lasted.items() if went is None and AS_OF - came > 4}
    assert found.over_limit.deals == len(over)
    assert {one.deal for one in found.over_limit.longest} <= over
    assert len(found.over_limit.longest) == min(20, len(over))
    (limit,) = (one for one in found.obligations if one.kind == "time-limit")
    near = [name for name, (came, went) in lasted.items() if went is None and 2 < AS_OF - came <= 4]
    once = [
        name for name in near if any(went is not None and went - came > 4 for came, went in deals[name].own("Lead"))
    ]
    assert (limit.now, limit.warned) == (len(over), len(near) - len(once))


def test_the_worlds_that_are_recounted_hold_deals_that_keep_and_that_break_every_kind_of_rule() -> None:
    worlds = [deal for seed in range(3) for deal in wandering(seed).values() if deal.stops[0][1] <= AS_OF]
    said = {(kind, verdict) for deal in worlds for kind, _, verdict in dull_verdicts(Told(deal))}
    kinds = {kind for kind, _ in said}
    assert len(kinds) == 11
    assert {(kind, verdict) for kind in kinds for verdict in ("kept", "broken")} <= said
    assert {kind for kind, verdict in said if verdict == "pending"} >= kinds - {"entry-criterion", "loss-reason"}
    assert {kind for kind, verdict in said if verdict == "unchecked"} == {"owner", "handover"}
