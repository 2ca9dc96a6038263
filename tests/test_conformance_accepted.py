"""What a playbook accepts is counted apart, once, and neither fails a deal nor lowers the fitness that is asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processminer.conformance.by_version import conform_to
from processminer.conformance.gate import gate
from processminer.conformance.measures.weigh import weigh
from processminer.discovery.discover import discover
from processminer.playbook.model import Playbook
from processminer.playbook.parts.stages import Stage, Task
from processminer.playbook.parts.upkeep import Acceptance
from processminer.playbook.versions import Version
from tests.conformance_stories import paths_of, playbook_of, playbooks
from tests.worlds import log_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from processminer.conformance.conformance import Conformance
    from processminer.log.eventlog import EventLog

LAST_DAY = date(2026, 12, 31)


def accepting(playbook: Playbook, *accepted: Acceptance) -> Playbook:
    return playbook.model_copy(update={"accepted": accepted})


def found_in(log: EventLog, *playbooks: Playbook) -> Conformance:
    return conform_to(discover(log), [Version(one, "", f"{one.version}.yaml") for one in playbooks])


def skipping(subject: str = "B", **said: object) -> Acceptance:
    return Acceptance.model_validate({"deviation": "skipped", "subject": subject, "because": "a pilot", **said})


DEALS = {
    "a": ["A", "B", "C", "Won"],
    "b": ["A", "C", "Won"],
    "c": ["A", "C"],
    "d": ["A", "C", "X", "Lost"],
    "e": ["A", "Lost"],
}
SEGMENTS = {
    deal: {"Segment": segment} for deal, segment in zip("abcde", ["Big", "big ", "Small", "BIG", "Big"], strict=True)
}
PLAYBOOK = playbook_of("A", "B", "C")


def world() -> EventLog:
    return log_of(DEALS, attributes=SEGMENTS, order=["A", "B", "C"])


def deviations(found: Conformance) -> dict[tuple[str, str], tuple[int, int, int]]:
    return {(one.kind, one.subject): (one.deals, one.accepted, one.reached) for one in found.deviations}


def test_deals_of_which_all_is_accepted_keep_to_the_playbook_or_are_under_way() -> None:
    before = found_in(world(), PLAYBOOK)
    found = found_in(world(), accepting(PLAYBOOK, skipping(until=LAST_DAY)))
    assert (before.deals_conforming, before.deals_violating, before.deals_pending) == (2, 3, 0)
    # d was also in a stage that nobody declared.
    assert (found.deals_conforming, found.deals_violating, found.deals_pending) == (3, 1, 1)
    assert found.deals_accepted == 2
    assert deviations(before) == {("skipped", "B"): (3, 0, 4), ("undeclared", "X"): (1, 0, 5)}
    assert deviations(found) == {("undeclared", "X"): (1, 0, 5)}
    (told,) = found.accepted
    assert (told.deals, told.matches, told.expired, told.until) == (3, 3, False, LAST_DAY)
    (rule,) = [one for one in found.obligations if (one.kind, one.subject) == ("path", "B")]
    assert (rule.kept, rule.broken, rule.accepted) == (1, 0, 3)


def test_the_cost_of_a_path_is_shared_by_what_it_breaks() -> None:
    found = found_in(world(), accepting(PLAYBOOK, skipping()))
    walked = {one.path: one.fitness for one in found.alignments}
    assert found.fitness == pytest.approx(found_in(world(), PLAYBOOK).fitness)
    half = 1 - (1 - walked["A", "C", "X"]) / 2
    assert found.fitness_accepted == pytest.approx((1 + 1 + 1 + half + 1) / 5)


def test_the_day_after_the_last_one_an_acceptance_has_expired_and_the_deals_count_again() -> None:
    def until(day: date) -> Conformance:
        log = log_of(DEALS, as_of_day=10, order=["A", "B", "C"])
        return found_in(log, accepting(PLAYBOOK, skipping(until=day)))

    in_force, expired = until(date(2026, 1, 11)), until(date(2026, 1, 10))
    assert (in_force.deals_violating, in_force.accepted[0].expired) == (1, False)
    assert (expired.deals_violating, expired.accepted[0].expired) == (3, True)
    assert (expired.accepted[0].deals, expired.accepted[0].matches) == (0, 3)
    assert expired.asked_fitness == expired.fitness


def test_values_are_compared_as_people_write_them_and_only_such_deals_are_excused() -> None:
    found = found_in(world(), accepting(PLAYBOOK, skipping(where={"segment": ["BIG", "huge"]})))
    assert deviations(found)["skipped", "B"] == (1, 2, 2)
    (skipped,) = [one for one in found.deviations if one.kind == "skipped"]
    assert skipped.examples == ("c",)
    assert skipped.sentence.startswith("1 of 2 deals (50 %) that came to B or past it skipped it")
    assert "2 more deals are accepted." in skipped.sentence


def test_of_several_attributes_all_must_hold() -> None:
    both = skipping(where={"segment": ["big"], "pipeline": ["Nowhere"]})
    found = found_in(world(), accepting(PLAYBOOK, both))
    assert (found.accepted[0].matches, found.deals_accepted) == (0, 0)


def test_an_acceptance_that_nothing_meets_is_told_so_and_so_is_an_unknown_attribute() -> None:
    idle = skipping("C")
    blind = skipping(where={"Region": ["North"]})
    found = found_in(world(), accepting(PLAYBOOK, idle, blind))
    assert [(one.matches, one.unknown) for one in found.accepted] == [(0, ()), (0, ("Region",))]
    assert found.deals_violating == 3


def test_of_two_acceptances_the_first_in_force_excuses_a_deal_once() -> None:
    gone = skipping(until=date(2020, 1, 1))
    found = found_in(world(), accepting(PLAYBOOK, gone, skipping(), skipping(until=LAST_DAY)))
    assert [(one.deals, one.matches) for one in found.accepted] == [(0, 3), (3, 3), (0, 3)]


def test_a_task_that_is_accepted_is_no_longer_broken() -> None:
    stage = Stage(name="A", tasks=(Task(do="Call", seen_as=("Call",)),))
    log = log_of({"x": ["A", "B", "Won"], "y": ["A", "B", "Won"]}, tasks={"y": [("Call", 0.5)]}, order=["A", "B"])
    call = Acceptance.model_validate({"deviation": "task-missing", "subject": "call", "because": "old deals"})
    found = found_in(log, accepting(playbook_of(stage, "B"), call))
    (task,) = [one for one in found.obligations if one.kind == "task"]
    assert (task.kept, task.broken, task.accepted) == (1, 0, 1)
    assert found.deals_violating == 0


def test_the_gate_forgives_what_is_accepted() -> None:
    strict, lenient = PLAYBOOK, accepting(PLAYBOOK, skipping())
    log = log_of({"x": ["A", "C", "Won"]}, order=["A", "B", "C"])
    assert gate(found_in(log, strict), strict, 1.0, ("skipped",))
    assert gate(found_in(log, lenient), lenient, 1.0, ("skipped", "path:B", "broken")) == ()


def test_the_newest_version_accepts_for_deals_of_all_versions() -> None:
    older = playbook_of("A", "B", "C").model_copy(update={"version": "1", "valid_from": date(2025, 1, 1)})
    newest = accepting(older.model_copy(update={"version": "2", "valid_from": date(2026, 1, 20)}), skipping())
    deals = {"old": [("A", 0), ("C", 1), ("Won", 2)], "new": [("A", 30), ("C", 31), ("Won", 32)]}
    log = log_of(deals, order=["A", "B", "C"])
    found = found_in(log, newest, older)
    assert (found.deals_conforming, found.deals_violating, found.accepted[0].deals) == (2, 0, 2)
    again = weigh(found, log, newest)
    assert again.measures is not None
    assert again.measures.fitness is not None
    assert again.measures.fitness.estimate == 1.0


@st.composite
def accepted_worlds(draw: st.DrawFn) -> tuple[Playbook, dict[str, list[str]], list[tuple[str, ...]]]:
    playbook = draw(playbooks(4))
    paths = draw(st.lists(paths_of(playbook.names, 5).filter(bool), min_size=3, max_size=12))
    endings = draw(st.lists(st.sampled_from([(), ("Won",), ("Lost",)]), min_size=len(paths), max_size=len(paths)))
    deals = {f"d{at:02}": [*path, *end] for at, (path, end) in enumerate(zip(paths, endings, strict=True))}
    return (
        playbook,
        deals,
        [(segment,) for segment in draw(st.lists(st.sampled_from(["s", "t"]), min_size=12, max_size=12))],
    )


@settings(max_examples=10, deadline=None)
@given(accepted_worlds(), st.data())
def test_accepted_and_counted_deals_are_all_deals_once(
    world: tuple[Playbook, dict[str, list[str]], list[tuple[str, ...]]], data: st.DataObject
) -> None:
    playbook, deals, segments = world
    attributes = {deal: {"Segment": segment} for deal, (segment,) in zip(deals, segments, strict=False)}

    def judged(one: Playbook) -> Conformance:
        return found_in(log_of(deals, attributes=attributes, order=playbook.names), one)

    before = judged(playbook)
    if not before.deviations:
        return
    chosen = data.draw(st.lists(st.sampled_from(before.deviations), min_size=1, max_size=3))
    wheres = data.draw(st.lists(st.sampled_from([{}, {"segment": ["S"]}]), min_size=3, max_size=3))
    accepted = [
        Acceptance.model_validate({"deviation": one.kind, "subject": one.subject, "because": "so", "where": where})
        for one, where in zip(chosen, wheres, strict=False)
    ]
    after = judged(accepting(playbook, *accepted))
    left = {(one.kind, one.subject, one.stage): one for one in after.deviations}
    excused = _dull(before, playbook, deals, accepted, attributes)
    for one in before.deviations:
        key = (one.kind, one.subject, one.stage)
        apart = excused.get((one.kind, one.subject), 0)
        if one.deals == apart:
            assert key not in left
        else:
            kept = left[key]
            assert (kept.deals, kept.accepted, kept.reached) == (one.deals - apart, apart, one.reached - apart)
            assert kept.won + kept.lost + kept.open == kept.deals
    assert sum(one.deals for one in after.accepted) <= len(deals) * len(accepted)
    told = (after.deals_conforming, after.deals_violating, after.deals_pending)
    assert sum(told) == before.deals_conforming + before.deals_violating + before.deals_pending
    assert after.deals_violating == before.deals_violating - after.deals_accepted
    assert after.fitness == pytest.approx(before.fitness)
    assert after.asked_fitness >= before.fitness - 1e-12


def _dull(
    before: Conformance,
    playbook: Playbook,
    deals: dict[str, list[str]],
    accepted: Sequence[Acceptance],
    attributes: dict[str, dict[str, str]],
) -> dict[tuple[str, str], int]:
    """How many deals each deviation is accepted of: deal by deal, each held alone against the playbook."""
    counted: dict[tuple[str, str], int] = {}
    wanted = {(one.deviation, one.subject) for one in accepted}
    broken = _broken_by_deal(before, playbook, deals)
    for kind, subject in wanted:
        of_all = any((one.deviation, one.subject) == (kind, subject) and not one.where for one in accepted)
        those = [deal for deal, breaches in broken.items() if (kind, subject) in breaches]
        counted[kind, subject] = sum(of_all or attributes[deal]["Segment"] == "s" for deal in those)
    return counted


def _broken_by_deal(
    before: Conformance, playbook: Playbook, deals: dict[str, list[str]]
) -> dict[str, set[tuple[str, str]]]:
    names = {one.kind for one in before.deviations}
    log = log_of(deals, order=playbook.names)
    conform_to(discover(log), [Version(playbook, "", "t.yaml")])
    found: dict[str, set[tuple[str, str]]] = {}
    for deal, kind, subject in log.relations.rows(
        "SELECT deal_id, kind, subject FROM every_deviation JOIN deals USING (deal)"
    ):
        assert kind in names
        found.setdefault(deal, set()).add((kind, subject))
    return found


def test_nothing_accepted_changes_nothing() -> None:
    found = found_in(world(), PLAYBOOK)
    assert replace(found, versions=()) == replace(found_in(world(), accepting(PLAYBOOK)), versions=())
    assert (found.fitness_accepted, found.accepted, found.deals_accepted) == (None, (), 0)
