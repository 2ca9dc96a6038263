"""The one page to paste: names show letter by letter, and cannot become markup, links or mentions."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from processminer.report.escape import REPLACEMENT, markdown, markdown_code, plain
from processminer.report.markdown_report import render_markdown
from processminer.report.telling import FIRST_FINDINGS
from tests.report_stories import HOSTILE, bare_study, full_study, hostile_study

READER = MarkdownIt("commonmark", {"linkify": False}).enable(["table", "strikethrough"])


def _inline(source):
    for token in READER.parse(source):
        yield token
        yield from token.children or ()


def _text(source):
    return "".join(token.content for token in _inline(source) if token.type in {"text", "code_inline"})


@settings(deadline=None)
@given(st.text(max_size=40))
def test_a_name_shows_letter_by_letter(name):
    shown = _text(markdown(name)).replace("\u200b", "")
    assert shown.strip() == plain(name).replace("\u200b", "").strip()


@settings(deadline=None)
@given(st.text(alphabet="<>&[]()!*_`~|#@:/.-+=\\w1\n http", max_size=40))
def test_no_name_becomes_markup(name):
    allowed = {"paragraph_open", "paragraph_close", "inline", "text", "softbreak"}
    assert {token.type for token in _inline(markdown(name))} <= allowed


@settings(deadline=None)
@given(st.text(max_size=40).filter(lambda name: plain(name).strip()))
def test_a_code_span_holds_its_text(name):
    spans = [token.content for token in _inline(f"x {markdown_code(name)} y") if token.type == "code_inline"]
    assert len(spans) == 1
    assert spans[0].strip() == plain(name).strip()


@pytest.mark.parametrize("story", [full_study, hostile_study, bare_study])
def test_the_page_has_no_html_and_no_link(story):
    kinds = {token.type for token in _inline(render_markdown(story()))}
    assert not kinds & {"html_inline", "html_block", "link_open", "image", "em_open", "strong_open", "s_open"}


def test_no_name_can_call_a_person():
    words = "".join(token.content for token in _inline(render_markdown(hostile_study())) if token.type == "text")
    assert "@everyone" not in words
    assert "http://" not in words
    assert REPLACEMENT in words


def test_every_table_keeps_its_columns_with_hostile_names():
    tokens = READER.parse(render_markdown(hostile_study()))
    rows, tables = [], []
    for token in tokens:
        if token.type == "table_open":
            rows = []
        elif token.type == "tr_open":
            rows.append(0)
        elif token.type in {"th_open", "td_open"}:
            rows[-1] += 1
        elif token.type == "table_close":
            tables.append(rows)
    assert [len(table) for table in tables] == [7, 6, 3, 2]
    assert all(len(set(table)) == 1 for table in tables)


def test_the_three_questions_are_answered_in_their_order():
    page = render_markdown(full_study())
    titles = re.findall(r"^## (.*)", page, re.MULTILINE)
    assert titles[:3] == [
        "How many deals ended in a sale, and how many were lost?",
        "How long do deals stay in each stage?",
        "Where can the process be faster?",
    ]
    assert "412 deals won, 530 lost, 258 open." in page
    assert "| Proposal | 702 | 20 days | 18 to 22 days | 9.5 days | 61 days | 128 of 702 (18 %) |" in page


def test_deal_ids_stay_out_of_what_is_pasted():
    study = full_study()
    ids = {example for finding in study.findings for example in finding.evidence.examples}
    ids |= {variant.example for variant in study.discovery.variants}
    assert ids
    assert not [name for name in ids if name in render_markdown(study)]


def test_at_most_five_findings_are_listed_and_the_others_counted():
    page = render_markdown(full_study())
    assert len(re.findall(r"^\| F\d", page, re.MULTILINE)) == FIRST_FINDINGS
    assert "2 more in the report." in page


def test_a_hostile_name_is_still_to_be_read():
    assert plain(HOSTILE).split("|")[0] in _text(render_markdown(hostile_study())).replace("\u200b", "")
