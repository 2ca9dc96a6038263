"""What won deals did, counted a second time deal by deal."""

from __future__ import annotations

from collections import Counter, defaultdict
from statistics import median
from typing import TYPE_CHECKING

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from processminer.discovery.discover import discover
from processminer.discovery.won_deals import ways_travelled
from processminer.discovery.won_examples import won_examples
from processminer.discovery.won_tasks import won_tasks
from tests.worlds import log_of

if TYPE_CHECKING:
    from collections.abc import Mapping

Deals = dict[str, list[tuple[str, float]]]


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Deals, Deals]:
    """Deals whose stays last whole days, and activities that fall between the changes of stage."""
    deals: Deals = {}
    tasks: Deals = {}
    for number in range(draw(st.integers(1, 8))):
        stages = draw(st.lists(st.sampled_from("AB"), min_size=1, max_size=4))
        stages = [stage for at, stage in enumerate(stages) if at == 0 or stages[at - 1] != stage]
        end = draw(st.sampled_from(["Won", "Won", "Lost", None]))
        path = [(stage, float(at * 3)) for at, stage in enumerate(stages)]
        deals[f"d{number}"] = [*path, *([(end, 3.0 * len(path))] if end else [])]
        tasks[f"d{number}"] = [
            (draw(st.sampled_from(["Call", "Mail"])), draw(st.integers(0, 3 * len(path))) + 0.5)
            for _ in range(draw(st.integers(0, 5)))
        ]
    return deals, tasks


@settings(deadline=None, max_examples=15, phases=[Phase.explicit, Phase.generate])
@given(worlds())
def test_activities_of_won_deals_are_counted_by_the_stage_they_fell_in(world: tuple[Deals, Deals]) -> None:
    deals, tasks = world
    found = won_tasks(discover(log_of(deals, tasks=tasks, as_of_day=30.0)))
    done: defaultdict[tuple[str, str, str], list[float]] = defaultdict(list)
    for deal, path in deals.items():
        if path[-1][0] == "Won":
            for name, day in tasks[deal]:
                at = max((at for at, (_, entered) in enumerate(path) if entered <= day), default=0)
                if at < len(path) - 1:
                    done[name, path[at][0], deal].append(day - path[at][1])
    counted: defaultdict[tuple[str, str], list[list[float]]] = defaultdict(list)
    for (name, stage, _), after in done.items():
        counted[name, stage].append(after)
    assert {(one.name, one.stage) for one in found} == set(counted)
    assert [one.deals for one in found] == sorted((one.deals for one in found), reverse=True)
    for one in found:
        times = counted[one.name, one.stage]
        assert one.deals == len(times)
        assert one.times == Counter(map(len, times))
        assert one.median_days == pytest.approx(median(map(min, times)), abs=1e-6)
        assert one.anywhere == len({deal for name, _, deal in done if name == one.name})


@settings(deadline=None, max_examples=15, phases=[Phase.explicit, Phase.generate])
@given(worlds())
def test_ways_are_the_stages_before_the_win_and_lost_and_open_deals_have_none(world: tuple[Deals, Deals]) -> None:
    deals, _ = world
    ways = Counter(tuple(stage for stage, _ in path[:-1]) for path in deals.values() if path[-1][0] == "Won")
    assert ways_travelled(discover(log_of(deals, as_of_day=30.0))) == ways


def test_examples_went_the_way_asked_for_did_what_is_usual_and_took_the_usual_time() -> None:
    days = {"quick": 2.0, "middle": 20.0, "bare": 21.0, "slow": 90.0, "other": 20.5}
    deals: Deals = {deal: [("A", 0.0), ("B", 1.0), ("Won", took)] for deal, took in days.items()}
    deals["other"] = [("A", 0.0), ("Won", 20.5)]
    deals["lost"] = [("A", 0.0), ("B", 1.0), ("Lost", 20.0)]
    calls: Mapping[str, list[tuple[str, float]]] = {
        deal: [("Call", 1.5), ("Mail", 1.2), ("Call", 1.7), ("Call", 95.0)] for deal in deals if deal != "bare"
    }
    found = discover(log_of(deals, tasks=calls, as_of_day=99.0))
    segment, examples = won_examples(found, [("A", "B")], ["Call"], 3)
    assert segment is None
    # Who lacks the usual call comes last, however usual the time.
    assert [one.deal for one in examples] == ["middle", "slow", "quick"]
    assert examples[0].way == ("A", "B")
    assert examples[0].days == pytest.approx(20)
    # What was done after the win is no way to win.
    assert (examples[0].touch_points, dict(examples[0].touches)) == (3, {"Call": 2, "Mail": 1})


def test_examples_come_from_every_segment_before_a_second_from_one() -> None:
    deals: Deals = {f"d{number}": [("A", 0.0), ("Won", 10.0 + number)] for number in range(6)}
    segments = {deal: {"Segment": "large" if deal == "d5" else "small"} for deal in deals}
    segment, examples = won_examples(discover(log_of(deals, attributes=segments)), [("A",)], [], 3)
    assert segment == "Segment"
    assert [(one.deal, one.segment) for one in examples] == [("d3", "small"), ("d5", "large"), ("d2", "small")]
