"""Gains are told ranked, with what they rest on, the longest stage apart, in every telling alike."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib import resources

import jsonschema
import pytest

from processminer.estimates.figures import StageGain, ValueGain
from processminer.report.audit_file import read_audit
from processminer.report.gains import NOT_KNOWN, longest_stage, say_gains
from processminer.report.html_report import render_html
from processminer.report.json_report import render_json
from processminer.report.markdown_report import render_markdown
from processminer.report.text_report import render_text
from processminer.statistics.interval import Interval
from processminer.study import Study
from tests.report_stories import full_study


def gain(stage: str, points: float, rank_1: float) -> StageGain:
    about = Interval(points, round(points - 0.004, 3), round(points + 0.004, 3))
    value = ValueGain(_times(about, 40_000), _times(about, 400_000), 10_000.0, 100_000.0, "EUR", 1100)
    return StageGain(
        stage,
        about,
        rank_1,
        base=0.25,
        within_days=90.0,
        deals=1200,
        times_faster=1.5,
        wins_a_week=_times(about, 10),
        base_wins_a_week=2.5,
        value=value,
    )


def _times(one: Interval, factor: float) -> Interval:
    return Interval(*(round(each * factor, 6) for each in (one.estimate, one.low, one.high)))


def told() -> Study:
    study = full_study()
    gains = (gain("Qualification", 0.048, 0.97), gain("Proposal", 0.02, 0.03), gain("Demo", 0.001, 0.0))
    return replace(study, estimates=replace(study.estimates, gains=gains))


def test_the_stage_that_gains_most_comes_first_and_the_longest_is_told_apart() -> None:
    said = say_gains(told().estimates)
    assert (
        "(25 % of 1,200 deals) would rise most for Qualification: +4.8 points (95 % limits +4.4 to +5.2 points)" in said
    )
    assert "Qualification comes first in 97 % of the resamples of the deals." in said
    assert "The longest stage is Proposal (20 days on average counted up to 120 days" in said
    assert longest_stage(()) is None
    assert say_gains(full_study().estimates) == ""


def test_one_stage_that_is_both_is_said_once_and_no_gain_is_no_bottleneck() -> None:
    study = told()
    both = replace(study.estimates, gains=(gain("Proposal", 0.05, 0.9),))
    assert "It is also the longest stage (20 days on average" in say_gains(both)
    none = replace(study.estimates, gains=(gain("Proposal", 0.0, 0.0),))
    assert say_gains(none) == "No stage would gain any win within 90 days if deals went on from it faster."


@pytest.mark.parametrize("render", [render_html, render_markdown, render_text])
def test_every_telling_has_them(render: object) -> None:
    text = " ".join(render(told()).replace("\u00a0", " ").split())  # type: ignore[operator]
    assert "comes first in 97 % of the resamples" in text
    if render is not render_text:
        assert NOT_KNOWN in text


def test_audit_json_keeps_them_in_the_form_of_its_schema() -> None:
    study = told()
    text = render_json(study)
    document = json.loads(text)
    schema = json.loads(resources.files("processminer.report").joinpath("audit.schema.json").read_text("utf-8"))
    jsonschema.validate(document, schema)
    gains = {row["stage"]: row["gain"] for row in document["stages"]}
    assert gains["Qualification"]["rank_1"] == 0.97
    assert gains["Negotiation"] is None
    assert read_audit(text, "audit.json")[0].estimates.gains == study.estimates.gains
