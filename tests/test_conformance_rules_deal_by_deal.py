"""Time limits, tasks and exit criteria, counted again by a plain loop over random deals."""

from __future__ import annotations

import random
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from processminer.conformance.conform import conform
from processminer.discovery.discover import discover
from processminer.playbook.parts.stages import Criterion, Stage, Task
from tests.conformance_stories import playbook_of
from tests.worlds import log_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


Stops = list[tuple[str, float]]


# A second count: the same rules in the dullest Python, deal by deal.

RULED = playbook_of(
    Stage(
        name="Lead",
        aliases=("New",),
        time_limit="2 days",
        tasks=(Task(do="Call", seen_as=("Call", "Ring")),),
        exit_criteria=(Criterion(name="Need", field="Pain"),),
    ),
    Stage(name="Demo", optional=True, time_limit="36 hours", tasks=(Task(do="Show", seen_as=("Show", "Meeting")),)),
    Stage(
        name="Talks",
        may_return_to=("Lead",),
        tasks=(Task(do="Meet", seen_as=("Meeting",)),),
        exit_criteria=(Criterion(name="Two of three", at_least=2, of={"a": "Pain", "b": "Budget", "c": "Absent"}),),
    ),
)


AS_OF = 40.0


def wandering(seed: int, deals: int) -> tuple[dict[str, Stops], dict[str, Stops], dict[str, dict[str, str]]]:
    chance = random.Random(seed)
    world: dict[str, Stops] = {}
    for number in range(deals):
        stops: Stops = []
        day = chance.choice([0.0, 0.25, 1.0])
        for stage in chance.choices(["Lead", "New", "Demo", "Talks", "Legal", "Lost"], [4, 2, 3, 4, 1, 0.6], k=7):
            if (not stops and stage == "Lost") or (stops and stops[-1][0] == stage):
                continue
            stops.append((stage, day))
            day += chance.choice([0.25, 0.5, 1.0, 1.5, 2.0, 3.0])
        while stops and stops[-1][0] == "Lost":
            stops.pop()
        close = chance.choice(["Won", "Lost", None])
        world[f"{number:02}"] = stops if close is None else [*stops, (close, day)]
    activities = ["Call", "ring", "SHOW", "Meeting", "Mail"]
    tasks = {
        deal: [(chance.choice(activities), chance.randint(0, 40) / 4) for _ in range(chance.randint(0, 4))]
        for deal in world
    }
    filled = ["", "yes", "no", "0", "7"]
    attributes = {deal: {"Pain": chance.choice(filled), "Budget": chance.choice(filled)} for deal in world}
    return world, tasks, attributes


def dull_stays(stops: Stops) -> tuple[str, list[dict[str, Any]]]:
    """The ending of a deal, and its stays before that: which stage, from when to when, where to next."""
    ending = {"Won": "won", "Lost": "lost"}.get(stops[-1][0], "open")
    walked = stops if ending == "open" else stops[:-1]
    places = {"Lead": 1, "New": 1, "Demo": 2, "Talks": 3, "Legal": 0}
    stays = []
    for number, (stage, entered) in enumerate(walked):
        if stage == "Lost":
            continue
        left = stops[number + 1][1] if number + 1 < len(stops) else None
        following = [places[later] for later, _ in walked[number + 1 :] if later != "Lost"]
        stays.append({
            "place": places[stage],
            "from": entered,
            "to": left,
            "next": following[0] if following else None,
            "joins": number > 0 and places.get(walked[number - 1][0]) == places[stage],
        })  # fmt: skip
    for stay in stays:
        on = stay["next"] is not None and (stay["next"] == 0 or stay["next"] > stay["place"])
        stay["on"] = ending == "won" or on
    return ending, stays


def dull_limit(stage: Stage, own: list[dict[str, Any]]) -> str:
    lengths: list[float] = []
    for stay in own:
        length = (AS_OF if stay["to"] is None else stay["to"]) - stay["from"]
        if stay["joins"]:
            lengths[-1] += length
        else:
            lengths.append(length)
    if any(length > stage.time_limit for length in lengths):
        return "broken"
    return "pending" if own[-1]["to"] is None else "kept"


def dull_due(own: list[dict[str, Any]], ending: str) -> tuple[str, float | None]:
    """Whether what the stage asks for is due, pending or not owed, and the moment at which it was due."""
    moments = [stay["to"] for stay in own if stay["on"]]
    if own[-1]["to"] is None:
        return "pending", None
    if moments:
        return "due", max(moments)
    return ("pending" if ending == "open" else "not owed"), None


def dull_task(task: Task, own: list[dict[str, Any]], left: float, done: Stops) -> str:
    claimed = Counter(name.lower() for stage in RULED.stages for each in stage.tasks for name in each.seen_as)
    for name, day in done:
        if name.lower() not in {each.lower() for each in task.seen_as}:
            continue
        entered = own[0]["from"]
        early = claimed[name.lower()] > 1 and day < entered and not (day % 1 == 0 and day == entered // 1)
        if not early and (day // 1 <= left if left % 1 == 0 else day <= left):
            return "kept"
    return "broken"


def dull_criterion(criterion: Criterion, said: Mapping[str, str]) -> str:
    full = sum(said.get(field, "") in ("yes", "7") for field in criterion.fields)
    absent = sum(field == "Absent" for field in criterion.fields)
    if full >= criterion.needed:
        return "kept"
    return "broken" if full + absent < criterion.needed else "unchecked"


def dull_verdicts(stops: Stops, done: Stops, said: Mapping[str, str]) -> Iterator[tuple[str, str, str, str]]:
    """How one deal stands to each rule that concerns it: kind, stage, subject, verdict."""
    ending, stays = dull_stays(stops)
    for place, stage in enumerate(RULED.stages, start=1):
        own = [stay for stay in stays if stay["place"] == place]
        if own and stage.time_limit is not None:
            yield "time-limit", stage.name, stage.name, dull_limit(stage, own)
        due, left = dull_due(own, ending) if own else ("not owed", None)
        if due == "not owed":
            continue
        for task in stage.tasks:
            yield "task", stage.name, task.do, due if left is None else dull_task(task, own, left, done)
        for criterion in stage.exit_criteria:
            verdict = due if left is None else dull_criterion(criterion, said)
            yield "exit-criterion", stage.name, criterion.name, verdict


@pytest.mark.parametrize("seed", [11, 12, 13])
def test_every_rule_is_judged_as_a_count_deal_by_deal_judges_it(seed):
    world, tasks, attributes = wandering(seed, 60)
    expected = Counter(
        verdict for deal, stops in world.items() for verdict in dull_verdicts(stops, tasks[deal], attributes[deal])
    )
    log = log_of(world, tasks=tasks, attributes=attributes, as_of_day=AS_OF)
    found = conform(discover(log), RULED)
    told = Counter({
        (one.kind, one.stage or "", one.subject, verdict): getattr(one, verdict)
        for one in found.obligations
        if one.kind not in {"path", "start"}
        for verdict in ("kept", "broken", "pending", "unchecked")
    })  # fmt: skip
    assert +told == +expected
    broken = Counter({(one.kind, one.stage, one.subject): one.deals for one in found.deviations})
    kinds = {
        "time-limit": ["over-time"],
        "task": ["task-missing", "task-late"],
        "exit-criterion": ["criterion-missing"],
    }
    for (kind, stage, subject, verdict), deals in expected.items():
        if verdict == "broken":
            assert sum(broken[each, stage, subject] for each in kinds[kind]) == deals
    assert len({verdict for *_, verdict in expected}) == 4


def test_adding_a_deal_that_keeps_every_rule_raises_no_count():
    world, tasks, attributes = wandering(14, 40)
    good = {"good": [("Lead", 0.0), ("Demo", 1.0), ("Talks", 2.0), ("Won", 3.0)]}
    done = {"good": [("Call", 0.5), ("Show", 1.5), ("Meeting", 2.5)]}
    said = {"good": {"Pain": "yes", "Budget": "yes"}}
    before = conform(discover(log_of(world, tasks=tasks, attributes=attributes, as_of_day=AS_OF)), RULED)
    log = log_of(world | good, tasks=tasks | done, attributes=attributes | said, as_of_day=AS_OF)
    after = conform(discover(log), RULED)
    deals = [{(one.kind, one.stage, one.subject): one.deals for one in each.deviations} for each in (before, after)]
    assert deals[0] == deals[1]
    assert after.deals_conforming == before.deals_conforming + 1
