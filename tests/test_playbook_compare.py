"""What changed between two playbooks: nothing untold, nothing told twice, each as a sentence."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter, ValidationError

from processminer.playbook.compare.compare import compare
from processminer.playbook.compare.matching import match_stages, out_of_order
from processminer.playbook.edits import Edit
from processminer.playbook.model import Playbook
from processminer.playbook.moves import allowed_moves
from processminer.playbook.parts.stages import Stage
from processminer.playbook.patch import apply
from processminer.playbook.read import parse_playbook
from tests.playbook_texts import plain_playbooks, playbook_texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FULL = """
name: Full
version: 1.0.0
roles: [{name: AE}]
stages:
  - name: Lead
  - name: Demo
    aliases: [Show]
    time_limit: 14 days
    tasks: [{do: Call, how: Ask, seen_as: [Call]}]
    entry_criteria: [{name: Fit, field: Fit__c}]
    exit_criteria: [{name: BANT, uses: BANT, of: {Budget: B__c}}]
  - name: Proposal
handovers: [{entering: Demo, from: SDR, to: AE}]
service: [{name: Delivery, tasks: [{do: Install}]}]
metrics: [{name: Win rate}]
materials: [{name: script.md}]
accepted: [{deviation: skipped, subject: Demo, because: law, where: {Region: [EU]}}]
changes: [{version: 1.0.0, why: the first one}]
"""


CANDIDATES = (
    "anew",
    ("anew",),
    {"anew": ("x",)},
    {"anew": "x"},
    date(2026, 1, 2),
    *(True, False, 7, 0.5, "BANT", "MEDDIC", "win rate", "returned"),
    (),
    ({"do": "anew"},),
    ({"name": "anew"},),
)


Place = tuple[tuple[str, int | None], ...]


def parts(model: BaseModel, place: Place = ()) -> Iterator[tuple[Place, BaseModel]]:
    """Every part of a playbook, with the keys and places that lead there."""
    yield place, model
    for key in type(model).model_fields:
        held = getattr(model, key)
        if isinstance(held, BaseModel):
            yield from parts(held, (*place, (key, None)))
        elif isinstance(held, tuple):
            for at, one in enumerate(held):
                if isinstance(one, BaseModel):
                    yield from parts(one, (*place, (key, at)))


def with_part(model: BaseModel, place: Place, change: Callable[[BaseModel], BaseModel]) -> Any:
    if not place:
        return change(model)
    (key, at), *deeper = place
    held = getattr(model, key)
    if at is None:
        return model.model_copy(update={key: with_part(held, tuple(deeper), change)})
    inner = with_part(held[at], tuple(deeper), change)
    return model.model_copy(update={key: (*held[:at], inner, *held[at + 1 :])})


def another_value(part: BaseModel, key: str) -> Any:
    """A value that the key may have and does not have."""
    field = type(part).model_fields[key]
    said: Any = Annotated[(field.annotation, *field.metadata)] if field.metadata else field.annotation
    adapter: TypeAdapter[Any] = TypeAdapter(said)
    for candidate in CANDIDATES:
        try:
            value = adapter.validate_python(candidate)
        except ValidationError:
            continue
        if value != getattr(part, key):
            return value
    message = f"no value is known for {type(part).__name__}.{key}"
    raise AssertionError(message)


def every_key() -> list[Any]:
    return [
        pytest.param(place, key, id=".".join([*(step for step, _ in place), key]))
        for place, part in parts(parse_playbook(FULL))
        for key in type(part).model_fields
        if key != "stages" and not isinstance(getattr(part, key), BaseModel)  # their own keys are walked
    ]


@pytest.mark.parametrize(("place", "key"), every_key())
def test_a_change_of_any_key_of_the_model_is_told_in_words(place: Place, key: str) -> None:
    old = parse_playbook(FULL)
    new = with_part(old, place, lambda part: part.model_copy(update={key: another_value(part, key)}))
    changes = compare(old, new).changes
    assert changes
    for change in changes:
        assert not re.search(r"[a-z]_[a-z]", change.sentence.replace("Fit__c", "")), change.sentence
        assert " of its " not in change.sentence, f"{key} has no words of its own"
        assert not change.sentence.endswith(".")
    mirrored = compare(new, old).changes
    assert Counter(change.part for change in changes) == Counter(change.part for change in mirrored)


@settings(max_examples=30)
@given(plain_playbooks())
def test_a_playbook_does_not_differ_from_itself(book: dict[str, Any]) -> None:
    playbook = Playbook.model_validate(book)
    found = compare(playbook, Playbook.model_validate(book))
    assert found.changes == ()
    assert all(move.before and move.after for move in found.moves)
    assert not any(one.moved or one.renamed or one.kin for one in found.stages)


MIRROR = {"added": "removed", "removed": "added", "merged": "split", "split": "merged"}


@given(plain_playbooks(), plain_playbooks())
def test_playbooks_differ_exactly_where_their_models_do_and_as_often_the_other_way_round(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    old, new = Playbook.model_validate(one), Playbook.model_validate(other)
    there, back = compare(old, new).changes, compare(new, old).changes
    assert bool(there) == (old != new)
    counted = Counter((change.kind, change.part, change.key) for change in there)
    mirrored = Counter((MIRROR.get(change.kind, change.kind), change.part, change.key) for change in back)
    assert counted == mirrored


@settings(max_examples=50)
@given(plain_playbooks(), plain_playbooks())
def test_every_stage_of_both_stands_on_the_line_once_and_every_move_of_both_is_kept(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    old, new = Playbook.model_validate(one), Playbook.model_validate(other)
    found = compare(old, new)
    assert [stage.after.name for stage in found.stages if stage.after] == list(new.names)
    assert sorted(stage.before.name for stage in found.stages if stage.before) == sorted(old.names)
    assert len({stage.name for stage in found.stages}) == len(found.stages)
    for playbook, is_new in ((old, False), (new, True)):
        moves = allowed_moves(playbook)
        told = [move for move in found.moves if (move.after if is_new else move.before)]
        assert len(told) == len(moves.starts) + len(moves.wins) + len(moves.between)


EDITS: dict[str, tuple[Any, ...]] = {
    "goal": ("Another goal", "Ask why"),
    "time_limit": ("3 days", "40 days", "2 weeks"),
    "optional": (True, False),
    "owner": ("SDR", "AE"),
    "probability": ("20%", "0.3"),
    "max_visits": (1, 4),
    "may_start": (True, False),
    "skip_cost": (1, 3),
}


@settings(max_examples=50, deadline=None)
@given(playbook_texts(), st.data())
def test_edits_of_a_text_are_told_one_by_one_with_their_lines(written: tuple[dict[str, Any], str], data: Any) -> None:
    book, text = written
    places = [(stage["name"], key) for stage in book["stages"] for key in EDITS]
    chosen = data.draw(st.lists(st.sampled_from(places), unique=True, max_size=4))
    edits = [Edit("set", ("stages", stage, key), data.draw(st.sampled_from(EDITS[key]))) for stage, key in chosen]
    edited = apply(text, edits)
    old, new = parse_playbook(text), parse_playbook(edited)
    meant = {(stage, key) for stage, key in chosen if getattr(old.stage(stage), key) != getattr(new.stage(stage), key)}
    changes = compare(old, new, text, edited).changes
    assert [(change.stage, change.key) for change in changes] == sorted(
        meant, key=lambda one: (new.names.index(one[0]), list(Stage.model_fields).index(one[1]))
    )
    for change in changes:
        assert change.kind == "changed"
        assert change.new is not None
        assert change.new.path == ("stages", change.stage, change.key)
        assert change.new.line is not None
        assert str(change.key) in edited.splitlines()[change.new.line - 1]


@settings(max_examples=50, deadline=None)
@given(playbook_texts(), st.data())
def test_parts_put_in_and_taken_out_of_a_text_are_told_and_nothing_else(
    written: tuple[dict[str, Any], str], data: Any
) -> None:
    book, text = written
    stages = [stage["name"] for stage in book["stages"]]
    chosen = data.draw(st.sampled_from(stages))
    tasks = [task["do"] for stage in book["stages"] if stage["name"] == chosen for task in stage.get("tasks", ())]
    after = data.draw(st.sampled_from([*stages, ""]))
    edits = {
        "a stage": (Edit("add", ("stages",), {"name": "Anew", "optional": True}, after), ("added", "stage", "Anew")),
        "a task": (
            Edit("add", ("stages", chosen, "tasks"), {"do": "Something else"}),
            ("added", "task", "Something else"),
        ),
        "a criterion": (
            Edit("add", ("stages", chosen, "exit_criteria"), {"name": "Signed"}),
            ("added", "exit criterion", "Signed"),
        ),
        "a metric": (Edit("add", ("metrics",), {"name": "Win rate"}), ("added", "metric", "Win rate")),
    }
    if tasks:
        gone = data.draw(st.sampled_from(tasks))
        edits["no task"] = (Edit("remove", ("stages", chosen, "tasks", gone)), ("removed", "task", gone))
    kinds = data.draw(st.lists(st.sampled_from(sorted(edits)), unique=True, min_size=1))
    edited = apply(text, [edits[kind][0] for kind in kinds])
    there = compare(parse_playbook(text), parse_playbook(edited), text, edited).changes
    assert sorted((change.kind, change.part, change.name) for change in there) == sorted(
        edits[kind][1] for kind in kinds
    )
    back = compare(parse_playbook(edited), parse_playbook(text)).changes
    assert len(back) == len(there)


def book_of(*stages: Stage | str) -> Playbook:
    return Playbook(name="t", stages=tuple(Stage(name=one) if isinstance(one, str) else one for one in stages))


def sentences(old: Playbook, new: Playbook) -> list[str]:
    return [change.sentence for change in compare(old, new).changes]


def test_a_new_name_is_a_rename_only_where_the_old_one_became_an_alias() -> None:
    old = book_of("Lead", "Demo", "Offer")
    assert sentences(old, book_of("Lead", Stage(name="Show", aliases=("Demo",)), "Offer")) == [
        "Demo is now called Show",
        "Show now also goes by 'Demo' in the log",
    ]
    assert sentences(old, book_of("Lead", "Show", "Offer")) == [
        "Demo was removed",
        "Show is a required new stage after Lead",
    ]
    assert sentences(old, book_of("Lead", "DEMO ", "Offer")) == ["Demo is now called DEMO "]


def test_stages_become_one_or_several_where_aliases_say_so() -> None:
    two = book_of("Lead", "Demo", "Offer")
    one = book_of(Stage(name="Lead", aliases=("Demo",)), "Offer")
    assert sentences(two, one)[1:] == ["Demo was merged into Lead"]
    assert sentences(one, two)[1:] == ["Demo was split off from Lead"]


def test_references_to_a_renamed_stage_are_no_changes_of_their_own() -> None:
    old = book_of("Lead", Stage(name="Offer", may_return_to=("Lead",)))
    new = book_of(Stage(name="Prospect", aliases=("Lead",)), Stage(name="Offer", may_return_to=("Prospect",)))
    assert {change.stage for change in compare(old, new).changes} == {"Prospect"}
    assert compare(old, new).renamed == {"Lead": "Prospect"}


def test_a_stage_that_moved_says_between_which_it_stood_and_that_the_order_decides() -> None:
    (said,) = sentences(book_of("A", "B", "C", "D"), book_of("D", "A", "B", "C"))
    assert said == "D now comes at the beginning (was after C); the order of the stages decides which moves are allowed"


def test_a_stage_that_moves_with_the_one_before_it_says_so() -> None:
    told = sentences(book_of("A", "B", "C", "D", "E"), book_of("C", "D", "E", "A", "B"))
    assert [said.partition(";")[0] for said in told] == [
        "A now comes after E (was at the beginning)",
        "B moved along with A, which it still follows",
    ]


def test_a_stage_that_is_taken_out_moves_no_other() -> None:
    assert sentences(book_of("A", "B", "C"), book_of("A", "C")) == ["B was removed"]


def test_a_move_counts_as_newly_allowed_or_not_only_between_stages_that_both_have() -> None:
    old = book_of("A", Stage(name="B", may_return_to=("A",)), "Old", "C")
    new = book_of(Stage(name="A", may_skip_to=("C",)), Stage(name="B", optional=True), "New", "C")
    found = compare(old, new)
    told = [[(move.source, move.target) for move in moves] for moves in (found.newly_allowed, found.no_longer_allowed)]
    assert told == [[("A", "C")], [("B", "A")]]


@given(st.permutations(range(7)))
def test_the_fewest_items_count_as_moved(order: list[int]) -> None:
    pairs = tuple(enumerate(order))
    moved = out_of_order(pairs)
    stay = [other for pair in pairs if pair not in moved for other in pair[1:]]
    assert stay == sorted(stay)
    longest = 0
    for chosen in range(1 << len(order)):
        kept = [order[at] for at in range(len(order)) if chosen >> at & 1]
        longest = max(longest, len(kept)) if kept == sorted(kept) else longest
    assert len(stay) == longest
    back = out_of_order(tuple(sorted((other, one) for one, other in pairs)))
    assert len(back) == len(moved)


LABELS = st.sampled_from("abcdefgh")


STAGE_LISTS = st.lists(st.tuples(LABELS, st.lists(LABELS, max_size=2)), min_size=1, max_size=5).map(
    lambda said: [Stage(name=name, aliases=tuple(aliases)) for name, aliases in {one[0]: one for one in said}.values()]
)


@settings(max_examples=300)
@given(STAGE_LISTS, STAGE_LISTS)
def test_stages_match_the_same_whichever_playbook_comes_first(old: list[Stage], new: list[Stage]) -> None:
    there, back = match_stages(old, new), match_stages(new, old)
    assert sorted((other, one) for one, other in there.pairs) == list(back.pairs)
    assert there.into == back.out_of
    assert there.out_of == back.into
