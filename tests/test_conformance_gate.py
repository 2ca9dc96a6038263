"""The gate can fail, and says so where what is asked of it could never fail."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest

from processminer.conformance.conform import conform
from processminer.conformance.gate import DEMANDED, gate
from processminer.discovery.discover import discover
from processminer.errors import InputError
from processminer.playbook.parts.stages import Criterion, Stage, Task
from processminer.playbook.parts.upkeep import DeviationKind
from processminer.revisions.revision import RevisionKind
from tests.conformance_stories import playbook_of
from tests.worlds import log_of

PLAYBOOK = playbook_of(
    Stage(name="Lead", tasks=(Task(do="Call the buyer", seen_as=("Call",)),)),
    Stage(name="Demo", exit_criteria=(Criterion(name="Budget", field="Budget"),)),
)
FOUND = conform(
    discover(log_of({"x": ["Lead", "Won"], "y": ["Lead", "Demo", "Won"], "z": ["Legal", "Lead", "Demo", "Won"]})),
    PLAYBOOK,
)


@pytest.mark.parametrize(
    ("said", "hint"),
    [
        ("skipped:Demoo", "Did you mean 'Demo'?"),
        ("returned:Demo -> Leed", "Did you mean 'Demo -> Lead'?"),
        ("task-missing:Call the byer", "Did you mean 'Call the buyer'?"),
        ("criterion-missing:Demo", "There are: Budget."),
        ("undeclared:Demo", "There are: Legal."),
    ],
)
def test_a_subject_that_can_never_be_broken_is_refused_with_the_nearest(said: str, hint: str) -> None:
    with pytest.raises(InputError) as caught:
        gate(FOUND, PLAYBOOK, None, (said,))
    assert caught.value.hint == hint


@pytest.mark.parametrize(
    "said",
    ["skipped:Lead", "returned:Demo -> Lead", "task-missing:Call the buyer", "criterion-missing:Budget", "over-time"],
)
def test_a_subject_that_the_playbook_knows_passes_while_no_deal_breaks_it(said: str) -> None:
    assert gate(FOUND, PLAYBOOK, 0, (said,)) == ()


def test_what_deals_broke_fails_the_gate() -> None:
    missed = gate(FOUND, PLAYBOOK, 1, ("skipped:Demo", "undeclared:Legal"))
    assert tuple(one.message for one in missed) == (
        f"Fitness is {FOUND.fitness:.3f}, below the 1 asked for.",
        "skipped Demo: 1 of 3 (33 %) deals.",
        "undeclared Legal: 1 of 3 (33 %) deals.",
    )


@pytest.mark.parametrize("said", ["forbid-skip:Demo", "broken:forbid-skip", "broken:skipped:Demo", "require-stage"])
def test_a_deviation_answers_to_the_name_of_the_revision_that_would_forbid_it(said: str) -> None:
    assert gate(FOUND, PLAYBOOK, None, (said,)) == gate(FOUND, PLAYBOOK, None, ("skipped",))


def test_every_revision_that_a_gate_takes_is_one_that_is_proposed() -> None:
    assert set(DEMANDED) <= set(get_args(RevisionKind))
    assert set(DEMANDED.values()) <= set(get_args(DeviationKind))


@pytest.mark.parametrize("fitness", [float("nan"), -0.1, 1.1])
def test_a_fitness_that_cannot_be_reached_or_missed_is_refused(fitness: float) -> None:
    with pytest.raises(InputError, match="cannot be asked for"):
        gate(FOUND, PLAYBOOK, fitness, ())


def test_a_gate_on_no_deals_is_not_met() -> None:
    nobody = replace(FOUND, fitness=1.0, deals_conforming=0, deals_violating=0, deals_pending=0, deviations=())
    assert [one.message for one in gate(nobody, PLAYBOOK, 0.5, ())] == ["No deal could be judged."]
    assert [one.message for one in gate(nobody, PLAYBOOK, None, ("skipped",))] == ["No deal could be judged."]
    assert gate(nobody, PLAYBOOK, None, ()) == ()
