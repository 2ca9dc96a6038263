"""Names that people vary by accident are one name."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from processminer.words import fold


@given(st.text())
def test_folding_a_label_twice_changes_nothing_more(label: str) -> None:
    assert fold(fold(label)) == fold(label)
