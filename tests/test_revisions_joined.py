"""Stages that become parts of others, and stages that are nothing but a click."""

from __future__ import annotations

import random
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processminer.playbook.lint.lint import lint
from processminer.playbook.moves import allowed_moves
from processminer.playbook.patch import apply
from processminer.playbook.read import parse_playbook
from processminer.revisions.joined import joined
from tests.audits import audit
from tests.playbook_texts import playbook_texts

if TYPE_CHECKING:
    from tests.worlds import Stop


@settings(max_examples=60, deadline=None)
@given(playbook_texts(), st.data())
def test_any_two_stages_beside_each_other_can_be_joined_and_nothing_speaks_of_the_gone_one(
    written: tuple[dict[str, Any], str], data: st.DataObject
) -> None:
    playbook = parse_playbook(written[1], "x.yaml")
    if len(playbook.stages) < 2:
        return
    pair = list(data.draw(st.sampled_from(list(pairwise(playbook.stages)))))
    if any(one.next for one in playbook.stages):
        return
    gone, kept = pair if data.draw(st.booleans()) else pair[::-1]
    after = parse_playbook(apply(written[1], joined(gone, kept, playbook)), "x.yaml")
    assert after.names == tuple(name for name in playbook.names if name != gone.name)
    whole = after.stage(kept.name)
    assert whole is not None
    assert {gone.name, *gone.aliases, *kept.aliases} <= {*whole.aliases}
    assert {task.do for task in (*gone.tasks, *kept.tasks)} == {task.do for task in whole.tasks}
    # What led on or back from either still does, with the one in place of the other.
    before = {
        (source, target)
        for source, target in allowed_moves(playbook).between
        if playbook.names.index(source) > playbook.names.index(target)
    }
    told = {tuple(kept.name if one == gone.name else one for one in move) for move in before}
    assert {(source, target) for source, target in told if source != target} <= allowed_moves(after).between


REFERRED = """\
name: Referred
roles: [{name: SDR}, {name: AE}]
stages:
  - {name: Lead, owner: SDR, may_skip_to: [Demo]}
  - {name: Qualified, owner: SDR, aliases: [Scoping], may_return_to: [Lead], time_limit: 2 days}
  - {name: Ready, owner: SDR, may_start: true}
  - name: Demo
    owner: AE
    may_return_to: [Ready, Lead]
  - name: Proposal
    owner: AE
outcomes: {won: [Won], lost: [Lost]}
handovers: [{entering: Ready, from: SDR, to: AE, within: 1 day}]
metrics: [{name: Ready on, measure: conversion, stage: Ready}]
service: [{name: Delivery, begins_at: Won, opens: Ready}]
accepted: [{deviation: skipped, subject: Ready, because: A pilot.}]
"""


def test_whatever_spoke_of_the_stage_speaks_of_the_one_it_became_a_part_of() -> None:
    playbook = parse_playbook(REFERRED, "x.yaml")
    ready, qualified = playbook.stage("Ready"), playbook.stage("Qualified")
    assert ready is not None
    assert qualified is not None
    text = apply(REFERRED, joined(ready, qualified, playbook))
    after = parse_playbook(text, "x.yaml")
    assert after.stages[1].aliases == ("Scoping", "Ready")
    assert (after.stages[1].may_start, after.stages[2].may_return_to) == (True, ("Qualified", "Lead"))
    assert after.handovers[0].entering == "Qualified"
    assert (after.metrics[0].stage, after.service[0].opens, after.accepted) == ("Qualified", "Qualified", ())
    # The jump past both is one past what is left of them: such a pair is not proposed to be joined.
    kinds = {"bypassed-stage"} | {remark.rule for remark in lint(playbook, REFERRED, "x.yaml")}
    assert {remark.rule for remark in lint(after, text, "x.yaml")} <= kinds


FUNNEL = """\
name: Funnel
stages: [{name: Lead}, {name: Meeting}, {name: Ticked}, {name: Proposal}]
outcomes: {won: [Won], lost: [Lost]}
"""


def funnel(seed: int, hours: float, lost: float = 0.0, deals: int = 700) -> dict[str, list[Stop]]:
    """Deals that spend weeks in each stage but `Ticked`, in which they spend `hours` on average and some are lost."""
    chance = random.Random(seed)
    told: dict[str, list[Stop]] = {}
    for number in range(deals):
        day = chance.uniform(0, 300)
        path: list[tuple[str, float]] = []
        for stage, mean, dies in (
            ("Lead", 6, 0.2), ("Meeting", 9, 0.15), ("Ticked", hours / 24, lost), ("Proposal", 12, 0.5),
        ):  # fmt: skip
            path.append((stage, day))
            day += chance.expovariate(1 / mean)
            if chance.random() < dies:
                path.append(("Lost", day))
                break
        else:
            path.append(("Won", day))
        told[f"d{number:04}"] = [stop for stop in path if stop[1] < 330]
    return told


@pytest.mark.parametrize("seed", range(5))
def test_a_stage_of_minutes_is_joined_and_the_revised_playbook_has_nothing_left_to_join(seed: int) -> None:
    deals = funnel(seed, 0.7)
    told = audit(FUNNEL, deals, as_of_day=330)
    assert ("merge-stages", "Ticked") in [(one.kind, one.subject) for one in told.revisions]
    after = audit(told.revised, deals, as_of_day=330)
    assert "stage-clicked-through" not in {one.rule for one in after.findings}
    assert "merge-stages" not in {one.kind for one in after.revisions}


@pytest.mark.parametrize(("hours", "lost"), [(24 * 5.0, 0.0), (30.0, 0.0), (0.7, 0.06)])
@pytest.mark.parametrize("seed", range(3))
def test_a_stage_that_takes_a_day_or_in_which_deals_die_is_left_alone(seed: int, hours: float, lost: float) -> None:
    told = audit(FUNNEL, funnel(seed, hours, lost), as_of_day=330)
    assert "merge-stages" not in {one.kind for one in told.revisions}


def test_stages_that_one_jump_passes_together_are_not_joined() -> None:
    jumped = FUNNEL.replace("{name: Lead}", "{name: Lead, may_skip_to: Proposal}")
    told = audit(jumped, funnel(0, 0.7), as_of_day=330)
    assert "stage-clicked-through" in {one.rule for one in told.findings}
    assert "merge-stages" not in {one.kind for one in told.revisions}


def test_two_stages_of_minutes_are_joined_once() -> None:
    text = FUNNEL.replace("{name: Ticked}", "{name: Ticked}, {name: Stamped}")
    deals = {
        deal: [step for one in path for step in ([one, ("Stamped", one[1] + 0.01)] if one[0] == "Ticked" else [one])]
        for deal, path in funnel(1, 1.2).items()
    }
    told = audit(text, deals, as_of_day=330)
    assert [one.subject for one in told.revisions if one.kind == "merge-stages"] == ["Ticked"]
