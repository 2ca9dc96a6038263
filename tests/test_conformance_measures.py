"""Measures of the whole agree with the dullest count, deal by deal, over random playbooks and logs."""

from __future__ import annotations

import math
from collections import defaultdict
from datetime import timedelta
from itertools import pairwise
from statistics import fmean, variance
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processminer.conformance.by_version import conform_to
from processminer.conformance.measures.weigh import weigh
from processminer.discovery.discover import discover
from processminer.playbook.moves import allowed_moves
from processminer.playbook.versions import Version
from processminer.statistics.proportions import wilson
from tests.conformance_stories import paths_of, playbook_of, playbooks
from tests.worlds import FIRST_DAY, Stop, log_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from processminer.conformance.conformance import Conformance
    from processminer.log.eventlog import EventLog
    from processminer.playbook.model import Playbook

Said = dict[str, str]


def weighed(playbook: Playbook, log: EventLog) -> Conformance:
    return weigh(conform_to(discover(log), [Version(playbook, "", "test.yaml")]), log, playbook)


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Playbook, dict[str, list[Stop]], dict[str, Said]]:
    """A playbook, deals that begin on different days, and what is said of each."""
    playbook = draw(playbooks(4))
    deals: dict[str, list[Stop]] = {}
    said: dict[str, Said] = {}
    for number in range(draw(st.integers(4, 24))):
        day = draw(st.integers(0, 300))
        path = draw(paths_of(playbook.names, 5).filter(bool))
        ending = draw(st.sampled_from([(), ("Won",), ("Lost",)]))
        deals[f"d{number:02}"] = [(stage, day + step * 7.5) for step, stage in enumerate((*path, *ending))]
        said[f"d{number:02}"] = {
            "OwnerId": draw(st.sampled_from(["Ann", "Bob", "Cy"])),
            "Amount": draw(st.sampled_from(["", "0", "100", "250.5", "4000"])),
            "CurrencyIsoCode": draw(st.sampled_from(["EUR", "EUR", "USD"])),
            "Segment": draw(st.sampled_from(["small", "large"])),
        }
    return playbook, deals, said


def logged(playbook: Playbook, deals: Mapping[str, Sequence[Stop]], said: Mapping[str, Said]) -> EventLog:
    return log_of(deals, as_of_day=400, attributes=said, order=playbook.names)


def verdicts(log: EventLog) -> dict[str, tuple[str, float]]:
    """Verdict and fitness of each deal, as `conform` left them."""
    rows = log.relations.rows("SELECT deal_id, verdict, fitness FROM deal_verdicts JOIN deals USING (deal)")
    return {deal: (verdict, fitness) for deal, verdict, fitness in rows}


@settings(max_examples=8, deadline=None)
@given(worlds())
def test_fitness_by_deal_worth_age_and_group_is_that_of_a_recount(
    world: tuple[Playbook, dict[str, list[Stop]], dict[str, Said]],
) -> None:
    playbook, deals, said = world
    log = logged(playbook, deals, said)
    measures = weighed(playbook, log).measures
    judged = verdicts(log)
    assert measures is not None
    assert measures.fitness is not None
    assert measures.deals == len(judged) == len(deals)
    fits = {deal: fitness for deal, (_, fitness) in judged.items()}
    assert measures.fitness.estimate == pytest.approx(fmean(fits.values()))
    half = 1.959964 * math.sqrt(variance(fits.values()) / len(fits))
    assert measures.fitness.high == pytest.approx(min(1, fmean(fits.values()) + half))

    worth: dict[str, dict[str, float]] = defaultdict(dict)
    for deal, one in said.items():
        if one["Amount"] not in ("", "0"):
            worth[one["CurrencyIsoCode"]][deal] = float(one["Amount"])
    if worth:
        main = min(worth, key=lambda currency: (-len(worth[currency]), currency))
        amounts = worth[main]
        assert (measures.currency, measures.value_deals) == (main, len(amounts))
        whole = sum(amounts.values())
        expected = sum(fits[deal] * amount for deal, amount in amounts.items()) / whole
        assert measures.value_fitness == pytest.approx(expected)
    else:
        assert (measures.currency, measures.value_deals, measures.value_fitness) == (None, 0, None)

    newest = sorted(fits, key=lambda deal: (deals[deal][0][1], deal), reverse=True)[: math.ceil(0.3 * len(fits))]
    rest = [deal for deal in fits if deal not in newest]
    assert measures.generalisation is not None
    assert (measures.generalisation.newest, measures.generalisation.rest) == (len(newest), len(rest))
    assert measures.generalisation.difference.estimate == pytest.approx(
        fmean(fits[deal] for deal in newest) - fmean(fits[deal] for deal in rest)
    )
    assert measures.generalisation.newest_open == sum(deals[deal][-1][0] not in ("Won", "Lost") for deal in newest)


@settings(max_examples=8, deadline=None)
@given(worlds())
def test_owners_segments_and_quarters_are_those_of_a_recount(
    world: tuple[Playbook, dict[str, list[Stop]], dict[str, Said]],
) -> None:
    playbook, deals, said = world
    log = logged(playbook, deals, said)
    measures = weighed(playbook, log).measures
    judged = verdicts(log)
    assert measures is not None
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for deal, one in said.items():
        groups["owner", one["OwnerId"]].append(deal)
        groups["Segment", one["Segment"]].append(deal)
        stage, day = deals[deal][-1]
        if stage in ("Won", "Lost"):
            assert isinstance(day, float)
            closed = FIRST_DAY + timedelta(days=day)
            groups["quarter", f"{closed.year}-Q{(closed.month + 2) // 3}"].append(deal)
    told = (*measures.owners, *measures.segments, *measures.quarters)
    if len({one["Segment"] for one in said.values()}) < 2:
        groups = defaultdict(list, {key: those for key, those in groups.items() if key[0] != "Segment"})
    for attribute in {key[0] for key in groups}:
        large = {key[1]: those for key, those in groups.items() if key[0] == attribute and len(those) >= 5}
        small = [those for key, those in groups.items() if key[0] == attribute and len(those) < 5]
        expected_groups = {name: (1, *_counted(those, judged)) for name, those in large.items()}
        if small:
            together = [deal for those in small for deal in those]
            expected_groups[""] = (len(small), *_counted(together, judged))
        found = {
            one.value or "": (one.groups, one.deals, one.violating, pytest.approx(one.fitness))
            for one in told
            if one.attribute == attribute
        }
        assert expected_groups == found
    assert all(one.share == wilson(one.violating, one.deals) for one in told)
    assert sum(one.deals for one in measures.owners) == len(deals)


def _counted(those: Sequence[str], judged: Mapping[str, tuple[str, float]]) -> tuple[int, int, float]:
    left = sum(judged[deal][0] == "violating" for deal in those)
    return len(those), left, fmean(judged[deal][1] for deal in those)


@settings(max_examples=8, deadline=None)
@given(worlds())
def test_precision_is_that_of_a_recount(world: tuple[Playbook, dict[str, list[Stop]], dict[str, Said]]) -> None:
    playbook, deals, said = world
    measures = weighed(playbook, logged(playbook, deals, said)).measures
    moves = allowed_moves(playbook)
    allowed = {("begin", stage) for stage in moves.starts} | set(moves.between) | {(s, "Won") for s in moves.wins}
    walked = [["begin", *(stage for stage, _ in stops)] for stops in deals.values()]
    taken = {pair for walk in walked for pair in pairwise(walk)}
    used = options = visits = 0
    for walk in walked:
        for state in walk:
            onward = [move for move in allowed if move[0] == state]
            visits += bool(onward)
            options += len(onward)
            used += sum(move in taken for move in onward)
    assert measures is not None
    assert (measures.moves_allowed, measures.moves_used) == (len(allowed), len(allowed & taken))
    assert (measures.visits, measures.precision) == (visits, pytest.approx(used / options))


def test_a_playbook_that_allows_what_nobody_does_is_less_precise() -> None:
    log = log_of({f"d{at}": ["A", "B", "Won"] for at in range(5)}, order=["A", "B"])
    exact, wide = playbook_of("A", "B"), playbook_of("A", "B?", "C?")
    first, second = weighed(exact, log).measures, weighed(wide, log).measures
    assert first is not None
    assert second is not None
    assert (first.precision, first.moves_used, first.moves_allowed) == (1.0, 3, 3)
    assert second.precision is not None
    assert second.precision < 1.0


def test_a_rising_share_of_deals_that_leave_the_playbook_is_told_as_a_trend_of_closed_deals() -> None:
    deals: dict[str, list[Stop]] = {}
    for quarter in range(4):
        for number in range(20):
            skips = number < 4 * quarter
            day = quarter * 91 + 10.0
            path = ["A", "C", "Won"] if skips else ["A", "B", "C", "Won"]
            deals[f"q{quarter}-{number:02}"] = [(stage, day + step) for step, stage in enumerate(path)]
    measures = weighed(playbook_of("A", "B", "C"), log_of(deals, order=["A", "B", "C"])).measures
    assert measures is not None
    assert [(one.value, one.deals, one.violating) for one in measures.quarters] == [
        ("2026-Q1", 20, 0), ("2026-Q2", 20, 4), ("2026-Q3", 20, 8), ("2026-Q4", 20, 12),
    ]  # fmt: skip
    assert measures.trend is not None
    assert measures.trend.change.estimate == pytest.approx(0.2)
    assert measures.trend.p_value < 0.001


def test_two_quarters_make_no_trend_and_one_deal_no_interval() -> None:
    measures = weighed(playbook_of("A"), log_of({"x": ["A", "Won"]})).measures
    assert measures is not None
    assert measures.trend is None
    assert measures.generalisation is None
    assert measures.fitness is not None
    assert (measures.fitness.low, measures.fitness.high) == (0.0, 1.0)
    assert [(one.value, one.groups, one.deals) for one in measures.quarters] == [(None, 1, 1)]
