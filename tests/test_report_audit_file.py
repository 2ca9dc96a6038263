"""An audit read back tells the same: the report can be made again from `audit.json` alone."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from processminer.discovery.discovery import Variant
from processminer.errors import InputError
from processminer.report.audit_file import read_audit
from processminer.report.html_report import render_html
from processminer.report.json_report import MOST_VARIANTS, render_json
from processminer.report.markdown_report import render_markdown
from processminer.report.text_report import render_text
from tests.report_stories import LOST, bare_study, full_study, hostile_study


@pytest.mark.parametrize("story", [full_study, hostile_study, bare_study])
def test_every_telling_is_the_same_again(story):
    study = story()
    again, document = read_audit(render_json(study), "audit.json")
    assert render_json(again) == render_json(study)
    assert render_html(again, document) == render_html(study)
    assert render_markdown(again) == render_markdown(study)
    assert render_text(again) == render_text(study)


def test_paths_that_the_audit_left_out_are_still_counted_on_the_page():
    study = full_study()
    many = tuple(
        Variant((f"S{place}", LOST), 900 - place, 0, 900 - place, 0, "x") for place in range(MOST_VARIANTS + 7)
    )
    study = replace(study, discovery=replace(study.discovery, variants=many))
    again, document = read_audit(render_json(study), "audit.json")
    assert f"of {MOST_VARIANTS + 7:,} paths" in render_html(again, document)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("{", "audit.json: not JSON"),
        ("[]", "audit.json: not an audit of this version: its schema is None"),
        ('{"schema": "processminer-audit/9"}', "its schema is 'processminer-audit/9'"),
        ('{"schema": "processminer-audit/1"}', "audit.json: an audit that lacks 'source'"),
    ],
)
def test_what_is_no_audit_is_refused_with_the_next_move(text, complaint):
    with pytest.raises(InputError) as caught:
        read_audit(text, "audit.json")
    assert complaint in str(caught.value)
    assert "processminer audit" in str(caught.value)


def test_an_audit_with_a_broken_part_is_refused_and_not_half_told():
    document = json.loads(render_json(full_study()))
    document["stages"][0]["mean_days"] = "long"
    with pytest.raises(InputError, match="cannot be understood"):
        read_audit(json.dumps(document), "audit.json")
