"""Edits of random playbooks: each gives what was meant, moves no other line, and can be taken back."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from processminer.engines.yaml_text import dump
from processminer.engines.yaml_text import load as plain
from processminer.errors import PlaybookError
from processminer.playbook.edits import Edit
from processminer.playbook.patch import apply
from processminer.playbook.read import parse_playbook
from tests.playbook_texts import playbook_texts


def name_of(item: Any) -> str:
    if not isinstance(item, dict):
        return str(item)
    return str(next(item[key] for key in ("name", "do", "entering", "subject", "version") if key in item))


@st.composite
def edited(draw: Any) -> tuple[str, Edit, Any]:
    """Draw a playbook's text, an edit of it, and the plain data that it must give (worked out without the tree)."""
    book, text = draw(playbook_texts())
    meant = deepcopy(book)
    stage = draw(st.sampled_from(meant["stages"]))
    kind = draw(st.sampled_from([set_key, add_item, add_stage, add_won, drop_key, drop_item, set_anywhere]))
    edit = kind(draw, meant, stage, ("stages", stage["name"]))
    return text, edit, meant


def set_key(draw: Any, _: Any, stage: Any, path: tuple[str, ...]) -> Edit:
    values = {"goal": "so: be it", "optional": True, "time_limit": 5, "owner": "SDR", "probability": "20%"}
    key = draw(st.sampled_from(list(values)))
    stage[key] = values[key]
    return Edit("set", (*path, key), values[key])


def set_anywhere(draw: Any, book: Any, _: Any, __: tuple[str, ...]) -> Edit:
    """Give any text of the playbook that is no reference another wording."""
    places = list(texts_in(book, ()))
    path, holder, key = draw(st.sampled_from(places))
    holder[key] = draw(st.sampled_from(["so: be it", "plain", "'quoted'", "# sharp", "3"]))
    return Edit("set", path, holder[key])


FREE = ("goal", "by", "because", "why", "where", "approved_by", "target", "name")
"""Keys whose text may be anything."""


def texts_in(part: Any, path: tuple[str, ...]) -> Any:
    """Yield each freely worded text with its path, what holds it, and its key there."""
    if isinstance(part, list):
        names = [name_of(one) for one in part]
        for name, one in zip(names, part, strict=True):
            if isinstance(one, dict) and names.count(name) == 1:
                yield from texts_in(one, (*path, name))
    elif isinstance(part, dict):
        for key, one in part.items():
            if isinstance(one, str) and key in FREE and (key != "name" or not path):
                yield (*path, key), part, key
            elif isinstance(one, (dict, list)):
                yield from texts_in(one, (*path, key))


def add_item(draw: Any, _: Any, stage: Any, path: tuple[str, ...]) -> Edit:
    values = {"aliases": draw(st.sampled_from(["x y", "off", "a, b"])), "tasks": {"do": "Sign", "seen_as": ["Meeting"]}}
    key = draw(st.sampled_from(list(values)))
    return Edit("add", (*path, key), values[key], put(draw, stage.setdefault(key, []), values[key]))


def add_stage(draw: Any, book: Any, _: Any, __: tuple[str, ...]) -> Edit:
    stage = {"name": "Fresh", "tasks": [{"do": "Sign", "by": "AE"}]}
    return Edit("add", ("stages",), stage, put(draw, book["stages"], stage))


def add_won(draw: Any, book: Any, _: Any, __: tuple[str, ...]) -> Edit:
    return Edit("add", ("outcomes", "won"), "Oui!", put(draw, book["outcomes"]["won"], "Oui!"))


def put(draw: Any, items: list[Any], value: Any) -> str | None:
    """Put a value somewhere into a list, and return after what."""
    at = draw(st.integers(0, len(items)))
    after = name_of(items[at - 1]) if at else draw(st.sampled_from(["", None]))
    items.insert(len(items) if after is None else at, value)
    return after


def drop_key(draw: Any, book: Any, stage: Any, path: tuple[str, ...]) -> Edit:
    keys = [key for key in stage if key != "name"]
    if not keys:
        return set_key(draw, book, stage, path)
    key = draw(st.sampled_from(keys))
    del stage[key]
    return Edit("remove", (*path, key))


def drop_item(draw: Any, book: Any, stage: Any, path: tuple[str, ...]) -> Edit:
    key = draw(st.sampled_from(["tasks", "aliases", "may_return_to"]))
    if not stage.get(key):
        return set_key(draw, book, stage, path)
    item = draw(st.sampled_from(stage[key]))
    stage[key].remove(item)
    if not stage[key]:
        del stage[key]
    return Edit("remove", (*path, key, name_of(item)))


@settings(deadline=None, max_examples=40)
@given(playbook_texts())
def test_what_the_generator_writes_is_what_it_means(written: tuple[dict[str, Any], str]) -> None:
    book, text = written
    assert plain(text) == book


@settings(deadline=None, max_examples=40)
@given(edited())
def test_an_edit_gives_what_was_meant(case: tuple[str, Edit, Any]) -> None:
    text, edit, meant = case
    note(text)
    note(repr(edit))
    assert plain(apply(text, [edit])) == meant


@settings(deadline=None, max_examples=40)
@given(edited())
def test_an_edit_moves_no_other_line(case: tuple[str, Edit, Any]) -> None:
    text, edit, _ = case
    note(text)
    note(repr(edit))
    after = apply(text, [edit])
    note(after)
    gone, come = changed_lines(text, after)
    if edit.action == "remove":
        inside = where(plain(text), edit.path)
        lost = [comment for comment in comments(text) if comment not in comments(after)]
        assert all(comment.split(" ")[1].startswith(inside) for comment in lost)
        assert len(come) <= 1
    else:
        assert comments(text) == comments(after)
        assert len(gone) <= 1


def changed_lines(before: str, after: str) -> tuple[list[str], list[str]]:
    """Return the lines of each text that lie between their common first and last lines."""
    old, new = before.splitlines(), after.splitlines()
    while old and new and old[0] == new[0]:
        old, new = old[1:], new[1:]
    while old and new and old[-1] == new[-1]:
        old, new = old[:-1], new[:-1]
    return old, new


def comments(text: str) -> list[str]:
    """Return the generator's comments; none of its values holds a sign and a digit like that."""
    return re.findall(r"#\d+ \S*", text)


def where(book: Any, path: tuple[str, ...]) -> str:
    """Return a path as the generator writes it in comments, shortened to what the part empties by leaving."""
    steps: list[str] = []
    sizes: list[int] = []
    for step in path:
        index = [name_of(item) for item in book].index(step) if isinstance(book, list) else step
        steps.append(str(index))
        sizes.append(len(book))
        book = book[index]
    while sizes[-1] == 1:
        sizes.pop()
        steps.pop()
    return "".join(f"/{step}" for step in steps)


@settings(deadline=None, max_examples=40)
@given(playbook_texts(), st.data())
def test_setting_a_text_and_setting_it_back_gives_the_same_bytes(
    written: tuple[dict[str, Any], str], data: st.DataObject
) -> None:
    book, text = written
    stage = data.draw(st.sampled_from(book["stages"]))
    path = ("stages", stage["name"], "goal")
    forth = Edit("set", path, "Something else")
    if "goal" not in stage:
        assert apply(apply(text, [forth]), [Edit("remove", path)]) == text
    else:
        back = apply(apply(text, [forth]), [Edit("set", path, stage["goal"])])
        if f'"{stage["goal"]}"' not in text:
            # Double quotation marks that were needed go when they are not: there is nothing that remembers them.
            assert back == text
        assert plain(back) == book


@settings(deadline=None, max_examples=40)
@given(playbook_texts())
def test_adding_a_stage_and_removing_it_gives_the_same_bytes(written: tuple[dict[str, Any], str]) -> None:
    book, text = written
    for after in ("", *(stage["name"] for stage in book["stages"])):
        grown = apply(text, [Edit("add", ("stages",), {"name": "Fresh", "goal": "New"}, after)])
        assert apply(grown, [Edit("remove", ("stages", "Fresh"))]) == text


@st.composite
def moved(draw: Any) -> tuple[str, Edit, Any]:
    """Draw a playbook's text, a move of a stage or of a thing in a stage, and the plain data that it must give."""
    book, text = draw(playbook_texts())
    meant = deepcopy(book)
    lists = [(("stages",), meant["stages"])]
    for stage in meant["stages"]:
        lists += [(("stages", stage["name"], key), stage[key]) for key in ("tasks", "aliases") if stage.get(key)]
    path, items = draw(st.sampled_from(lists))
    item = items.pop(draw(st.integers(0, len(items) - 1)))
    return text, Edit("move", (*path, name_of(item)), after=put(draw, items, item)), meant


@settings(deadline=None, max_examples=40)
@given(moved())
def test_a_move_gives_what_was_meant_and_keeps_every_line(case: tuple[str, Edit, Any]) -> None:
    text, edit, meant = case
    note(text)
    note(repr(edit))
    try:
        parse_playbook(dump(meant))
    except PlaybookError:
        # A stage that moved across another may leave permissions behind that no longer lead the right way.
        with pytest.raises(PlaybookError):
            apply(text, [edit])
        return
    after = apply(text, [edit])
    note(after)
    assert plain(after) == meant
    assert sorted(comments(text)) == sorted(comments(after))
    if "[" not in text and "{" not in text:
        assert sorted(text.splitlines()) == sorted(after.splitlines())
    assert text.endswith(("\n", "\r")) == after.endswith(("\n", "\r"))


@settings(deadline=None, max_examples=40)
@given(moved())
def test_a_move_and_the_move_back_give_the_same_bytes(case: tuple[str, Edit, Any]) -> None:
    text, edit, _ = case
    book = plain(text)
    for step in edit.path[:-1]:
        book = book[[name_of(one) for one in book].index(step)] if isinstance(book, list) else book[step]
    names = [name_of(one) for one in book]
    place = names.index(edit.path[-1])
    back = Edit("move", edit.path, after=names[place - 1] if place else "")
    try:
        forth = apply(text, [edit])
    except PlaybookError:
        return
    note(text)
    note(forth)
    assert apply(forth, [back]) == text
