"""The playbook's graph says what walking every way by hand says; targets and the four questions likewise."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processminer.engines.yaml_text import dump
from processminer.playbook.graph import must_pass, stages_before, unreachable
from processminer.playbook.lint.four_questions import four_questions
from processminer.playbook.lint.lint import lint
from processminer.playbook.model import Playbook
from processminer.playbook.moves import allowed_moves
from processminer.playbook.read import parse_playbook
from processminer.playbook.targets import OF_DAYS, Target, read_target

NAMES = "ABCDE"


@st.composite
def branching(draw: Any) -> str:
    """Playbooks whose stages say what follows, what may be left out and where deals may begin."""
    names = NAMES[: draw(st.integers(1, 5))]
    stages = []
    for at, name in enumerate(names):
        stage: dict[str, Any] = {"name": name}
        ahead, behind = [*names[at + 1 :], "Closed Won"], [*names[:at]]
        for key, values in (
            ("next", st.lists(st.sampled_from(ahead), min_size=1, max_size=2, unique=True)),
            ("may_skip_to", st.lists(st.sampled_from(ahead), min_size=1, max_size=1)),
            ("may_return_to", st.lists(st.sampled_from(behind or [name]), min_size=1, max_size=1)),
            ("optional", st.just(value=True)),
            ("may_start", st.just(value=True)),
        ):
            if draw(st.integers(0, 2)) == 0 and (behind or key != "may_return_to"):
                stage[key] = draw(values)
        stages.append(stage)
    return f"name: x\nstages: {dump(stages)}\n"


def ways(text: str) -> tuple[list[tuple[str, ...]], set[str]]:
    """Return every way to won that meets no stage twice, and every stage that any way meets."""
    moves = allowed_moves(parse_playbook(text))
    ahead = [(start,) for start in sorted(moves.starts)]
    won: list[tuple[str, ...]] = []
    met: set[str] = set()
    while ahead:
        way = ahead.pop()
        met |= set(way)
        if way[-1] in moves.wins:
            won.append(way)
        ahead += [(*way, other) for one, other in moves.between if one == way[-1] and other not in way]
    return won, met


@settings(deadline=None, max_examples=150)
@given(branching())
def test_what_every_way_passes_and_none_reaches_is_what_walking_them_says(text: str) -> None:
    playbook = parse_playbook(text)
    won, met = ways(text)
    assert unreachable(playbook) == tuple(name for name in playbook.names if name not in met)
    assert must_pass(playbook) == set.intersection(*map(set, won))
    lines = {(one.rule, one.line) for one in lint(playbook, text, "x")}
    assert ("unreachable-stage" in {rule for rule, _ in lines}) == (met != set(playbook.names))
    forced = [stage for stage in playbook.stages if stage.optional and all(stage.name in way for way in won)]
    assert ("never-optional" in {rule for rule, _ in lines}) == bool(forced)


@settings(deadline=None, max_examples=150)
@given(branching())
def test_every_stage_of_a_playbook_that_reads_has_a_way_to_won(text: str) -> None:
    playbook = parse_playbook(text)
    moves = allowed_moves(playbook)
    leading = set(moves.wins)
    while more := {one for one, other in moves.between if other in leading} - leading:
        leading |= more
    assert leading == set(playbook.names)


@settings(deadline=None, max_examples=150)
@given(branching())
def test_a_required_stage_is_told_as_bypassed_where_a_way_from_the_beginning_leaves_it_out(text: str) -> None:
    playbook = parse_playbook(text.replace("may_start: true", "max_visits: 3"))
    written = text.replace("may_start: true", "max_visits: 3")
    won, met = ways(written)
    left_out = {
        stage.name
        for stage in playbook.stages
        if not stage.optional and stage.name in met and not all(stage.name in way for way in won)
    }
    told = [one.message for one in lint(playbook, written, "x") if one.rule == "bypassed-stage"]
    named = {name for message in told for name in NAMES if name in message.partition("required: ")[2]}
    assert left_out - jumped(playbook) <= named


def jumped(playbook: Playbook) -> set[str]:
    """Return the required stages that a jump passes together with others: no `optional` could say the same."""
    names = playbook.names
    jumps = [
        [one.name for one in playbook.stages[at + 1 : names.index(target)] if not one.optional]
        for at, stage in enumerate(playbook.stages)
        for target in stage.may_skip_to
        if target in names
    ]
    return {name for passed in jumps if len(passed) > 1 for name in passed}


def test_a_jump_past_several_required_stages_is_no_contradiction_and_past_one_it_is() -> None:
    text = "name: x\nstages: [{name: A, may_skip_to: D}, {name: B}, {name: C}, {name: D}]\n"
    wide = [one.rule for one in lint(parse_playbook(text), text, "x")]
    narrow = text.replace("may_skip_to: D", "may_skip_to: C")
    to_won = text.replace("may_skip_to: D", "may_skip_to: Closed Won")
    assert "bypassed-stage" not in wide
    for told in (narrow, to_won):
        assert "bypassed-stage" in [one.rule for one in lint(parse_playbook(told), told, "x")]


@settings(deadline=None, max_examples=80)
@given(branching())
def test_what_may_lie_before_a_stage_is_what_moves_onward_lead_from(text: str) -> None:
    playbook = parse_playbook(text)
    onward = {(one, other) for one, other in allowed_moves(playbook).between if one < other}
    before = {name: {one for one, other in onward if other == name} for name in playbook.names}
    for name in playbook.names:
        before[name] |= {one for nearer in before[name] for one in before[nearer]}
    assert {name: set(found) for name, found in stages_before(playbook).items()} == before


@pytest.mark.parametrize(
    ("text", "measure", "target"),
    [
        ("at least 25%", "win rate", Target(0.25, at_least=True)),
        ("25%", "win rate", Target(0.25, at_least=True)),
        ("0.4", "conversion", Target(0.4, at_least=True)),
        (">= 90 %", "fitness", Target(0.9, at_least=True)),
        ("10%", "no decision", Target(0.1, at_least=False)),
        ("under 5%", "deals over limit", Target(0.05, at_least=False)),
        ("60", "won lead time", Target(60, at_least=False)),
        ("at most 8 weeks", "won lead time", Target(56, at_least=False)),
        ("At  Most 36 hours", "time in stage", Target(1.5, at_least=False)),
        ("no more than 3 days", "time in stage", Target(3, at_least=False)),
        ("≤ 3 days", "time in stage", Target(3, at_least=False)),
        ("at least 2 days", "time in stage", Target(2, at_least=True)),
    ],
)
def test_a_target_is_read_against_its_measure(text: str, measure: Any, target: Target) -> None:
    assert read_target(text, measure) == target
    assert target.met_by(target.value)
    assert target.met_by(target.value + 0.01) is target.at_least
    assert target.met_by(target.value - 0.01) is not target.at_least


@pytest.mark.parametrize(
    ("text", "measure"),
    [
        ("soon", "win rate"), ("60 days", "win rate"), ("130%", "conversion"), ("25%", "won lead time"),
        ("at least", "won lead time"), ("", "win rate"), ("8 of 10", "fitness"), ("at least 0 days", "time in stage"),
        ("nan", "won lead time"), ("more or less 3 days", "time in stage"),
    ],
)  # fmt: skip
def test_what_is_no_target_of_its_measure_is_refused_with_one_that_is(text: str, measure: Any) -> None:
    with pytest.raises(ValueError, match="write for example") as refused:
        read_target(text, measure)
    example = str(refused.value).rpartition("example ")[2].strip("'")
    assert read_target(example, measure).value == (60 if measure in OF_DAYS else 0.25)


HALF = """\
name: x
owner: Ops
roles: [{name: Ops, people: [Kim]}, {name: SDR}, {name: AE}]
stages:
  - name: A
    owner: SDR
    probability: 10%
    time_limit: 3 days
    tasks:
      - {do: Call, by: SDR, how: h, material: m, seen_as: Call}
      - {do: Mail, by: Kim, how: ' ', material: m, optional: true}
  - name: B
    owner: AE
    time_limit: 3 days
    tasks: [{do: Show, how: h}]
    exit_criteria:
      - {name: Fit, field: fit__c}
      - {name: Liked}
      - {name: Nice, optional: true}
service:
  - {name: Delivery, begins_at: Closed Won, owner: Ops, tasks: [{do: Ship, by: Opps, how: h, material: m}]}
handovers: [{entering: B, from: sdr, to: AE}]
metrics:
  - {name: Wins, measure: win rate, target: at least 20%}
  - {name: Pace, measure: time in stage, target: 3 days}
  - {name: Joy, target: 8 of 10}
  - {name: Calm, target: 8 of 10, owner: AE}
  - {name: Hope, owner: AE}
"""


def test_each_question_names_exactly_what_is_missing() -> None:
    found = {
        answer.question: {gap.what: (len(gap.places), gap.of, gap.places) for gap in answer.gaps}
        for answer in four_questions(parse_playbook(HALF))
    }
    assert found == {
        "teachable": {"tasks without 'how'": (1, 4, ("Mail",)), "tasks without 'material'": (1, 4, ("Show",))},
        "scalable": {
            "tasks that nobody has to do": (1, 4, ("Show",)),
            "owners who are people": (1, 5, ("Kim",)),
            "owners who are none of the roles": (1, 5, ("Opps",)),
            "changes of hands that no handover declares": (1, 2, ("B to Closed Won",)),
        },
        "measurable": {
            "required tasks that no activity shows": (1, 2, ("Show",)),
            "required criteria that no log can show": (1, 2, ("Liked",)),
            "metrics without a target that can be met or missed": (1, 5, ("Hope",)),
            "metrics that neither the audit nor an owner counts": (2, 5, ("Pace", "Joy")),
        },
        "predictable": {"stages without a probability": (1, 2, ("B",))},
    }


def test_a_question_is_answered_with_yes_only_where_there_is_something_to_answer() -> None:
    bare = {answer.question: answer for answer in four_questions(parse_playbook("name: x\nstages: [{name: A}]\n"))}
    assert not any(answer.yes for answer in bare.values())
    assert [gap.what for gap in bare["teachable"].gaps] == ["stages without a task"]
    assert [(gap.what, gap.places) for gap in bare["measurable"].gaps] == [("no metric is named", ())]
