"""The YAML door: what is written is read back the same, by us and by another reader, and positions are true."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import yaml as other_reader
from hypothesis import given, settings
from hypothesis import strategies as st

from processminer.engines.yaml_text import (
    MappingNode,
    Node,
    ScalarNode,
    SequenceNode,
    YamlFault,
    compose,
    dump,
    dump_text,
    load,
)
from tests.playbook_texts import playbook_texts

WORDS = st.one_of(
    st.text(max_size=12),
    st.text(st.sampled_from("ab 1-:#,[]{}'\"\n\t&*!%@?~.é\x85\u2028\ufeff\x00"), max_size=8),
    st.sampled_from(
        ["yes", "No", "on", "null", "~", "1e3", "0x1f", "12:30", "2026-01-01", "1_000", "=", "<<", "-", "", "..."]
    ),
)
SINGLE = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.dates(min_value=date(1000, 1, 1)), WORDS
)
VALUES = st.recursive(
    SINGLE,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(WORDS, inner, max_size=3)),
    max_leaves=8,
)


@settings(deadline=None)
@given(VALUES)
def test_what_is_dumped_is_read_back_the_same(value: Any) -> None:
    assert load(f"k: {dump(value)}  # c\n") == {"k": value}
    assert load(f"[{dump(value)}, 1]") == [value, 1]


@settings(deadline=None)
@given(WORDS, st.sampled_from(["", "'", '"']))
def test_text_stays_text_for_another_yaml_reader_too(text: str, style: str) -> None:
    written = dump_text(text, style)
    assert "\n" not in written
    assert other_reader.safe_load(f"[{written}]") == [text]
    assert load(f"[{written}]") == [text]


@settings(deadline=None, max_examples=50)
@given(playbook_texts())
def test_every_part_stands_where_its_node_says(written: tuple[dict[str, Any], str]) -> None:
    _, text = written
    tree = compose(text)
    assert tree is not None
    for node in parts(tree):
        own = text[node.start : node.end]
        match node:
            case ScalarNode():
                assert load(f"[{own}]") == [node.value]
            case SequenceNode():
                assert own.startswith("[" if node.flow else "-")
                assert not node.flow or own.endswith("]")
            case MappingNode():
                assert own.startswith("{") if node.flow else own.startswith(node.pairs[0][0].raw)
        assert own == own.strip()


def parts(node: Node) -> list[Node]:
    if isinstance(node, ScalarNode):
        return [node]
    inner = [part for _, part in node.pairs] if isinstance(node, MappingNode) else list(node.items)
    return [node, *(deeper for one in inner for deeper in parts(one))]


def test_block_text_ends_with_its_last_line_and_absent_values_stand_behind_their_colon() -> None:
    text = "a: |  # note\n  one\n\n  two\n\n# below\nb:\n# far below\nc:\n  -\n  - x\n"
    tree = compose(text)
    assert isinstance(tree, MappingNode)
    (_, block), (_, absent), (_, items) = tree.pairs
    assert text[block.start : block.end] == "|  # note\n  one\n\n  two"
    assert (text[: absent.start].endswith("b:"), absent.start) == (True, absent.end)
    assert isinstance(items, SequenceNode)
    assert text[: items.items[0].start].endswith("c:\n  -")


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("a: [1", 5),
        ("a: 'x", 5),
        ("a: *b", 3),
        ("a: !x 1", 3),
        ("a: 1\n---\nb: 1", 5),
        ("a:\n\t- b", 3),
        ("a: \x07", 3),
    ],
)
def test_faults_stand_where_the_text_goes_wrong(text: str, position: int) -> None:
    with pytest.raises(YamlFault) as refused:
        load(text)
    assert refused.value.position == position


def test_a_bomb_of_aliases_is_refused_at_its_first_fuse() -> None:
    bomb = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 60))
    with pytest.raises(YamlFault, match="write out what it stands for"):
        load(bomb)


def test_what_only_looks_like_a_date_or_a_character_is_handled() -> None:
    assert load("a: 2026-13-45\nb: 2026-01-31") == {"a": "2026-13-45", "b": date(2026, 1, 31)}
    assert load("# nothing") is None
    for text in ('b: 1\na: "\\UFFFFFFFF"', 'b: 1\na: "\\ud800"'):
        with pytest.raises(YamlFault) as refused:
            load(text)
        assert refused.value.position >= 5
