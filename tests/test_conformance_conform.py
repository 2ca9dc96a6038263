"""The whole log against the playbook: verdicts, counts and sentences, recounted deal by deal."""

from __future__ import annotations

import random
from collections import Counter
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

import pytest

from processminer.conformance.align import align
from processminer.conformance.automaton import automaton_of
from processminer.conformance.breaches import breaches_of
from processminer.conformance.conform import conform
from processminer.discovery.discover import discover
from processminer.playbook.moves import allowed_moves
from processminer.playbook.parts.stages import Stage
from processminer.statistics.proportions import wilson
from tests.conformance_stories import dull_cost, playbook_of
from tests.worlds import log_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from processminer.conformance.conformance import Conformance, Deviation
    from processminer.engines.relations import Relations
    from processminer.playbook.model import Playbook

World = dict[str, list[str]]

PLAYBOOK = playbook_of("Lead", "Demo", "Offer?", Stage(name="Talks", may_return_to=("Demo",)), "Contract")
"""Five stages, one optional, one return allowed."""

STRAIGHT = ["Lead", "Demo", "Talks", "Contract"]


def held(world: Mapping[str, Sequence[str]], playbook: Playbook = PLAYBOOK, text: str = "") -> Conformance:
    return conform(discover(log_of(world)), playbook, text)


def held_with(world: Mapping[str, Sequence[str]], playbook: Playbook = PLAYBOOK) -> tuple[Conformance, Relations]:
    log = log_of(world)
    return conform(discover(log), playbook), log.relations


def only(found: Conformance) -> Deviation:
    (deviation,) = found.deviations
    return deviation


def wandering(seed: int, deals: int = 40) -> World:
    """Deals that wander through declared, aliased and unknown stages, close, and are sometimes reopened."""
    chance = random.Random(seed)
    stages = ["Lead", "Demo", "demo call", "Offer", "Talks", "Contract", "Legal"]
    world: World = {}
    for number in range(deals):
        before = [*chance.choices(stages, k=chance.randint(1, 4)), "Lost"] if chance.random() < 0.2 else []
        forward = sorted(chance.sample(stages, chance.randint(1, 6)), key=stages.index)
        path = forward if chance.random() < 0.6 else chance.choices(stages, k=chance.randint(1, 7))
        close = chance.choice([["Won"], ["Lost"], []])
        world[f"deal {number:02}"] = [step for step, _ in groupby([*before, *path, *close])]
    return world


ALIASED = playbook_of(
    "Lead",
    Stage(name="Demo", aliases=("Demo Call",)),
    "Offer?",
    Stage(name="Talks", may_return_to=("Demo",)),
    "Contract",
)


DECLARED = ["Lead", "Demo", "Offer", "Talks", "Contract"]


def dull_path(stops: Sequence[str]) -> tuple[tuple[str, ...], str]:
    """The path by declared names and its ending, one deal at a time."""
    ending = {"Won": "won", "Lost": "lost"}.get(stops[-1], "open")
    named: list[str] = []
    before = ""
    for stop in ("Demo" if stop == "demo call" else stop for stop in stops):
        if before in ("Won", "Lost") and stop in DECLARED:
            redo = [place for place, done in enumerate(named) if done in DECLARED[DECLARED.index(stop) :]]
            named = [done for place, done in enumerate(named) if place < min(redo, default=99) or done not in DECLARED]
        if stop not in ("Won", "Lost"):
            named.append(stop)
        before = before if before in ("Won", "Lost") and stop not in DECLARED else stop
    return tuple(step for step, _ in groupby(named)), ending


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_number_about_paths_equals_a_count_deal_by_deal(seed):
    world = wandering(seed)
    found, relations = held_with(world, ALIASED)
    automaton = automaton_of(ALIASED)
    broken: dict[str, set[tuple[str, str]]] = {}
    verdicts: dict[str, tuple[str, int]] = {}
    for deal, stops in world.items():
        path, ending = dull_path(stops)
        (alignment,) = align([(path, ending)], ALIASED)
        cost = dull_cost(path, ending, ALIASED)
        broken[deal] = {(breach.kind, breach.subject) for breach in breaches_of(alignment, automaton)}
        verdicts[deal] = ("violating" if cost else "pending" if ending == "open" else "conforming", cost)
    told = relations.rows("SELECT deal_id, verdict, cost, fitness FROM deal_verdicts JOIN deals USING (deal)")
    assert {deal: (verdict, cost) for deal, verdict, cost, _ in told} == verdicts
    assert found.fitness == pytest.approx(sum(fitness for *_, fitness in told) / len(told))
    said = Counter(verdict for verdict, _ in verdicts.values())
    counts = (found.deals_conforming, found.deals_violating, found.deals_pending)
    assert counts == (said["conforming"], said["violating"], said["pending"])
    named = relations.rows("SELECT deal_id, kind, subject FROM deal_deviations JOIN deals USING (deal)")
    assert sorted(named) == sorted((deal, *breach) for deal, found in broken.items() for breach in found)
    for deviation in found.deviations:
        deals = sorted(deal for deal in world if (deviation.kind, deviation.subject) in broken[deal])
        ends = Counter(dull_path(world[deal])[1] for deal in deals)
        assert deviation.deals == len(deals) == deviation.won + deviation.lost + deviation.open
        assert (deviation.won, deviation.lost, deviation.open) == (ends["won"], ends["lost"], ends["open"])
        assert deviation.examples == tuple(deals[:5])
        assert deviation.share == wilson(deviation.deals, deviation.reached)
        assert deviation.reached == sum(came_due(deviation, deal, world, broken) for deal in world)
    assert {(deviation.kind, deviation.subject) for deviation in found.deviations} == set().union(*broken.values())


def came_due(deviation: Deviation, deal: str, world: World, broken: Mapping[str, set[tuple[str, str]]]) -> bool:
    path, _ = dull_path(world[deal])
    match deviation.kind:
        case "skipped":
            return deviation.subject in path or ("skipped", deviation.subject) in broken[deal]
        case "not-repeated":
            return deviation.subject in path
        case "returned":
            return deviation.subject.split(" -> ")[0] in path
        case _:
            return True


@pytest.mark.parametrize("world", [wandering(4), {"won": ["Lead", "Won"], "open": ["Lead", "Demo"]}])
def test_declared_moves_are_counted_once_a_deal(world):
    found = held(world, ALIASED)
    moves = allowed_moves(ALIASED)
    for (source, target), deals in found.move_counts.items():
        taking = 0
        for stops in world.values():
            named = ["Demo" if stop == "demo call" else stop for stop in stops]
            taking += (source, target) in pairwise(name for name, _ in groupby(named))
        assert deals == taking
    assert set(found.move_counts) == found.declared_moves
    assert moves.between <= found.declared_moves
    names = {stop for stops in world.values() for stop in stops}
    assert (("Contract", "Won") in found.declared_moves) == ("Won" in names)
    assert (("Lead", "Lost") in found.declared_moves) == ("Lost" in names)
    assert ("Lead", "Won") not in found.declared_moves


def test_the_order_of_rows_and_the_names_of_deals_change_nothing():
    world = wandering(5)
    shuffled = list(world.items())
    random.Random(6).shuffle(shuffled)
    assert held(dict(shuffled), ALIASED) == held(world, ALIASED)
    renamed = held({f"{name[::-1]}-{len(name)}": stops for name, stops in world.items()}, ALIASED)
    original = held(world, ALIASED)
    numbers = [
        [(one.kind, one.subject, one.deals, one.reached, one.won, one.lost, one.open) for one in each.deviations]
        for each in (original, renamed)
    ]
    assert numbers[0] == numbers[1]
    assert (original.fitness, original.obligations) == (renamed.fitness, renamed.obligations)


def test_a_deal_that_follows_the_playbook_raises_no_count():
    world = wandering(8)
    before = {(one.kind, one.subject): one.deals for one in held(world).deviations}
    joined = {**world, "good": [*STRAIGHT, "Won"], "lost": ["Lead", "Demo", "Lost"], "open": ["Lead"]}
    assert {(one.kind, one.subject): one.deals for one in held(joined).deviations} == before


def played_out(chance: random.Random, deals: int) -> World:
    """Deals that follow the playbook, each as far as it comes."""
    moves = allowed_moves(PLAYBOOK)
    world: World = {}
    for number in range(deals):
        path = ["Lead"]
        while path[-1] not in moves.wins and chance.random() < 0.85:
            path.append(chance.choice(sorted(target for source, target in moves.between if source == path[-1])))
        close = ["Won"] if path[-1] in moves.wins and chance.random() < 0.7 else chance.choice([["Lost"], []])
        world[f"{number:03}"] = [*path, *close]
    return world


def test_a_log_played_out_from_the_playbook_conforms_whatever_came_of_the_deals():
    world = played_out(random.Random(7), 300)
    found, relations = held_with(world)
    ends = Counter(dull_path(stops)[1] for stops in world.values())
    assert min(ends["won"], ends["lost"], ends["open"]) > 20
    assert found.deviations == ()
    assert (found.fitness, found.deals_violating) == (1.0, 0)
    assert (found.deals_conforming, found.deals_pending) == (ends["won"] + ends["lost"], ends["open"])
    assert relations.rows("SELECT DISTINCT fitness FROM deal_verdicts") == [(1.0,)]
    assert all(rule.broken == rule.unchecked == 0 for rule in found.obligations)


def test_an_on_track_open_deal_fits_and_a_deal_that_skipped_a_stage_does_not():
    _, relations = held_with({"open": ["Lead", "Demo"], "skipped": ["Lead", "Talks", "Contract", "Won"]})
    told = relations.rows(
        "SELECT deal_id, verdict, fitness FROM deal_verdicts JOIN deals USING (deal) ORDER BY deal_id"
    )
    assert told == [("open", "pending", 1.0), ("skipped", "violating", pytest.approx(1 - 1 / 7))]


def test_how_well_deals_fit_says_nothing_about_winning_in_a_world_that_follows_the_playbook():
    _, relations = held_with(played_out(random.Random(8), 200))
    (told,) = relations.rows(
        "SELECT avg(fitness) FILTER (WHERE outcome = 'won'), avg(fitness) FILTER (WHERE outcome = 'lost'), "
        "avg(fitness) FILTER (WHERE outcome = 'open') FROM deal_verdicts JOIN deals USING (deal)"
    )
    assert told == (1.0, 1.0, 1.0)


def test_an_unknown_extra_stage_never_fits():
    deviation = only(held({"x": ["Lead", "Demo", "Legal", "Talks", "Contract", "Won"]}))
    assert (deviation.kind, deviation.subject, deviation.stage, deviation.line) == ("undeclared", "Legal", None, None)
    assert deviation.sentence == "1 of 1 deal (100 %) passed through Legal, a stage that the playbook does not know."


def test_dropping_a_required_stage_yields_just_that_deviation():
    for ending in (["Won"], ["Lost"], []):
        world = {"good": [*STRAIGHT, "Won"], "bad": ["Lead", "Talks", "Contract", *ending], "early": ["Lead", "Lost"]}
        deviation = only(held(world))
        assert (deviation.kind, deviation.subject, deviation.deals, deviation.reached) == ("skipped", "Demo", 1, 2)
        assert deviation.examples == ("bad",)
        assert (
            deviation.sentence
            == "1 of 2 deals (50 %) that came to Demo or past it skipped it, although the playbook requires it."
        )


def test_a_required_stage_is_kept_broken_or_still_ahead_and_owed_nothing_by_deals_that_ended_before_it():
    world = {
        "kept": [*STRAIGHT, "Won"],
        "broken": ["Lead", "Talks"],
        "ahead": ["Lead"],
        "ended": ["Lead", "Lost"],
        "late": ["Talks", "Contract"],
    }
    found = held(world)
    (demo,) = (rule for rule in found.obligations if rule.subject == "Demo")
    assert (demo.kind, demo.stage) == ("path", "Demo")
    assert (demo.kept, demo.broken, demo.pending, demo.unchecked, demo.needs) == (1, 1, 1, 0, None)
    (start,) = (rule for rule in found.obligations if rule.kind == "start")
    assert (start.subject, start.kept, start.broken, start.pending) == ("Lead", 4, 1, 0)
    assert [rule.subject for rule in found.obligations if rule.kind == "path"] == ["Lead", "Demo", "Talks", "Contract"]


def test_a_late_start_is_told_once_and_a_forbidden_return_by_both_ends():
    found = held({"late": ["Talks", "Contract", "Won"], "back": ["Lead", "Demo", "Lead", "Demo"]})
    told = {(one.kind, one.subject, one.reached): one.sentence for one in found.deviations}
    assert told == {
        ("started-late", "Talks", 2): "1 of 2 deals (50 %) began in Talks, where the playbook lets none begin.",
        ("returned", "Demo -> Lead", 1): (
            "1 of 1 deal (100 %) that had come to Demo went back to Lead, which the playbook does not allow."
        ),
    }


def test_terminal_stages_before_the_deciding_one_and_all_that_follows_it_are_no_part_of_a_path():
    reopened = held({"x": ["Lead", "Demo", "Lost", "Demo", "Talks", "Contract", "Won"]})
    assert reopened.deviations == ()
    assert reopened.alignments[0].path == tuple(STRAIGHT)
    # Come back to an earlier stage than it was lost in: taking up there is no return that the playbook forbids.
    further_back = held({"x": ["Lead", "Demo", "Talks", "Lost", "Demo", "Talks", "Contract", "Won"]})
    assert (further_back.deviations, further_back.fitness) == ((), 1.0)
    ahead = held({"x": ["Lead", "Lost", "Talks", "Contract", "Won"]})
    assert {(one.kind, one.subject) for one in ahead.deviations} == {("skipped", "Demo")}
    after_sale = {f"{n}": [*STRAIGHT, "Won", "Delivery"] for n in range(3)}
    delivered = held(after_sale)
    assert (delivered.deviations, delivered.deals_conforming) == ((), 3)


def test_a_stage_goes_by_its_aliases_whatever_the_case_and_blanks():
    playbook = playbook_of(Stage(name="Lead", aliases=("1-New  Lead",)), "Demo")
    found = held({"x": ["1-new lead", "DEMO", "Won"], "y": ["Lead", "Demo", "Won"]}, playbook)
    assert found.deviations == ()
    assert [alignment.path for alignment in found.alignments] == [("Lead", "Demo")]
    assert found.move_counts["Lead", "Demo"] == 2


def test_a_deal_without_a_path_has_no_verdict():
    found, relations = held_with({"x": ["Won"], "y": [*STRAIGHT, "Won"]})
    assert found.deals_conforming + found.deals_violating + found.deals_pending == 1
    assert relations.rows("SELECT deal_id FROM deal_verdicts JOIN deals USING (deal)") == [("y",)]


def test_where_no_deal_has_a_path_nothing_has_left_the_playbook():
    found = held({"x": ["Won"]})
    assert (found.fitness, found.alignments, found.deviations) == (1.0, (), ())
    assert all(rule.kept == rule.broken == rule.pending == rule.unchecked == 0 for rule in found.obligations)


def test_the_costliest_alignments_and_the_most_frequent_deviations_come_first():
    world = {"a": ["Lead", "Contract", "Won"], "b": ["Lead", "Talks"], "c": ["Lead", "Talks"], "d": ["Lead", "Legal"]}
    found = held(world)
    assert [alignment.cost for alignment in found.alignments] == [2, 1, 1]
    assert [(one.subject, one.deals) for one in found.deviations] == [("Demo", 3), ("Talks", 1), ("Legal", 1)]


def test_a_second_playbook_replaces_the_verdicts_of_the_first():
    log = log_of({"x": ["Lead", "Talks", "Contract", "Won"]})
    discovery = discover(log)
    assert conform(discovery, PLAYBOOK).deals_violating == 1
    relaxed = playbook_of("Lead", "Demo?", "Talks", "Contract")
    assert conform(discovery, relaxed).deals_conforming == 1
    assert log.relations.rows("SELECT verdict, cost FROM deal_verdicts") == [("conforming", 0)]
    assert log.relations.rows("SELECT * FROM deal_deviations") == []


def test_a_deviation_points_to_the_line_of_the_playbook():
    text = "name: t\nstages:\n  - name: Lead\n  - name: Demo\n  - name: Talks\noutcomes: {won: [Won], lost: [Lost]}\n"
    found = held({"x": ["Lead", "Talks", "Won"]}, playbook_of("Lead", "Demo", "Talks"), text)
    assert only(found).line == 4
    assert [rule.line for rule in found.obligations] == [3, 4, 5, 3]
