"""The silence of open deals, against a count in plain Python."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from processminer.discovery.discover import discover
from processminer.discovery.silence import silence_of
from tests.worlds import log_of

days = st.integers(0, 400).map(lambda quarter: quarter / 4)
deals = st.lists(st.tuples(days, st.sampled_from(["open", "Won", "Lost"]), st.none() | days), min_size=1, max_size=12)


@settings(max_examples=8, deadline=None)
@given(deals)
def test_silence_is_the_time_since_the_last_stage_event_or_task_of_an_open_deal(
    told: list[tuple[float, str, float | None]],
) -> None:
    names = [f"deal-{n:02}" for n in range(len(told))]
    paths = {
        name: ["A", ("B", entered + 1)] if end == "open" else ["A", ("B", entered + 1), (end, entered + 2)]
        for name, (entered, end, _) in zip(names, told, strict=True)
    }
    paths["won"] = ["A", "B", "Won"]
    tasks = {name: [("Call", call)] for name, (_, _, call) in zip(names, told, strict=True) if call is not None}
    found = silence_of(discover(log_of(paths, tasks=tasks, as_of_day=150, order=["A", "B"])).log)
    silent = {
        name: int(150 - max(entered + 1, call or 0))
        for name, (entered, end, call) in zip(names, told, strict=True)
        if end == "open"
    }
    assert [(one.days, one.deals) for one in found.lengths] == sorted(Counter(silent.values()).items(), reverse=True)
    assert found.open == len(silent)
    for one in found.lengths:
        assert list(one.examples) == sorted(name for name, length in silent.items() if length == one.days)[:5]


def test_nine_in_ten_won_deals_are_won_within_the_time_said() -> None:
    paths = {f"won-{n}": ["A", ("Won", float(n))] for n in range(1, 12)}
    assert silence_of(discover(log_of(paths)).log).won_p90_days == 10.0
    assert silence_of(discover(log_of({"x": ["A"], "y": [("Won", 3)]})).log).won_p90_days is None
