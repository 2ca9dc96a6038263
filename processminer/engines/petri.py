# pyright: basic
"""The door to pm4py: a second opinion on what follows what.

pm4py takes seconds to import and likes to print banners, bars and warnings: it is met inside functions, and kept quiet.
"""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd


def directly_follows(frame: pd.DataFrame) -> dict[tuple[str, str], int]:
    """Return how often one activity directly follows another, as pm4py counts it, in alphabetical order.

    `frame` has the columns `case_id`, `activity` and `timestamp`, without nulls.
    """
    with _quiet():
        import pm4py

        edges, _starts, _ends = pm4py.discover_dfg(frame, "activity", "timestamp", "case_id")
    return {(str(source), str(target)): int(count) for (source, target), count in sorted(edges.items())}


def variants(frame: pd.DataFrame) -> dict[tuple[str, ...], int]:
    """Return how many cases share each sequence of activities, as pm4py counts them; the columns are as above."""
    with _quiet():
        import pm4py

        # pm4py takes the rows of a case as they come, here only.
        ordered = frame.sort_values(["case_id", "timestamp"], kind="stable")
        counts: Any = pm4py.get_variants(ordered, "activity", "timestamp", "case_id")
    return dict(sorted(counts.items()))


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep pm4py's warnings and progress bars to itself."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pm4py.util import constants

        constants.SHOW_PROGRESS_BAR = False
        yield
