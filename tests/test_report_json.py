"""The public contract: `audit.json` keeps its names, its schema and its bytes."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from importlib import resources

import jsonschema
import pytest

from processminer.discovery.discovery import Variant
from processminer.report.json_report import MOST_VARIANTS, SCHEMA, render_conformance, render_json
from processminer.statistics.interval import Interval
from tests.report_stories import LOST, bare_study, full_study, hostile_study

STORIES = [full_study, hostile_study, bare_study]

CONTRACT = {
    "": {
        "schema", "as_of", "source", "deals", "win_rate", "stages", "moves", "variants", "conformance", "findings",
        "revisions", "undecided",
    },
    "source": {"profile", "files", "rows", "problems"},
    "source.problems": {"kind", "rows", "treatment", "examples"},
    "deals": {"total", "won", "lost", "open", "excluded"},
    "win_rate": {"estimate", "low", "high", "definition"},
    "stages": {
        "stage", "deals", "visits", "open", "median_days", "p90_days", "mean_days", "share_of_deal_days",
        "share_of_losses", "gain",
    },
    "moves": {"from", "to", "count", "deals", "median_days", "declared"},
    "variants": {"path", "deals", "won", "lost", "open"},
    "conformance": {"fitness", "deals_conforming", "deals_violating", "deals_pending", "deviations"},
    "conformance.deviations": {"kind", "subject", "deals", "share", "examples"},
    "findings": {"id", "rule", "subject", "severity", "grade", "message", "evidence"},
    "revisions": {"id", "kind", "subject", "grade", "because", "n", "q", "effect", "edits", "diff"},
    "revisions.effect": {"win_rate", "won_cycle_days"},
    "undecided": {"kind", "subject", "needed_deals"},
}  # fmt: skip


def _schema():
    return json.loads(resources.files("processminer.report").joinpath("audit.schema.json").read_text("utf-8"))


def _descriptions(node, path="$"):
    if isinstance(node, dict):
        for name, child in node.get("properties", {}).items():
            yield f"{path}.{name}", child
        for name, child in node.items():
            yield from _descriptions(child, f"{path}.{name}")
    elif isinstance(node, list):
        for place, child in enumerate(node):
            yield from _descriptions(child, f"{path}[{place}]")


def test_every_property_of_the_schema_is_described():
    properties = list(_descriptions(_schema()))
    assert len(properties) > 150
    assert [path for path, child in properties if not child.get("description")] == []


@pytest.mark.parametrize("story", STORIES)
def test_an_audit_is_valid_by_its_schema(story):
    schema = _schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    checker = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    document = json.loads(render_json(story()))
    assert [f"{error.json_path}: {error.message}" for error in checker.iter_errors(document)] == []


def test_the_schema_refuses_a_key_that_nobody_described():
    document = json.loads(render_json(full_study()))
    document["stages"][0]["colour"] = "red"
    with pytest.raises(jsonschema.ValidationError, match="colour"):
        jsonschema.validate(document, _schema())


@pytest.mark.parametrize("place", CONTRACT)
def test_the_names_that_others_rely_on_are_there(place):
    found = json.loads(render_json(full_study()))
    for step in filter(None, place.split(".")):
        found = found[step]
        found = found[0] if isinstance(found, list) else found
    assert CONTRACT[place] <= set(found)


@pytest.mark.parametrize("story", STORIES)
def test_the_same_study_gives_the_same_bytes(story):
    first, second = render_json(story()), render_json(story())
    assert first == second
    assert first.endswith("}\n")


def test_numbers_that_do_not_exist_are_null():
    study = full_study()
    unknown = Interval(math.nan, -math.inf, math.inf)
    times = tuple(replace(time, mean_days=unknown, p90_days=math.nan) for time in study.estimates.stages)
    text = render_json(replace(study, estimates=replace(study.estimates, stages=times)))
    document = json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))
    assert document["stages"][0]["p90_days"] is None
    assert document["stages"][0]["mean_days"] == {"estimate": None, "low": None, "high": None}


def test_where_no_deal_has_closed_there_is_no_win_rate():
    document = json.loads(render_json(bare_study()))
    assert (document["win_rate"]["estimate"], document["win_rate"]["closed"]) == (None, 0)
    assert document["stages"][0]["median_days"] is None


def test_what_is_not_estimated_is_null_and_not_left_out():
    document = json.loads(render_json(full_study()))
    assert document["revisions"][1]["effect"] == {"win_rate": None, "won_cycle_days": None}
    assert {row["gain"] for row in document["stages"]} == {None}


def test_moments_are_told_in_utc():
    document = json.loads(render_json(full_study()))
    assert (document["schema"], document["as_of"]) == (SCHEMA, "2026-09-30T17:05:00Z")


def test_stages_and_ends_are_every_stage_once():
    study = full_study()
    document = json.loads(render_json(study))
    told = [row["stage"] for row in (*document["stages"], *document["ends"])]
    assert told == [flow.stage for flow in study.discovery.stages]


def test_moves_back_and_undeclared_moves_are_those_of_the_moves_table():
    document = json.loads(render_json(full_study()))
    order = [row["stage"] for row in document["stages"]]
    for row in document["stages"]:
        leaving = [move for move in document["moves"] if move["from"] == row["stage"]]
        back = [m["count"] for m in leaving if m["to"] in order and order.index(m["to"]) < order.index(row["stage"])]
        assert row["moves_back"] == sum(back)
        assert row["moves_undeclared"] == sum(move["count"] for move in leaving if not move["declared"])
    assert sum(row["moves_back"] for row in document["stages"]) == 92 + 44 + 34 + 27


def test_variants_beyond_the_limit_are_counted_and_not_lost():
    study = full_study()
    many = tuple(
        Variant((f"S{place}", LOST), 1000 - place, 0, 1000 - place, 0, "x") for place in range(MOST_VARIANTS + 3)
    )
    document = json.loads(render_json(replace(study, discovery=replace(study.discovery, variants=many))))
    told = sum(row["deals"] for row in document["variants"]) + document["variants_left_out"]["deals"]
    assert (len(document["variants"]), document["variants_left_out"]["variants"]) == (MOST_VARIANTS, 3)
    assert told == sum(variant.deals for variant in many)


def test_a_variant_carries_its_own_alignment():
    rows = json.loads(render_json(full_study()))["variants"]
    assert (rows[0]["alignment"]["cost"], rows[0]["alignment"]["ending"]) == (0, "won")
    assert [step["stage"] for step in rows[2]["alignment"]["steps"] if step["kind"] == "model"] == ["Demo"]
    assert rows[5]["alignment"]["ending"] == "open"
    assert rows[1]["alignment"] is None


def test_the_conformance_part_is_that_of_the_whole():
    whole, part = json.loads(render_json(full_study())), json.loads(render_conformance(full_study()))
    assert part["conformance"] == whole["conformance"]
    assert set(part) < set(whole)
