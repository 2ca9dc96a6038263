# pyright: basic
"""The door to pm4py: the process that inductive mining finds, and a second opinion on what follows what.

pm4py takes seconds to import and likes to print banners, bars and warnings: it is met inside functions, and kept quiet.
"""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pandas as pd

NOISE = 0.2
"""What follows an activity less than a fifth as often as its most frequent follower is noise: the usual setting."""


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a process with one way in and one way out.

    The parts of a choice and of a parallel have no order of their own; the first part of a loop is what is done, the
    second what leads back to it.
    """

    kind: Literal["activity", "silent", "sequence", "choice", "parallel", "loop"]
    name: str = ""
    """The activity; nothing else has a name."""
    parts: tuple[Block, ...] = ()


def inductive_process(variants: Mapping[tuple[str, ...], int], *, noise: float = NOISE) -> Block:
    """Return the process that inductive mining finds in paths and their counts, the same for the same paths.

    Infrequent Inductive Miner (Leemans, Fahland and van der Aalst, 2014); with a `noise` of 0 it allows every path.
    """
    ordered = sorted(
        ((path, count) for path, count in variants.items() if count > 0), key=lambda one: (-one[1], one[0])
    )
    names = list(dict.fromkeys(name for path, _ in ordered for name in path))
    # Numbers in place of names: the order of a set of texts changes from run to run, and with it what pm4py finds.
    codes = {name: code for code, name in enumerate(names)}
    with quiet():
        from collections import Counter

        from pm4py.algo.discovery.inductive.dtypes.im_ds import IMDataStructureUVCL
        from pm4py.algo.discovery.inductive.variants.imf import IMFUVCL, IMFParameters

        counts: Any = Counter({tuple(codes[name] for name in path): count for path, count in ordered})
        settings: Any = {IMFParameters.NOISE_THRESHOLD: noise}
        tree: Any = IMFUVCL({}).apply(IMDataStructureUVCL(counts), settings)
    return _block(tree, names)[1]


def _block(tree: Any, names: Sequence[str]) -> tuple[int, Block]:
    """Return a process tree as a block, and the least code in it, by which parts without an order are ordered."""
    if not tree.children:
        if tree.label is None:
            return len(names), Block("silent")
        return int(tree.label), Block("activity", names[int(tree.label)])
    kind = _KINDS[tree.operator.name]
    found = [_block(child, names) for child in tree.children]
    least = min(code for code, _ in found)
    if kind == "loop":
        done, *back = found
        return least, Block("loop", parts=(done[1], _joined("choice", back)))
    return least, _joined(kind, found)


def _joined(kind: Literal["sequence", "choice", "parallel"], found: list[tuple[int, Block]]) -> Block:
    """Return parts as one block: its like within it opened, nothing twice, and no block around a single part."""
    ordered = found if kind == "sequence" else sorted(found, key=lambda one: one[0])
    parts = [inner for _, part in ordered for inner in (part.parts if part.kind == kind else (part,))]
    if kind == "choice":
        # The way on which nothing happens comes once, and last.
        parts = sorted(dict.fromkeys(parts), key=lambda part: part.kind == "silent")
    else:
        parts = [part for part in parts if part.kind != "silent"] or parts[:1]
    return parts[0] if len(parts) == 1 else Block(kind, parts=tuple(parts))


_KINDS: dict[str, Literal["sequence", "choice", "parallel", "loop"]] = {
    "SEQUENCE": "sequence", "XOR": "choice", "PARALLEL": "parallel", "LOOP": "loop",
}  # fmt: skip


def directly_follows(frame: pd.DataFrame) -> dict[tuple[str, str], int]:
    """Return how often one activity directly follows another, as pm4py counts it, in alphabetical order.

    `frame` has the columns `case_id`, `activity` and `timestamp`, without nulls.
    """
    with quiet():
        import pm4py

        edges, _starts, _ends = pm4py.discover_dfg(frame, "activity", "timestamp", "case_id")
    return {(str(source), str(target)): int(count) for (source, target), count in sorted(edges.items())}


def variants(frame: pd.DataFrame) -> dict[tuple[str, ...], int]:
    """Return how many cases share each sequence of activities, as pm4py counts them; the columns are as above."""
    with quiet():
        import pm4py

        # pm4py takes the rows of a case as they come, here only.
        ordered = frame.sort_values(["case_id", "timestamp"], kind="stable")
        counts: Any = pm4py.get_variants(ordered, "activity", "timestamp", "case_id")
    return dict(sorted(counts.items()))


@contextmanager
def quiet() -> Iterator[None]:
    """Keep pm4py's warnings and progress bars to itself."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pm4py.util import constants

        constants.SHOW_PROGRESS_BAR = False
        yield
