"""Which deals come to each comparison and on which side: a dull count beside the queries, and what is held equal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processminer.discovery.discover import discover
from processminer.estimates.effects.chosen import choose
from processminer.estimates.effects.effects import effects
from processminer.estimates.effects.trial import Trial
from processminer.estimates.estimate import estimate
from processminer.playbook.model import Playbook
from processminer.playbook.parts.stages import Stage, Task
from tests.worlds import log_of

if TYPE_CHECKING:
    from processminer.estimates.effects.trial import Effect

STAGES = ("A", "B", "C", "D")

Stops = Sequence[tuple[str, float]]

LONG_AFTER = 400
"""All deals of the small logs have been followed for the usual horizon by then."""


@st.composite
def paths(draw: st.DrawFn) -> list[tuple[str, float]]:
    names = draw(st.lists(st.sampled_from(STAGES), min_size=1, max_size=6))
    names = [name for before, name in zip(["", *names], names, strict=False) if name != before]
    if draw(st.booleans()):
        names.append(draw(st.sampled_from(["Won", "Lost"])))
    days = sorted(draw(st.lists(st.integers(0, 99), min_size=len(names), max_size=len(names), unique=True)))
    return [(name, float(day)) for name, day in zip(names, days, strict=True)]


logs = st.lists(paths(), max_size=25).map(
    lambda many: {f"d{n:02}": path for n, path in enumerate([[("A", 0.0), ("Won", 1.0)], *many])}
)


def dull_stage_arms(deals: Mapping[str, Stops], stage: str) -> list[tuple[bool, bool]]:
    """For each deal that first moves on into a stage or past it: whether it took it, and whether it was won."""
    arms = []
    for path in deals.values():
        for (before, _), (after, _) in pairwise(path):
            if after in STAGES and STAGES.index(after) >= STAGES.index(stage):
                if STAGES.index(before) < STAGES.index(stage) and path[0][0] in STAGES[: STAGES.index(stage)]:
                    arms.append((after == stage, path[-1][0] == "Won"))
                break
    return arms


def dull_task_arms(deals: Mapping[str, Stops], stage: str, days: Mapping[str, float]) -> list[tuple[bool, bool]]:
    """For each deal that first moves on from a stage: whether it had done the task by then, and whether it was won."""
    arms = []
    for deal, path in deals.items():
        for (before, _), (after, day) in pairwise(path):
            if before == stage and after in STAGES and STAGES.index(after) > STAGES.index(stage):
                arms.append((deal in days and days[deal] <= day, path[-1][0] == "Won"))
                break
    return arms


def assert_counted(found: Effect | None, arms: list[tuple[bool, bool]]) -> None:
    if {did for did, _ in arms} != {True, False}:
        assert found is None
        return
    assert found is not None
    assert (found.acted.deals, found.did_not.deals) == (
        sum(did for did, _ in arms),
        sum(not did for did, _ in arms),
    )
    assert (found.acted.won, found.did_not.won) == (
        sum(did and won for did, won in arms),
        sum(won and not did for did, won in arms),
    )
    assert found.horizon_days <= LONG_AFTER


@settings(max_examples=15, deadline=None)
@given(logs, st.data())
def test_arms_equal_a_dull_count(deals, data):
    called = {
        deal: float(data.draw(st.integers(0, 99)))
        for deal in data.draw(st.lists(st.sampled_from(sorted(deals)), unique=True))
    }
    tasks = {deal: [("Call", day)] for deal, day in called.items()} or {"d00": [("Mail", 0.0)]}
    log = log_of(deals, as_of_day=LONG_AFTER, tasks=tasks, order=STAGES)
    discover(log)
    open_stages = [stage.name for stage in log.stages if stage.kind == "open"]
    trials = [Trial("stage", one, one) for one in open_stages]
    trials += [Trial("task", "Call them", one, ("call",)) for one in open_stages]
    # Within a hundred days all deals of these logs are closed that ever will be.
    found = {(one.trial.kind, one.trial.stage): one for one in effects(log, trials, horizon_days=100)}
    for stage in STAGES:
        assert_counted(found.pop(("stage", stage), None), dull_stage_arms(deals, stage))
        assert_counted(found.pop(("task", stage), None), dull_task_arms(deals, stage, called))
    assert not found


def stage_effect(deals: Mapping[str, Stops], stage: str, **how: object) -> Effect | None:
    log = log_of(deals, order=STAGES, **how)  # type: ignore[arg-type]
    discover(log)
    return next((one for one in effects(log, choose(discover(log)).trials) if one.trial.subject == stage), None)


def test_a_deal_won_or_lost_straight_away_never_had_to_decide():
    deals: dict[str, Stops] = {
        "did": [("A", 0.0), ("B", 1.0), ("C", 2.0), ("Won", 3.0)],
        "skipped": [("A", 0.0), ("C", 2.0), ("Lost", 3.0)],
        "lost before": [("A", 0.0), ("Lost", 3.0)],
        "won before": [("A", 0.0), ("Won", 3.0)],
        "began there": [("B", 0.0), ("C", 2.0), ("Lost", 3.0)],
        "began later": [("C", 0.0), ("B", 2.0), ("Lost", 3.0)],
    }
    found = stage_effect(deals, "B", as_of_day=LONG_AFTER)
    assert found is not None
    assert (found.acted.deals, found.did_not.deals, found.acted.won, found.did_not.won) == (1, 1, 1, 0)


def test_the_last_stage_has_no_comparison_since_only_winners_pass_it_over():
    deals: dict[str, Stops] = {f"d{n}": [("A", 0.0), ("B", 1.0), ("Lost" if n % 2 else "Won", 3.0)] for n in range(40)}
    deals |= {f"e{n}": [("A", 0.0), ("Won", 3.0)] for n in range(40)}
    assert stage_effect(deals, "B", as_of_day=LONG_AFTER) is None


def test_with_few_wins_the_horizon_is_half_a_year():
    found = stage_effect(
        {"a": [("A", 0.0), ("B", 1.0), ("Won", 2.0)], "b": [("A", 0.0), ("C", 1.0)]}, "B", as_of_day=400
    )
    assert found is not None
    assert found.horizon_days == 180


def test_a_win_after_the_horizon_is_no_win():
    deals: dict[str, Stops] = {f"d{n:02}": [("A", 0.0), ("B" if n % 2 else "C", 1.0), ("Won", 11.0)] for n in range(39)}
    deals["late"] = [("A", 0.0), ("B", 1.0), ("Won", 300.0)]
    found = stage_effect(deals, "B", as_of_day=LONG_AFTER)
    assert found is not None
    assert found.horizon_days < 299
    assert (found.acted.deals, found.acted.won) == (20, 19)


def test_an_open_deal_counts_as_far_as_it_was_followed():
    deals: dict[str, Stops] = {f"d{n:02}": [("A", 0.0), ("B" if n % 2 else "C", 1.0), ("Won", 9.0)] for n in range(40)}
    deals |= {f"e{n:02}": [("A", 395.0), ("B" if n % 2 else "C", 398.0)] for n in range(40)}
    found = stage_effect(deals, "B", as_of_day=LONG_AFTER)
    assert found is not None
    assert (found.acted.deals, found.acted.open, found.acted.closed) == (40, 20, 20)
    assert found.adjusted is not None
    assert found.adjusted.with_action > 0.95


def test_a_task_done_the_same_day_counts_where_stages_are_dated_without_hours():
    deals: dict[str, Stops] = {deal: [("A", 0.0), ("B", 5.0), ("Won", 9.0)] for deal in ("same day", "next day")}
    log = log_of(deals, as_of_day=LONG_AFTER, tasks={"same day": [("Call", 5.6)], "next day": [("Call", 6.2)]})
    discover(log)
    (found,) = effects(log, [Trial("task", "Call", "A", ("Call",))])
    assert (found.acted.deals, found.did_not.deals) == (1, 1)


def test_a_shared_activity_counts_only_since_the_stage_was_entered():
    deals: dict[str, Stops] = {deal: [("A", 0.1), ("B", 5.1), ("C", 9.1)] for deal in ("early", "in it")}
    deals["won"] = [("A", 0.0), ("Won", 1.0)]
    log = log_of(deals, as_of_day=LONG_AFTER, tasks={"early": [("Call", 2.0)], "in it": [("Call", 6.0)]}, order=STAGES)
    discover(log)
    (found,) = effects(log, [Trial("task", "Call", "B", ("Call",), since_entry=True)])
    assert (found.acted.deals, found.did_not.deals) == (1, 1)
    assert effects(log, [Trial("task", "Call", "B", ("Call",))]) == ()


def test_declared_tasks_and_common_activities_are_compared_and_rare_ones_are_not():
    deals: dict[str, Stops] = {
        f"d{n:02}": [("A", 0.0), ("B", 5.0), ("Won" if n % 3 else "Lost", 9.0)] for n in range(60)
    }
    tasks = {f"d{n:02}": [("Call", 2.0)] for n in range(30)}
    tasks |= {f"d{n:02}": [("Demo", 3.0)] for n in range(30, 50)}
    tasks |= {f"d{n:02}": [("Lunch", 3.0)] for n in range(50, 53)}
    log = log_of(deals, as_of_day=LONG_AFTER, tasks=tasks, order=("A", "B"))
    playbook = Playbook(
        name="p", stages=(Stage(name="A", tasks=(Task(do="Talk", seen_as=("call",)),)), Stage(name="B"))
    )
    found = estimate(discover(log), None, playbook)
    assert [(one.trial.kind, one.trial.subject, one.trial.stage, one.acted.deals) for one in found.effects] == [
        ("task", "Talk", "A", 30),
        ("task", "Demo", "A", 20),
    ]
    assert [one.action.label for one in found.actions] == ["Demo"]


def test_an_activity_is_common_where_many_of_the_deals_that_came_to_its_stage_had_it():
    deals: dict[str, Stops] = {f"d{n:03}": [("A", 0.0), ("Lost", 5.0)] for n in range(400)}
    deals |= {f"e{n:02}": [("A", 0.0), ("B", 5.0), ("C", 9.0), ("Won", 12.0)] for n in range(60)}
    log = log_of(deals, as_of_day=LONG_AFTER, tasks={f"e{n:02}": [("Visit", 6.0)] for n in range(20)}, order=STAGES)
    chosen = choose(discover(log))
    assert [(one.subject, one.stage) for one in chosen.undeclared] == [("Visit", "B")]


def test_an_activity_that_a_declared_task_claims_by_subject_is_not_told_again_by_its_type():
    deals: dict[str, Stops] = {
        f"d{n:02}": [("A", 0.0), ("B", 5.0), ("Won" if n % 3 else "Lost", 9.0)] for n in range(60)
    }
    log = log_of(deals, as_of_day=LONG_AFTER, tasks={f"d{n:02}": [("Call", 2.0)] for n in range(30)}, order=("A", "B"))
    log.relations.run("UPDATE task_events SET subject = 'First call'")
    tasks = (Task(do="Talk", seen_as=("First call",)), Task(do="Phone", seen_as=("First call",)))
    playbook = Playbook(name="p", stages=(Stage(name="A", tasks=tasks), Stage(name="B")))
    discovery = discover(log)
    assert [one.trial.subject for one in estimate(discovery, None, playbook).effects] == ["Talk", "Phone"]
    assert [one.trial.subject for one in estimate(discovery).effects] == ["First call"]


def test_what_only_says_how_people_met_is_told_by_its_subjects_unless_a_task_claims_it():
    deals: dict[str, Stops] = {
        f"d{n:02}": [("A", 0.0), ("B", 5.0), ("Won" if n % 3 else "Lost", 9.0)] for n in range(60)
    }
    met = {f"d{n:02}": [("MEETING", 2.0), ("Dinner", 2.0)] for n in range(40)}
    log = log_of(deals, as_of_day=LONG_AFTER, tasks=met, order=("A", "B"))
    log.relations.run("UPDATE task_events SET subject = CASE WHEN deal % 10 = 0 THEN 'Re: ' || deal ELSE 'Visit' END")
    told = {one.subject: one for one in choose(discover(log)).undeclared}
    assert sorted(told) == ["Dinner", "Visit"]
    assert (told["Visit"].stage, told["Visit"].seen_as) == ("A", ("Visit",))
    playbook = Playbook(name="p", stages=(Stage(name="A", tasks=(Task(do="Talk", seen_as=("Meeting",)),)),))
    assert [one.subject for one in choose(discover(log), None, playbook).undeclared] == ["Dinner"]
    log.relations.run("UPDATE task_events SET subject = 'Re: ' || deal")
    assert sorted(one.subject for one in choose(discover(log)).undeclared) == ["Dinner", "MEETING"]


def test_what_a_deal_was_from_the_start_is_held_equal_and_what_became_of_it_is_not():
    random = np.random.default_rng(1)
    deals: dict[str, Stops] = {}
    attributes: dict[str, dict[str, str]] = {}
    for n in range(400):
        deals[f"d{n:03}"] = [("A", 0.0), (random.choice(["B", "C"]), 5.0), (random.choice(["Won", "Lost"]), 9.0)]
        attributes[f"d{n:03}"] = {
            "Lead_Source__c": random.choice(["Web", "Fair"]),
            "Segment": random.choice(["S", "M"]),
            "LossReason": random.choice(["Price", "None"]),
            "Industry": f"i{n % 40}",
            "OwnerId": random.choice(["ann", "bob", "eve"]),
        }
    found = stage_effect(deals, "B", as_of_day=LONG_AFTER, attributes=attributes)
    assert found is not None
    assert found.held_equal[:3] == ("owner", "Segment", "Lead_Source__c")
    assert not {"LossReason", "Industry"} & set(found.held_equal)
    assert found.trial.moment == "the first move into 'B' or past it"
    assert found.segment == "Segment"
    assert [one.name for one in found.parts] == ["M", "S"]


def test_where_a_trait_says_who_does_it_no_difference_is_told():
    deals: dict[str, Stops] = {
        f"d{n:03}": [("A", 0.0), ("B" if n % 2 else "C", 5.0), ("Won" if n % 3 else "Lost", 9.0)] for n in range(200)
    }
    attributes = {f"d{n:03}": {"Type": "New" if n % 2 else "Renewal"} for n in range(200)}
    found = stage_effect(deals, "B", as_of_day=LONG_AFTER, attributes=attributes)
    assert found is not None
    assert found.adjusted is None
    assert found.refused == "none of the deals have others like them that decided otherwise"
    assert not found.too_few, "more deals like these would not help"
    assert found.crude.low < found.crude.high


@pytest.mark.parametrize(
    ("won_with", "lost_with", "held"), [(60, 60, "amount as it stands now"), (60, 6, None)], ids=["as often", "if won"]
)
def test_a_last_amount_is_held_equal_unless_it_is_written_when_deals_are_won(won_with, lost_with, held):
    random = np.random.default_rng(2)
    deals: dict[str, Stops] = {}
    attributes: dict[str, dict[str, str]] = {}
    for end, with_amount in (("Won", won_with), ("Lost", lost_with)):
        for n in range(100):
            deals[f"{end}{n}"] = [("A", 0.0), ("B" if n % 2 else "C", 5.0), (end, 9.0)]
            if n < with_amount:
                attributes[f"{end}{n}"] = {"Amount": str(1000 * random.integers(1, 90))}
    found = stage_effect(deals, "B", as_of_day=LONG_AFTER, attributes=attributes)
    assert found is not None
    assert found.held_equal == (() if held is None else (held,))
    assert found.left_out["amount at the moment"].startswith("its changes are not kept")
