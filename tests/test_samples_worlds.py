"""The organisations behind the samples: what was planted has its effect there, and nothing else has one."""

from __future__ import annotations

import sys
from collections import defaultdict
from dataclasses import replace
from math import sqrt
from pathlib import Path

import pytest

from processminer.conformance.conform import conform
from processminer.discovery.discover import discover
from processminer.log.read import read_log
from processminer.playbook.moves import allowed_moves
from processminer.playbook.read import read_playbook

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "samples"
sys.path.insert(0, str(SAMPLES))

import exports  # noqa: E402
import generate  # noqa: E402
import simulation  # noqa: E402
import truths  # noqa: E402
from organisation import REVIEW, STAGES, World, conforming  # noqa: E402

from tests.test_samples_generator import (  # noqa: E402
    CLOSED,
    DAY,
    bant,
    done_by_deal,
    hubspot_paths,
    names,
    planted,
    salesforce_paths,
    stays,
    steps_of,
    truth_of,
)

MANY = World(deals=20_000)


@pytest.fixture(scope="session")
def playbook():
    return read_playbook(ROOT / "playbooks" / "b2b-saas.yaml")


@pytest.fixture(scope="session")
def obedient(tmp_path_factory):
    folder = tmp_path_factory.mktemp("conforming")
    generate.write(folder, generate.worlds("conforming", deals=1200))
    return folder


@pytest.fixture(scope="session")
def many():
    return simulation.simulate(MANY)


def test_the_conforming_organisation_breaks_no_rule_and_uses_every_move(obedient, playbook):
    moves = allowed_moves(playbook)
    paths = salesforce_paths(obedient)
    done = done_by_deal(obedient)
    logged = {what for those in done.values() for _, whats in those for what in whats}
    assert {"Fit check", "Stakeholder map"}.isdisjoint(logged)
    assert "Demo" in logged
    known = bant(obedient)
    used = set()
    for deal, path in paths.items():
        ways = steps_of(path)
        used |= {way for way in ways if way[1] not in CLOSED}
        assert path[0][1] in moves.starts
        assert all(source in moves.wins for source, target in ways if target == "Closed Won")
        assert known[deal] >= 3 or "Discovery" not in names(path)
        visits = stays(path)
        for place, (name, begin, end) in enumerate(visits):
            stage = playbook.stage(name)
            assert (end - begin) / DAY < stage.time_limit
            over = place + 1 < len(visits) or path[-1][1] in CLOSED
            # What the log never names for any deal can be held against none.
            for task in (task for task in stage.tasks if logged & set(task.seen_as) and over):
                assert any(what & set(task.seen_as) and begin <= at <= end for at, what in done[deal]), (deal, task.do)
    assert used == moves.between
    assert sum(("Negotiation", "Qualification") in steps_of(path) for path in paths.values()) > 20
    assert {"Closed Won", "Closed Lost", *STAGES} == {names(path)[-1] for path in paths.values()}


def test_hubspots_conforming_export_shows_the_declared_stages_in_order_and_within_their_limits(obedient, playbook):
    for path in hubspot_paths(obedient).values():
        open_stages = [name for name in names(path) if name not in CLOSED]
        assert tuple(open_stages) == STAGES[: len(open_stages)]
        assert all((end - begin) / DAY < playbook.stage(name).time_limit for name, begin, end in stays(path))


def test_nothing_is_planted_in_the_conforming_organisation(obedient):
    truth = truth_of(obedient, "salesforce")
    assert (truth["planted"], truth["decoys"], truth["zombies"]["count"]) == ([], [], 0)


@pytest.mark.parametrize("crm", ["salesforce", "hubspot"])
def test_the_verdict_on_the_samples_counts_exactly_what_was_planted(crm, playbook):
    conformance = conform(discover(read_log(SAMPLES / crm)), playbook)
    counted = {one.subject: one.deals for one in conformance.deviations if one.kind != "over-time"}
    demo, review = planted(SAMPLES, crm, "Demo"), planted(SAMPLES, crm, REVIEW)
    assert (counted["Demo"], counted[REVIEW]) == (demo["deals"], review["deals"])
    (wait,) = [one for one in conformance.deviations if (one.kind, one.subject) == ("over-time", "Negotiation")]
    assert wait.deals == planted(SAMPLES, crm, "Negotiation")["deals"]
    loop, brochure = planted(SAMPLES, crm, "Proposal -> Discovery"), planted(SAMPLES, crm, "Send company brochure")
    assert counted.get("Proposal -> Discovery") == (loop["deals"] if loop["visible"] else None)
    assert counted.get("Send company brochure") == (brochure["deals"] if brochure["visible"] else None)


@pytest.mark.parametrize("crm", ["salesforce", "hubspot"])
def test_the_verdict_on_the_conforming_organisation_is_clean(crm, obedient, playbook):
    conformance = conform(discover(read_log(obedient / crm)), playbook)
    assert conformance.deviations == ()
    assert (conformance.fitness, conformance.deals_violating) == (1.0, 0)
    unused = {move for move, deals in conformance.move_counts.items() if not deals}
    assert unused == (set() if crm == "salesforce" else {("Negotiation", "Qualification")})


OFF = {
    "skips_demo": (0.0, "Demo"),
    "security_review": (0.0, REVIEW),
    "returns_to_discovery": (0.0, "Proposal -> Discovery"),
    "negotiation_days": (5.0, "Negotiation"),
    "brochure": (1.0, "Send company brochure"),
    "returns_to_qualification": (0.08, "Negotiation -> Qualification"),
}


@pytest.mark.parametrize("knob", sorted(OFF))
def test_each_truth_can_be_switched_off_alone(knob):
    value, subject = OFF[knob]
    world = World(deals=800)
    all_of_them = truths.measure(world, simulation.simulate(world), "salesforce")
    without = replace(world, **{knob: value})
    rest = truths.measure(without, simulation.simulate(without), "salesforce")
    subjects = [truth["subject"] for truth in all_of_them["planted"]]
    assert subject in subjects
    assert [truth["subject"] for truth in rest["planted"]] == [name for name in subjects if name != subject]
    if knob == "skips_demo":
        assert rest["true_win_rate"] < all_of_them["true_win_rate"]
    else:
        assert rest["true_win_rate"] == all_of_them["true_win_rate"]


def adjusted_difference(deals, does, strata):
    """Difference of the shares won, weighted over strata, with its standard error."""
    cells = defaultdict(lambda: ([], []))
    for deal in deals:
        cells[strata(deal)][does(deal)].append(deal.won)
    total, variance, weights = 0.0, 0.0, 0.0
    for plain, acting in cells.values():
        if len(plain) > 1 and len(acting) > 1:
            weight = len(plain) * len(acting) / (len(plain) + len(acting))
            shares = [sum(arm) / len(arm) for arm in (plain, acting)]
            total += weight * (shares[1] - shares[0])
            spread = sum(p * (1 - p) / (len(arm) - 1) for p, arm in zip(shares, (plain, acting), strict=True))
            variance += weight**2 * spread
            weights += weight
    return total / weights, sqrt(variance) / weights


def visits(deal):
    return [visit.stage for visit in deal.visits]


PRACTICES = {
    "skipping Demo": (lambda d: len(d.visits) > 3, lambda d: "Demo" not in visits(d)),
    "a security review": (lambda d: {REVIEW, "Negotiation"} & set(visits(d)), lambda d: REVIEW in visits(d)),
    "returning to Discovery": (lambda d: "Proposal" in visits(d), lambda d: visits(d).count("Discovery") > 1),
    "a brochure": (
        lambda d: "Discovery" in visits(d),
        lambda d: any(t.done and t.subject == "Brochure" for t in d.touches),
    ),
    "an executive dinner": (
        lambda d: "Proposal" in visits(d),
        lambda d: any(t.done and t.kind == "Executive dinner" for t in d.touches),
    ),
}  # fmt: skip


@pytest.mark.parametrize("practice", sorted(set(PRACTICES) - {"skipping Demo"}))
def test_no_other_planted_practice_has_an_effect_within_segment_and_owner(many, practice):
    eligible, does = PRACTICES[practice]
    deals = [deal for deal in many if eligible(deal)]
    effect, error = adjusted_difference(deals, does, lambda deal: (deal.segment, deal.owner))
    assert abs(effect) < 2.6 * error
    assert error < 0.025


def test_within_segment_and_owner_a_demo_costs_what_the_same_deals_with_and_without_it_tell(many):
    eligible, does = PRACTICES["skipping Demo"]
    deals = [deal for deal in many if eligible(deal)]
    effect, error = adjusted_difference(deals, does, lambda deal: (deal.segment, deal.owner))
    always, never = (simulation.wins(replace(MANY, skips_demo=share)) for share in (0.0, 1.0))
    truly = sum(always[deal.number] - never[deal.number] for deal in deals) / len(deals)
    assert -0.055 < truly < -0.035
    assert abs(effect + truly) < 2.6 * error
    assert error < 0.02


def test_a_demo_costs_deals_where_it_is_given_and_nowhere_later(many):
    past = [deal for deal in many if "Proposal" in visits(deal)]
    _, does = PRACTICES["skipping Demo"]
    effect, error = adjusted_difference(past, does, lambda deal: (deal.segment, deal.owner))
    assert abs(effect) < 2.6 * error
    assert error < 0.02
    harmless = simulation.wins(replace(MANY, lost_in_demo=0.0))
    assert harmless == simulation.wins(replace(MANY, skips_demo=1.0))


HARMLESS = ("security_review", "returns_to_discovery", "returns_to_qualification", "brochure", "dinner", "task_done")


@pytest.mark.parametrize("knob", HARMLESS)
def test_no_deal_would_end_otherwise_if_all_or_none_did_what_has_no_effect(knob):
    world = World(deals=800)
    always, never = simulation.wins(replace(world, **{knob: 1.0})), simulation.wins(replace(world, **{knob: 0.0}))
    assert always == never == tuple(deal.won for deal in simulation.simulate(world))
    assert 100 < sum(always) < 300


@pytest.mark.parametrize("practice", ["skipping Demo", "a security review", "an executive dinner"])
def test_practices_of_the_larger_segments_look_useful_to_who_does_not_compare_like_with_like(many, practice):
    eligible, does = PRACTICES[practice]
    effect, error = adjusted_difference([deal for deal in many if eligible(deal)], does, lambda _: None)
    assert effect > 3 * error


@pytest.mark.parametrize("world", [World(deals=20_000), conforming(World(deals=20_000))], ids=["planted", "conforming"])
def test_the_declared_probabilities_are_those_of_the_crm_and_true(world, playbook):
    deals = simulation.simulate(world)
    for stage in playbook.stages:
        reached = [deal for deal in deals if stage.name in visits(deal)]
        share = sum(deal.won for deal in reached) / len(reached)
        assert stage.probability == exports.PROBABILITY[stage.name] / 100
        assert abs(stage.probability - share) < 0.03, stage.name


def test_the_playbook_is_complete(playbook):
    assert playbook.names == STAGES
    assert all(stage.goal and stage.owner and stage.time_limit and stage.tasks for stage in playbook.stages)
    assert all(task.by and task.how and task.output for stage in playbook.stages for task in stage.tasks)
    assert "Qualified To Buy" in playbook.stage("Qualification").aliases
