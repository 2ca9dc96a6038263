"""The schema that editors use is the model's own: what reads fits it, and what is wrong with a key does not."""

from __future__ import annotations

from datetime import date
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator, FormatChecker

from processminer.cli import main
from processminer.engines.yaml_text import load
from processminer.errors import PlaybookError
from processminer.playbook.frameworks import FRAMEWORKS
from processminer.playbook.new import new_playbook
from processminer.playbook.read import parse_playbook
from processminer.playbook.schema import DIALECT, playbook_schema, render_schema
from tests.playbook_texts import playbook_texts

SHIPPED = sorted((Path(__file__).parent.parent / "playbooks").glob("*.yaml"))


@cache
def validator() -> Draft7Validator:
    return Draft7Validator(playbook_schema(), format_checker=FormatChecker())


def as_editors_read(value: Any) -> Any:
    """Return what an editor makes of YAML: it knows no dates."""
    if isinstance(value, dict):
        return {key: as_editors_read(one) for key, one in value.items()}
    if isinstance(value, list):
        return [as_editors_read(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


def refusals(text: str) -> list[str]:
    """Return the places that the schema refuses, as keys and places in lists."""
    errors = validator().iter_errors(as_editors_read(load(text)))
    return sorted(".".join(map(str, error.absolute_path)) for error in errors)


def reads(text: str) -> bool:
    try:
        parse_playbook(text)
    except PlaybookError:
        return False
    return True


def test_the_file_that_ships_is_what_the_model_gives() -> None:
    shipped = resources.files("processminer.playbook").joinpath("schema.json").read_text(encoding="utf-8")
    assert shipped == render_schema(), "run: make schema"


def test_the_command_prints_it_or_writes_it(tmp_path: Path) -> None:
    assert CliRunner().invoke(main, ["playbook", "schema"]).stdout == render_schema()
    out = tmp_path / "playbook.schema.json"
    assert CliRunner().invoke(main, ["playbook", "schema", "--out", str(out)]).exit_code == 0
    assert out.read_text(encoding="utf-8") == render_schema()


def test_it_is_a_schema_of_the_draft_that_it_names_and_explains_every_key() -> None:
    schema = playbook_schema()
    Draft7Validator.check_schema(schema)
    assert schema["$schema"] == DIALECT == Draft7Validator.META_SCHEMA["$schema"]
    parts = {"Playbook": schema, **schema["definitions"]}
    assert len(parts) == 12
    for name, part in parts.items():
        assert part["additionalProperties"] is False, name
        assert part["description"], name
        for key, one in part["properties"].items():
            assert one["description"].endswith("."), (name, key)
            assert "\n" not in one["description"], (name, key)


def places(node: Any) -> list[str]:
    """Return every reference in a schema, and fail for what draft 07 does not read."""
    if isinstance(node, list):
        return [one for item in node for one in places(item)]
    if not isinstance(node, dict):
        return []
    assert "$ref" not in node or len(node) == 1
    assert not {"$defs", "prefixItems", "dependentSchemas"} & node.keys()
    own = [node["$ref"]] if "$ref" in node else []
    return [*own, *(one for item in node.values() for one in places(item))]


def test_every_reference_leads_to_a_definition() -> None:
    schema = playbook_schema()
    used = set(places(schema))
    assert used == {f"#/definitions/{name}" for name in schema["definitions"]}


@pytest.mark.parametrize("text", [path.read_text(encoding="utf-8") for path in SHIPPED] + [new_playbook("x")])
def test_every_playbook_that_ships_fits_it(text: str) -> None:
    assert refusals(text) == []


@settings(deadline=None, max_examples=60)
@given(playbook_texts())
def test_every_playbook_that_reads_fits_it(written: tuple[object, str]) -> None:
    _, text = written
    assert reads(text)
    assert refusals(text) == []


WRONG = [
    ("nme: x", "nme", ""),
    ("owner: 3", "owner", "owner"),
    ("version: 2.1", "version", "version"),
    ("valid_from: soon", "valid_from", "valid_from"),
    ("review_every: 3 fortnights", "review_every", "review_every"),
    ("review_every: -3", "review_every", "review_every"),
    ("review_every: 0 days", "review_every", "review_every"),
    ("review_every: [3 days]", "review_every", "review_every"),
    ("roles: SDR", "roles", "roles"),
    ("roles: [SDR]", "roles[0]", "roles"),
    ("undeclared_cost: 0", "undeclared_cost", "undeclared_cost"),
    ("applies_to: {type: [3]}", "applies_to.type[0]", "applies_to.type"),
    ("outcomes: {won: {a: b}}", "outcomes.won", "outcomes.won"),
    ("outcomes: {qqq: b}", "outcomes.qqq", "outcomes"),
    ("metrics: [{name: m, measure: luck}]", "metrics[0].measure", "metrics"),
    ("materials: [{name: m, reviewed: 2026-13-01}]", "materials[0].reviewed", "materials"),
    ("accepted: [{deviation: late, subject: a, because: b}]", "accepted[0].deviation", "accepted"),
    ("handovers: [{entering: a, from: b}]", "handovers[0].to", "handovers"),
]
OF_A_STAGE = [
    ("time_limit: soon", "time_limit", "time_limit"),
    ("time_limit: true", "time_limit", "time_limit"),
    ("probability: 130%", "probability", "probability"),
    ("probability: 1.5", "probability", "probability"),
    ("optional: maybe", "optional", "optional"),
    ("max_visits: 0", "max_visits", "max_visits"),
    ("min_contacts: many", "min_contacts", "min_contacts"),
    ("aliases: ' '", "aliases[0]", "aliases"),
    ("aliases: [3]", "aliases[0]", "aliases"),
    ("tasks: {do: x}", "tasks", "tasks"),
    ("tasks: [{by: x}]", "tasks[0].do", "tasks"),
    ("exit_criteria: [{name: q, uses: MEDPICC}]", "exit_criteria[0].uses", "exit_criteria"),
    ("exit_criteria: [{name: q, uses: BANT, of: {Pain: p}}]", "exit_criteria[0]", "exit_criteria"),
    ("limit: 3 days", "limit", ""),
]


@pytest.mark.parametrize(("line", "said", "place"), WRONG)
def test_what_is_wrong_with_a_key_is_refused_by_both(line: str, said: str, place: str) -> None:
    told_by_both(f"name: x\n{line}\nstages: [{{name: a}}]\n", said, place)


@pytest.mark.parametrize(("line", "said", "place"), OF_A_STAGE)
def test_what_is_wrong_with_a_key_of_a_stage_is_refused_by_both(line: str, said: str, place: str) -> None:
    told_by_both(f"name: x\nstages:\n  - name: a\n    {line}\n", f"stages[0].{said}", f"stages.0.{place}".rstrip("."))


def told_by_both(text: str, said: str, place: str) -> None:
    with pytest.raises(PlaybookError) as refused:
        parse_playbook(text)
    assert any(fault.message.startswith(f"{said}: ") for fault in refused.value.faults), refused.value
    assert refusals(text) == [place]


@settings(deadline=None, max_examples=200)
@given(st.from_regex(r"\A *[0-9]{0,3}(\.[0-9]{0,2})? ?(%|(d|D)ays?|hours?|WEEK|month|fortnight|ss?)? ?\Z"))
def test_lengths_and_shares_are_written_as_they_are_read(said: str) -> None:
    for key in ("time_limit", "probability"):
        for written in (f"'{said}'", said if said.strip()[:1].isdigit() else "1"):
            text = f"name: x\nstages:\n  - name: a\n    {key}: {written}\n"
            assert reads(text) == (not refusals(text)), text


@pytest.mark.parametrize(
    "word", ["true", "false", "yes", "No", "ON", "off", "y", "1", "0", "2", "maybe", "'yes'", "'1'", "~", "nope", "[]"]
)
def test_true_and_false_are_written_as_they_are_read(word: str) -> None:
    text = f"name: x\nstages: [{{name: a, optional: {word}}}]\n"
    assert reads(text) == (not refusals(text))


def test_the_elements_of_a_ready_block_are_known_to_editors() -> None:
    for name, framework in FRAMEWORKS.items():
        for other, strange in FRAMEWORKS.items():
            of = ", ".join(f"{element}: c" for element in strange.elements)
            text = f"name: x\nstages: [{{name: a, exit_criteria: [{{name: q, uses: {name}, of: {{{of}}}}}]}}]\n"
            fits = set(strange.elements) <= set(framework.elements)
            assert (refusals(text) == []) == fits == reads(text), (name, other)
