"""pm4py counts as the dullest Python does, and says nothing while it does."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from processminer.engines.petri import directly_follows, variants

if TYPE_CHECKING:
    import pytest

paths = st.lists(st.lists(st.sampled_from("ABCD"), min_size=1, max_size=6), min_size=1, max_size=6)


def frame_of(cases: list[list[str]]) -> pd.DataFrame:
    rows = [
        (f"case {number}", activity, pd.Timestamp("2026-01-01", tz="UTC") + pd.Timedelta(hours=number + 10 * position))
        for number, case in enumerate(cases)
        for position, activity in enumerate(case)
    ]
    return pd.DataFrame(rows, columns=["case_id", "activity", "timestamp"])


@settings(max_examples=40, deadline=None)
@given(cases=paths)
def test_the_second_opinion_is_what_a_plain_count_says(cases: list[list[str]]) -> None:
    frame = frame_of(cases).sample(frac=1, random_state=1)
    assert directly_follows(frame) == Counter(pair for case in cases for pair in pairwise(case))
    assert variants(frame) == Counter(map(tuple, cases))


def test_no_bar_and_no_banner_is_printed(capfd: pytest.CaptureFixture[str]) -> None:
    assert directly_follows(frame_of([["A", "B"]])) == {("A", "B"): 1}
    assert capfd.readouterr() == ("", "")
