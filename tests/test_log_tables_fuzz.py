"""Files that nothing sensible wrote: whatever they hold, they are refused with the next move or lose no row."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.fuzz_tables import ENDINGS, check

CORPUS = sorted((Path(__file__).parent / "fuzz" / "corpus").iterdir())
SEEDS = {path.name: path.read_bytes() for path in CORPUS}


def as_file(folder: Path, found: bytes) -> Path:
    path = folder / f"export{ENDINGS[found[0] % len(ENDINGS)]}"
    path.write_bytes(found[1:])
    return path


@pytest.mark.parametrize("name", SEEDS)
def test_a_file_of_the_corpus_is_borne(tmp_path: Path, name: str) -> None:
    assert check(as_file(tmp_path, SEEDS[name])) in {"refused", "tables", "logs"}


@settings(max_examples=150)
@given(found=st.binary(min_size=1, max_size=400))
def test_any_bytes_are_borne(tmp_path_factory: pytest.TempPathFactory, found: bytes) -> None:
    assert check(as_file(tmp_path_factory.mktemp("bytes"), found)) in {"refused", "tables", "logs"}


edits = st.lists(
    st.tuples(
        st.sampled_from(["cut", "repeat", "change", "swap"]), st.floats(0, 1), st.floats(0, 1), st.binary(max_size=6)
    ),
    min_size=1,
    max_size=4,
)


def edited(found: bytes, kind: str, at: float, to: float, new: bytes) -> bytes:
    first, last = sorted((int(at * len(found)), int(to * len(found))))
    last = min(last, first + 200)
    match kind:
        case "cut":
            return found[:first] + found[last:]
        case "repeat":
            return found[:last] + found[first:last] * 3 + found[last:]
        case "swap":
            return found[:first] + found[first:last][::-1] + found[last:]
        case _:
            return found[:first] + new + found[first + len(new) :]


@settings(max_examples=200)
@given(name=st.sampled_from(list(SEEDS)), changes=edits)
def test_a_good_file_that_was_tampered_with_is_borne(tmp_path_factory: pytest.TempPathFactory, name, changes) -> None:
    found = SEEDS[name][1:]
    for change in changes:
        found = edited(found, *change)
    assert check(as_file(tmp_path_factory.mktemp("edited"), SEEDS[name][:1] + found)) in {"refused", "tables", "logs"}
