"""Every proposal is complete: who pays, how it is tried and by when, what to do on the day, and what it excludes."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache
from typing import get_args

import pytest

from processminer.discovery.discover import discover
from processminer.findings.facts import Facts
from processminer.playbook.edits import Edit
from processminer.revisions.acted_on import paces, stage_of
from processminer.revisions.complete import completed
from processminer.revisions.migration import CUTOVER, migration_of
from processminer.revisions.payers import PAYS
from processminer.revisions.plan import planner_of
from processminer.revisions.revision import Corner, Revision, RevisionKind, Undecided
from processminer.revisions.together import together
from processminer.statistics.interval import Interval
from tests.audits import FILE
from tests.worlds import Stop, log_of

TEXT = """\
name: New business
stages:
  - name: Lead
  - name: Demo
    probability: 40%
    tasks: [{do: Show it, seen_as: [Demo]}]
  - name: Proposal
outcomes: {won: [Won], lost: [Lost]}
"""
KINDS: tuple[RevisionKind, ...] = get_args(RevisionKind)
OPTIONAL = Edit("set", ("stages", "Demo", "optional"), value=True)


def deals() -> dict[str, list[Stop]]:
    """One deal a day for 200 days: every fourth is won, every tenth is still in Demo, every third skips it."""
    told: dict[str, list[Stop]] = {}
    for day in range(200):
        path: list[Stop] = [("Lead", float(day))]
        if day % 3:
            path.append(("Demo", day + 3.0))
        if day % 10:
            path += [("Proposal", day + 8.0), ("Lost" if day % 4 else "Won", day + 20.0)]
        told[f"D{day:03}"] = path
    return told


@cache
def facts() -> Facts:
    from processminer.conformance.conform import conform
    from processminer.estimates.estimate import estimate
    from processminer.findings.facts import facts_of
    from processminer.playbook.read import parse_playbook

    playbook = parse_playbook(TEXT, FILE)
    discovery = discover(log_of(deals(), order=("Lead", "Demo", "Proposal"), as_of_day=230.0))
    conformance = conform(discovery, playbook, TEXT)
    return facts_of(discovery, conformance, estimate(discovery, conformance, playbook), playbook)


def proposal(kind: RevisionKind = "make-stage-optional", **more: object) -> Revision:
    made = Revision("R1", kind, "Demo", "B", (), 200, 0.01, {}, "", "", "", "", (OPTIONAL,), "")
    return replace(made, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_pays_with_something_and_says_what_to_do(kind: RevisionKind) -> None:
    one = proposal(kind, effect={"win_rate": Interval(0.1, 0.0, 0.2)})
    ((found,), _) = completed([one], [], [], facts())
    assert found.pays == PAYS[kind]
    assert set(found.pays) <= set(get_args(Corner))
    assert found.migration
    assert all(step.endswith(".") for step in found.migration)
    assert found.plan is not None
    assert found.population


def test_what_a_kind_says_itself_stays() -> None:
    own = proposal(pays=("time",), migration=("Nothing.",), examples=("D001",), population="all")
    ((found,), _) = completed([own], [], [], facts())
    assert (found.pays, found.migration, found.examples, found.population) == (
        ("time",), ("Nothing.",), ("D001",), "all",
    )  # fmt: skip


def test_a_stage_that_goes_is_taken_out_of_use_and_not_renamed() -> None:
    steps = migration_of(proposal("remove-stage", edits=(Edit("remove", ("stages", "Demo")),)), facts())
    in_demo = sum(1 for path in deals().values() if path[-1][0] == "Demo")
    assert "neither delete nor rename it" in steps[0]
    assert f"{in_demo} open deals are in Demo now" in steps[1]
    assert "probability of 40 %" in " ".join(steps)
    assert steps[-1] == CUTOVER


def test_the_pace_is_counted_as_a_slow_count_counts_it() -> None:
    found = paces(facts())
    in_demo = [path for path in deals().values() if any(stop[0] == "Demo" for stop in path)]
    past = [path for path in deals().values() if len(path) > 1]
    assert found["Demo", False].so_far == len(in_demo)
    assert found["Demo", True].so_far == len(past)
    assert found[None, False].so_far == 200
    assert found[None, False].a_day == pytest.approx(200 / 230, rel=0.01)


def test_a_trial_is_judged_once_its_deals_have_come_and_been_followed() -> None:
    planner = planner_of(facts())
    one = proposal("require-stage", effect={"win_rate": Interval(0.2, 0.0, 0.3)})
    plan = planner.plan(one)
    assert plan is not None
    assert plan.needed_deals is not None
    assert plan.judged_on is not None
    days = (plan.judged_on - facts().discovery.log.as_of.date()).days
    pace = planner.pace["Demo", True].a_day
    assert days == pytest.approx(plan.needed_deals / pace + planner.horizon_days, abs=1.5)
    larger = planner.plan(replace(one, effect={"win_rate": Interval(0.3, 0.0, 0.4)}))
    assert larger is not None
    assert larger.needed_deals is not None
    assert larger.needed_deals < plan.needed_deals


def test_a_trial_of_more_than_a_year_says_what_a_year_would_show() -> None:
    small = proposal("require-stage", effect={"win_rate": Interval(0.03, 0.0, 0.05)}, trial="Try it.")
    ((found,), _) = completed([small], [], [], facts())
    assert found.plan is not None
    assert found.plan.needed_deals is not None
    come = int(planner_of(facts()).pace["Demo", True].a_day * 365)
    assert found.plan.needed_deals > come
    points = 3 * (found.plan.needed_deals / come) ** 0.5
    assert found.trial.startswith(f"Try it. At the present pace a year brings {come} deals")
    assert f"a difference of {points:.1f} points or more" in found.trial
    large = replace(small, effect={"win_rate": Interval(0.3, 0.0, 0.4)})
    ((quick,), _) = completed([large], [], [], facts())
    assert quick.trial == "Try it."


def test_what_only_writes_down_what_is_done_has_no_trial() -> None:
    planner = planner_of(facts())
    assert planner.plan(proposal("add-alias")) is None
    assert planner.plan(proposal("allow-return")) is None
    limit = planner.plan(proposal("set-time-limit"))
    assert limit is not None
    assert limit.measure.startswith("The days in Demo")


def test_what_cannot_be_told_says_when_it_can() -> None:
    unsure = Undecided("drop-task", "Show it", 400, "")
    (_, (found,)) = completed([], [unsure], [], facts())
    assert found.there_on is not None
    assert found.there_on > facts().discovery.log.as_of.date()
    never = Undecided("drop-task", "Show it", 4_000_000, "")
    (_, (late,)) = completed([], [never], [], facts())
    assert late.there_on is None


def test_what_excludes_each_other_says_so_on_both() -> None:
    two = [proposal(), proposal(id="R2", edits=(Edit("remove", ("stages", "Demo")),))]
    ((one, other), _) = completed(two, [], [], facts())
    assert (one.conflicts, other.conflicts) == (("R2",), ("R1",))


def test_a_change_acts_where_its_edit_or_its_subject_is() -> None:
    assert stage_of(proposal(), facts()) == "Demo"
    assert (
        stage_of(
            proposal("add-stage", subject="Legal", edits=(Edit("add", ("stages",), {"name": "Legal"}, "Lead"),)),
            facts(),
        )
        == "Lead"
    )
    assert stage_of(Undecided("drop-task", "Show it", 1, ""), facts()) == "Demo"
    assert stage_of(Undecided("allow-skip", "Lead -> Proposal", 1, ""), facts()) == "Lead"
    assert stage_of(Undecided("split-by-segment", "Segment", 1, ""), facts()) is None


def wins(low: float, middle: float, high: float, number: int, stage: str) -> Revision:
    edit = Edit("set", ("stages", stage, "time_limit"), value=f"{number} days")
    return proposal(
        "set-time-limit",
        id=f"R{number}",
        subject=stage,
        edits=(edit,),
        effect={"win_rate": Interval(middle, low, high)},
    )


def test_a_single_promise_is_told_of_all_new_deals() -> None:
    one = wins(0.0, 0.04, 0.08, 1, "Demo")
    found = together([one], facts())
    assert found.effect["win_rate"].estimate == pytest.approx(0.04)
    half = together([replace(one, n=100)], facts())
    assert half.effect["win_rate"].estimate == pytest.approx(0.02)
    assert (found.revisions, found.why) == (("R1",), "")


def test_promises_at_different_stages_multiply_what_is_won() -> None:
    both = [wins(0.0, 0.04, 0.08, 1, "Demo"), wins(-0.02, 0.02, 0.06, 2, "Proposal")]
    found = together(both, facts()).effect["win_rate"]
    win = facts().estimates.win_rate.within
    assert win is not None
    base = win.estimate
    assert found.estimate == pytest.approx(base * ((1 + 0.04 / base) * (1 + 0.02 / base) - 1))
    ups = [math.log((1 + high / base) / (1 + each / base)) for high, each in ((0.08, 0.04), (0.06, 0.02))]
    joint = (1 + 0.04 / base) * (1 + 0.02 / base) * math.exp(math.sqrt(ups[0] ** 2 + ups[1] ** 2))
    assert found.high == pytest.approx(base * (joint - 1)), "both do not turn out better than thought at once"
    assert found.low == pytest.approx(-0.02)
    assert "not the sum" in together(both, facts()).why


def test_promises_at_one_stage_may_be_the_same_wins() -> None:
    task = proposal(
        "require-task",
        id="R2",
        subject="Show it",
        edits=(Edit("set", ("stages", "Demo", "tasks", "Show it", "times"), value=2),),
        effect={"win_rate": Interval(0.05, 0.01, 0.09)},
    )
    found = together([wins(0.0, 0.04, 0.08, 1, "Demo"), task], facts()).effect["win_rate"]
    assert found.estimate == pytest.approx(0.05)
    assert found.low == 0.0
    assert found.high > 0.09


def test_a_set_promises_at_most_twice_the_odds_of_now_and_says_so() -> None:
    many = [wins(0.0, 0.05, 0.06, number, stage) for number, stage in ((1, "Lead"), (2, "Demo"), (3, "Proposal"))]
    win = facts().estimates.win_rate.within
    assert win is not None
    base = win.estimate
    found = together(many, facts())
    share = base + found.effect["win_rate"].estimate
    assert share / (1 - share) == pytest.approx(2 * base / (1 - base))
    assert found.effect["win_rate"].high == pytest.approx(found.effect["win_rate"].estimate)
    assert "most changes that are tried bring less" in found.why
    assert "most changes" not in together(many[:2], facts()).why, "so much can be hoped for"


def test_a_set_may_promise_as_much_as_its_largest_part() -> None:
    alone, small = wins(0.0, 0.3, 0.4, 1, "Demo"), wins(0.0, 0.02, 0.03, 2, "Proposal")
    found = together([alone, small], facts()).effect["win_rate"]
    assert found.high == pytest.approx(together([alone], facts()).effect["win_rate"].high)


def test_no_set_wins_more_than_all_deals() -> None:
    many = [wins(0.0, 0.7, 0.8, number, stage) for number, stage in ((1, "Lead"), (2, "Demo"), (3, "Proposal"))]
    win = facts().estimates.win_rate.within
    assert win is not None
    assert together(many, facts()).effect["win_rate"].high == pytest.approx(1 - win.estimate)


def test_of_changes_that_exclude_each_other_the_first_is_told() -> None:
    one, other = wins(0.0, 0.04, 0.08, 1, "Demo"), wins(0.0, 0.3, 0.4, 2, "Demo")
    found = together([one, other], facts())
    assert (found.revisions, found.conflicts) == (("R1",), (("R1", "R2"),))
    assert found.effect["win_rate"].estimate == pytest.approx(0.04)


def test_without_promises_nothing_is_promised() -> None:
    found = together([proposal()], facts())
    assert (found.revisions, dict(found.effect), found.why) == (("R1",), {}, "")
