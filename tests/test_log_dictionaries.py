"""Dictionaries beside a history: ids become labels, pipelines tell equal labels apart, people get names."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from processminer.engines.relations import Relations
from processminer.log.dictionaries import (
    BETWEEN,
    Dictionary,
    StageEntry,
    name_people,
    read_dictionary,
    read_merges,
    read_people,
)
from processminer.log.names import Names
from processminer.log.sources.recognise import Part
from processminer.log.stage_keys import meanings


def part(relations: Relations, name: str, **columns: list[str | None]) -> Part:
    relations.put(name, columns, dict.fromkeys(columns, "VARCHAR"))
    table = SimpleNamespace(name=name, columns=relations.columns(name), row_number="rowid")
    return Part(cast("Any", table), {column: column for column in columns})


def entry(stage: str, label: str, pipeline: str | None = None, kind: Any = "open", at: float = 0) -> StageEntry:
    return StageEntry(stage, label, pipeline, pipeline and f"{pipeline} pipe", at, None, kind, active=True)


def test_ids_become_labels_and_an_id_that_is_gone_is_called_deleted() -> None:
    told = meanings({"1": 9, "2": 5, "77": 1}, Dictionary((entry("1", "Demo"), entry("2", "Won", kind="won"))), Names())
    assert told.label_of == {"1": "Demo", "2": "Won", "77": "stage 77 (deleted)"}
    assert told.kind_of == {"demo": "open", "won": "won"}
    assert told.unknown == {"77": 1}
    assert told.order == ("Demo", "Won")


def test_where_the_dictionary_knows_hardly_a_row_its_silence_means_nothing() -> None:
    told = meanings({"Contact": 50, "1": 2}, Dictionary((entry("1", "Demo"), entry("2", "Offer"))), Names())
    assert told.label_of["Contact"] == "Contact"
    assert not told.unknown


def test_a_label_of_two_pipelines_is_told_apart_unless_it_ends_deals_or_is_declared() -> None:
    entries = tuple(entry(f"{pipe}{at}", label, pipe, kind, at) for pipe in "ab" for at, (label, kind) in enumerate(
        [("Demo", "open"), ("Offer", "open"), ("Closed Won", "won")]
    ))  # fmt: skip
    counts = {one.stage: 3 for one in entries}
    told = meanings(counts, Dictionary(entries), Names(order=("Offer",)))
    assert told.label_of["a0"] == "Demo (a pipe)"
    assert told.label_of["b0"] == "Demo (b pipe)"
    assert told.label_of["a1"] == told.label_of["b1"] == "Offer"
    assert told.label_of["a2"] == told.label_of["b2"] == "Closed Won"


def test_a_pipeline_that_no_row_uses_tells_nothing_apart() -> None:
    entries = (entry("a0", "Demo", "a"), entry("b0", "Demo", "b"))
    assert meanings({"a0": 3, "b0": 0}, Dictionary(entries), Names()).label_of["a0"] == "Demo"


def test_the_pipeline_in_the_row_decides_between_stages_of_one_id() -> None:
    entries = (entry("1", "Demo", "a"), entry("1", "Call", "b"))
    told = meanings({f"1{BETWEEN}a": 1, f"1{BETWEEN}b": 1, f"1{BETWEEN}b pipe": 1}, Dictionary(entries), Names())
    assert list(told.label_of.values()) == ["Demo", "Call", "Call"]


@pytest.mark.parametrize(
    ("closed", "won", "probability", "kinds"),
    [
        (["true", "true", "false"], ["true", "false", "false"], None, ["won", "lost", "open"]),
        (["true", "true", "false"], None, ["1.0", "0.0", "0.4"], ["won", "lost", "open"]),
        (None, ["t", "f", "f"], None, ["won", None, None]),
        (None, None, ["100", "0", "100"], [None, None, None]),
    ],
)
def test_a_dictionary_says_which_stages_end_a_deal_and_no_more_than_it_knows(
    closed: list[str | None] | None,
    won: list[str | None] | None,
    probability: list[str | None] | None,
    kinds: list[Any],
) -> None:
    relations = Relations()
    flags = {"is_closed": closed, "is_won": won, "probability": probability}
    said: dict[str, list[str | None]] = {key: column for key, column in flags.items() if column is not None}
    stages = part(relations, "s", stage=["a", "b", "c"], position=["3", "2", "10"], **said)
    entries = read_dictionary(relations, {"stages": stages}).entries
    assert [one.stage for one in entries] == ["b", "a", "c"]
    assert [one.kind for one in sorted(entries, key=lambda one: one.stage)] == kinds
    assert relations.row(
        "SELECT count(*), max(probability) <= 1 OR max(probability) IS NULL FROM stage_dictionary"
    ) == (
        3,
        True,
    )


def test_pipelines_are_ordered_as_they_are_declared() -> None:
    relations = Relations()
    stages = part(relations, "s", stage=["1", "2"], label=["X", "Y"], pipeline=["p", "q"], position=["5", "1"])
    pipelines = part(relations, "p", pipeline=["p", "q"], label=["First", "Second"], position=["0", "1"])
    entries = read_dictionary(relations, {"stages": stages, "pipelines": pipelines}).entries
    assert [(one.label, one.pipeline_label) for one in entries] == [("X", "First"), ("Y", "Second")]


def test_people_get_their_names_and_namesakes_keep_their_ids() -> None:
    relations = Relations()
    users = part(
        relations,
        "u",
        owner=["1", "2", "3", "4", "5"],
        first_name=["Ann", "Ann", None, None, "Old"],
        last_name=["Lee", "Lee", "Roy", None, None],
        email=[None, None, None, "x@y.z", None],
    )
    relations.put("records", {"owner": ["1", "2", "3", "4", "9", None]}, {"owner": "VARCHAR"})
    read_people(relations, users)
    name_people(relations, users, "records", "owner")
    assert [row[0] for row in relations.rows("SELECT owner FROM records ORDER BY rowid")] == [
        "Ann Lee (1)",
        "Ann Lee (2)",
        "Roy",
        "x@y.z",
        "9",
        None,
    ]


def test_merges_are_read_from_their_table_and_from_the_list_of_the_survivor() -> None:
    relations = Relations()
    merges = part(relations, "m", deal=["1", "1", "2"], merged=["7", "7", "2"])
    deals = part(relations, "d", deal=["1", "2", "3"], merged_ids=["8;9", "[10, 11]", None])
    read_merges(relations, {"merges": merges, "deals": deals})
    assert relations.rows("SELECT * FROM merged_deals ORDER BY survivor, deal_id::INT") == [
        ("7", "1"),
        ("8", "1"),
        ("9", "1"),
        ("10", "2"),
        ("11", "2"),
    ]
