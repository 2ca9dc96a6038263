"""How deals are handled: which deals each comparison takes, counted again, and what planted worlds make of it."""

from __future__ import annotations

import random
import tempfile
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processminer.discovery.discover import discover
from processminer.estimates.conditions.fields import put_fields, tracked_fields
from processminer.estimates.conduct import conduct
from processminer.estimates.tasks_compared.tasks_compared import SOON_DAYS
from processminer.estimates.ways.candidates import jumps
from processminer.estimates.ways.ways import Asked, Way, ways
from processminer.log.options import Options
from processminer.log.read import read_log
from processminer.playbook.read import parse_playbook
from processminer.study import Declared, under_names
from tests.organisations.book import Book, declare
from tests.organisations.exported import record
from tests.organisations.live import live
from tests.organisations.salesforce import write_salesforce
from tests.organisations.world import Act, Choice, Field, Leap, Loop, World
from tests.organisations.worlds import services, software
from tests.worlds import log_of

if TYPE_CHECKING:
    from processminer.discovery.discovery import Discovery
    from processminer.estimates.conduct import Conduct
    from processminer.log.eventlog import EventLog

ORDER = ("A", "B", "C", "D")
paths = st.lists(st.sampled_from(ORDER), min_size=1, max_size=6)
ends = st.sampled_from(["Won", "Lost", ""])


def decided(log: EventLog, practice: int) -> dict[str, bool]:
    """Return by deal whether it took the way, of those that came to the moment."""
    sql = "SELECT deal_id, done FROM decisions JOIN deals USING (deal) WHERE practice = $practice ORDER BY deal_id"
    return dict(log.relations.rows(sql, {"practice": practice}))


def collapsed(path: list[str]) -> list[str]:
    return [stage for place, stage in enumerate(path) if place == 0 or stage != path[place - 1]]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(paths, ends), min_size=1, max_size=8))
def test_who_could_jump_or_go_back_is_whom_the_dullest_count_finds(told: list[tuple[list[str], str]]) -> None:
    deals = {f"d{number}": [*collapsed(path), *([end] if end else [])] for number, (path, end) in enumerate(told)}
    deals["z"] = ["A", "C", "B", "D", "Won"]
    log = log_of(deals, order=ORDER, as_of_day=100)
    discover(log)
    ways(log, [Asked("skip", "A", "C"), Asked("return", "C", "B")])
    jumped: dict[str, bool] = {}
    back: dict[str, bool] = {}
    live_back: dict[str, bool] = {}
    for deal, path in deals.items():
        for one, other in pairwise(path):
            if one == "A" and other in ORDER and deal not in jumped:
                jumped[deal] = other == "C"
                if other == "D":
                    jumped[deal] = None  # type: ignore[assignment]
            if one == "C" and deal not in back:
                back[deal] = other == "B"
                if other in ORDER:
                    live_back[deal] = other == "B"
    assert decided(log, 0) == {deal: did for deal, did in jumped.items() if did is not None}
    assert decided(log, 2) == back
    assert decided(log, 3) == live_back


def test_a_return_is_told_with_its_deals_its_owners_and_the_days_it_took() -> None:
    log = log_of(
        {
            "x": [("A", 0.0), ("B", 1.0), ("C", 2.0), ("B", 5.0), ("C", 9.0), ("Won", 10.0)],
            "y": [("A", 0.0), ("B", 1.0), ("C", 2.0), ("B", 3.0), ("C", 9.0), ("B", 10.0), ("C", 20.0)],
            "z": [("A", 0.0), ("B", 1.0), ("C", 2.0), ("B", 4.0), ("Lost", 5.0)],
            "w": [("A", 0.0), ("B", 1.0), ("Lost", 2.0)],
            "v": [("A", 0.0), ("B", 1.0)],
        },
        attributes={deal: {"OwnerId": "ann" if deal == "x" else "bob"} for deal in "xyzwv"},
        order=ORDER,
        as_of_day=100,
    )
    discover(log)
    (way,) = ways(log, [Asked("return", "C", "B"), Asked("skip", "A", "C")])
    assert (way.subject, way.deals, way.won, way.owners, way.examples) == ("C -> B", 3, 1, 2, ("x", "y", "z"))
    assert way.loop_days is not None
    assert way.loop_days.estimate == pytest.approx((4 + 6) / 2)
    assert way.effect is None, "all that left C went back"


def declared(text: str, deals: dict[str, Any]) -> tuple[Discovery, Any]:
    playbook = parse_playbook(text, "playbook.yaml")
    return discover(log_of(deals, order=playbook.names, as_of_day=300)), playbook


FIVE = (
    "name: t\nstages: [{name: A}, {name: B%s}, {name: C}, {name: D}, {name: E}]\noutcomes: {won: [Won], lost: [Lost]}\n"
)


def several(**paths_of: tuple[int, list[str]]) -> dict[str, Any]:
    return {f"{name}{number}": path for name, (many, path) in paths_of.items() for number in range(many)}


def test_a_jump_passes_several_stages_or_one_that_deals_from_elsewhere_keep_to() -> None:
    whole, jump = ["A", "B", "C", "D", "E", "Won"], ["A", "D", "E", "Won"]
    discovery, playbook = declared(FIVE % "", several(w=(60, whole), j=(40, jump)))
    (found,) = jumps(discovery, playbook)
    assert (found.source, found.target, found.over, found.deals, found.concerns) == (
        "A",
        "D",
        ("B", "C"),
        40,
        ("B", "C"),
    )
    # One stage alone, that everybody leaves out from where they come to it: the stage is the matter.
    discovery, playbook = declared(FIVE % "", several(w=(60, whole), j=(40, ["A", "B", "D", "E", "Won"])))
    assert jumps(discovery, playbook) == ()
    # B is optional; who skips it comes to C, who has been there jumps over C.
    text = FIVE % ", optional: true"
    past = several(w=(60, ["A", "C", "D", "E", "Won"]), b=(30, whole), j=(40, ["A", "B", "D", "E", "Won"]))
    discovery, playbook = declared(text, past)
    (found,) = jumps(discovery, playbook)
    assert (found.source, found.target, found.over) == ("B", "D", ("C",))
    # What the playbook allows is no jump, and what a few deals do neither.
    allowed = (FIVE % "").replace("{name: A}", "{name: A, may_skip_to: [D]}")
    assert jumps(*declared(allowed, several(w=(60, whole), j=(40, jump)))) == ()
    assert jumps(*declared(FIVE % "", several(w=(60, whole), j=(20, jump)))) == ()


def test_a_field_counts_as_it_stood_when_the_deal_first_went_on() -> None:
    stops = [("A", 0.0), ("B", 10.4), ("A", 20.0), ("B", 30.0), ("Won", 40.0)]
    log = log_of(
        {deal: list(stops) for deal in ("before", "after", "never", "always", "at once")},
        attributes={
            deal: {"Need__c": "x", "Late__c": "y"} if deal not in {"never"} else {"Need__c": "", "Late__c": ""}
            for deal in ("before", "after", "never", "always", "at once")
        },
        changes={
            "before": [("Need__c", 9.9, "x")],
            "after": [("Need__c", 10.5, "x")],
            "at once": [("Need__c", 10.4, "x")],
        },
        order=ORDER,
        as_of_day=100,
    )
    discover(log)
    (tracked,) = tracked_fields(log)
    assert (tracked.attribute, [one.attribute for one in tracked_fields(log)]) == ("Need__c", ["Need__c"])
    put_fields(log, [("A", tracked)])
    rows = log.relations.rows("SELECT deal_id, filled FROM field_states JOIN deals USING (deal) ORDER BY deal_id")
    assert dict(rows) == {"before": True, "after": False, "never": False, "always": True, "at once": True}


CHECKED = """\
name: t
stages:
  - name: A
  - name: B
    tasks: [{do: Check, seen_as: [Check]}, {do: Terms, seen_as: [Terms]}]
outcomes: {won: [Won], lost: [Lost]}
"""


def test_stays_that_end_soon_after_a_task_and_orders_of_two_tasks_are_whom_the_dullest_count_finds() -> None:
    chance = random.Random(4)
    deals: dict[str, Any] = {}
    tasks: dict[str, list[tuple[str, float]]] = {}
    for number in range(200):
        left = chance.uniform(20, 30)
        deals[f"d{number:03}"] = [("A", 0.0), ("B", 10.0), (chance.choice(["Won", "Lost"]), left)]
        done = [(name, chance.uniform(8, left)) for name in ("Check", "Terms") if chance.random() < 0.9]
        tasks[f"d{number:03}"] = done
    playbook = parse_playbook(CHECKED, "playbook.yaml")
    log = log_of(deals, tasks=tasks, order=("A", "B"), as_of_day=100)
    found = conduct(discover(log), playbook)
    (check,) = (one for one in found.checks if one.task == "Check")
    inside = {
        deal: min([day for name, day in done if name == "Check" and day >= 10], default=None)
        for deal, done in tasks.items()
    }
    soon = {deal for deal, day in inside.items() if day is not None and deals[deal][2][1] - day <= SOON_DAYS}
    lost = {deal for deal in deals if deals[deal][2][0] == "Lost"}
    assert check.turned_down == len(soon & lost)
    assert check.deals == sum(1 for day in inside.values() if day is not None)
    assert check.lost_soon.estimate == pytest.approx(len(soon & lost) / len(soon))
    assert check.lost_else.estimate == pytest.approx(len(lost - soon) / (200 - len(soon)))
    firsts = {deal: {name: day for name, day in done if day >= 10} for deal, done in tasks.items()}
    both = [one for one in firsts.values() if len(one) == 2]
    (order,) = found.orders
    assert (order.first, order.second) == ("Check", "Terms")
    assert order.turned == sum(1 for one in both if one["Terms"] < one["Check"])
    assert order.as_declared == sum(1 for one in both if one["Terms"] > one["Check"])
    begun = sum(1 for one in firsts.values() if one)
    assert order.effect.deals == begun


def handled(world: World, book: Book) -> Conduct:
    """Return how deals of an organisation are handled, as its export shows them."""
    told = Declared(parse_playbook(book.text, "playbook.yaml"), book.text, "playbook.yaml", drafted=False)
    with tempfile.TemporaryDirectory() as folder:
        export = Path(folder) / "log"
        write_salesforce(export, record(live(world)), {phase.name: 10.0 for phase in world.phases}, tracked=True)
        log = read_log(export, under_names(Options(), told))
    return conduct(discover(log), told.playbook)


def way_of(found: Conduct, kind: str) -> Way:
    return next(one for one in found.ways if one.kind == kind)


@cache
def returning(seed: int, hurts: float) -> Way:
    """Deals go back from Proposal to Discovery, by their owners' habit; afterwards they die more often, if it hurts."""
    world = software(seed, 3000)
    loop = Loop("Proposal", "Discovery", Choice(0.3, habit=0.5), hurts=hurts)
    world = replace(world, loops=(loop,))
    return way_of(handled(world, declare(world)), "return")


@pytest.mark.slow
def test_a_return_that_hurts_leaves_deals_worse_than_new_ones_there_and_one_that_does_not_does_not() -> None:
    for seed in range(3):
        hurting, harmless = returning(seed, 2.5).beyond_risk, returning(seed, 0.0).beyond_risk
        assert hurting is not None
        assert harmless is not None
        assert hurting.high < 0 < harmless.high


@pytest.mark.slow
def test_a_jump_that_hurts_is_told_from_one_that_spares_the_risks_of_the_stages_between() -> None:
    for seed, hurts in ((0, 2.0), (1, 0.0)):
        world = software(seed, 3000)
        leap = Leap("Qualification", "Proposal", Choice(0.3, habit=0.5), hurts)
        world = replace(world, leaps=(leap,))
        effect = way_of(handled(world, declare(world)), "skip").effect
        assert effect is not None
        assert effect.adjusted is not None
        limits = effect.adjusted.interval
        assert limits.high < 0 if hurts else limits.low > 0


@pytest.mark.slow
def test_what_deals_come_back_for_is_the_field_that_was_missing_and_no_other() -> None:
    world = software(3, 3000)
    need = Field("Need__c", "Discovery", Choice(0.6))
    other = Field("Region__c", "Discovery", Choice(0.6))
    loop = Loop("Proposal", "Discovery", Choice(0.5), missing=need)
    found = handled(replace(world, fields=(need, other), loops=(loop,)), declare(replace(world, loops=())))
    back = {one.name: one.returns.adjusted for one in found.conditions if one.returns is not None}
    assert set(back) == {"Need__c", "Region__c"}
    assert back["Need__c"] is not None
    assert back["Region__c"] is not None
    assert back["Need__c"].interval.high < -0.1
    assert back["Region__c"].interval.low < 0 < back["Region__c"].interval.high


@pytest.mark.slow
def test_a_check_that_unfit_deals_fail_stands_out_among_tasks() -> None:
    world = services(2, 2000)
    check = Act("Credit check", "Contracting", Choice(1.0), rejects=1.0)
    world = replace(world, acts=(*world.acts, check), unfit=0.3)
    found = {one.task: one for one in handled(world, declare(world)).checks}
    assert found["Credit check"].p_value < 1e-6
    assert found["Credit check"].lost_soon.low > 1.5 * found["Credit check"].lost_else.estimate
    assert min(one.p_value for name, one in found.items() if name != "Credit check") > 1e-3
