"""The page: whole, harmless, accessible, and with no number that `audit.json` does not know."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from functools import cache
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from processminer.report.html_report import SHOWN_VARIANTS, render_html
from processminer.report.json_report import audit_document
from processminer.report.markdown_report import render_markdown
from processminer.report.telling import FIRST_FINDINGS
from processminer.words import say_days, say_percent
from tests.report_stories import HOSTILE, bare_study, full_study, hostile_study

STORIES = [full_study, hostile_study, bare_study]
VOID = {"meta", "input", "br"}
WRITTEN = {"script", "style"}


class Page(HTMLParser):
    """A page as its elements (tag, attributes, text inside) and as the text that a reader sees."""

    def __init__(self, text):
        super().__init__()
        self.elements = []
        self.open = []
        self.seen = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        element = {"tag": tag, "attrs": dict(attrs), "text": "", "within": [one["tag"] for one in self.open]}
        self.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        assert self.open.pop()["tag"] == tag

    def handle_data(self, data):
        for element in self.open:
            element["text"] += data
        if not {element["tag"] for element in self.open} & {"script", "style", "svg", "code", "pre"}:
            self.seen.append(data)

    def all(self, *tags):
        return [element for element in self.elements if element["tag"] in tags]


@cache
def page_of(story):
    return Page(render_html(story()))


@pytest.fixture(params=STORIES)
def page(request):
    return page_of(request.param)


def _numbers(document):
    """Yield every number of the document, and the ratios of counts that stand together in it."""
    if isinstance(document, dict):
        counts = [value for value in document.values() if type(value) is int]
        yield from (part / whole for part in counts for whole in counts if 0 <= part <= whole != 0)
        yield from (number for value in document.values() for number in _numbers(value))
    elif isinstance(document, list):
        yield len(document)
        yield from (number for value in document for number in _numbers(value))
    elif isinstance(document, (int, float)) and not isinstance(document, bool):
        yield document


def _as_written(number):
    """Yield the ways in which a number may be written on the page."""
    size = abs(number)
    yield from (f"{size:,.0f}", f"{size:,.1f}", f"{size:.3f}", f"{size:,.4g}", f"{size:.3g}", f"{size * 100:,.1f}")
    yield from (say_days(size).split()[0], say_percent(size).split()[0])


def _digits(text):
    """Return the numbers in a text as they are written; ids such as F1 are none."""
    return set(re.findall(r"(?<![\w.])\d+(?:,\d{3})*(?:\.\d+)?(?!\w)", text))


def _written_in(study):
    """Return every number that the audit knows, as the page may write it."""
    document = audit_document(study)
    told = set(_numbers(document))
    totals, source, kept = document["deals"], document["source"], document["conformance"]
    told |= {row["deals"] / totals["total"] for row in (*document["variants"], *document["tasks"])}
    told |= {problem["rows"] / source["rows"] for problem in source["problems"]}
    with_path = kept["deals_conforming"] + kept["deals_violating"] + kept["deals_pending"]
    told |= {with_path, kept["deals_conforming"] / with_path, source["rows"] - source["rows_used"]}
    told |= {len(study.findings) - FIRST_FINDINGS, SHOWN_VARIANTS}
    return {text for number in told for text in _as_written(number)} | _digits(json.dumps(document))


OWN = {"1958", "1927", "1959", "95", "9", "10", "1", "0"}
"""Numbers of our own sentences: years of the methods, 95 % limits, nine in ten, and fitness from 0 to 1."""


def test_every_number_on_the_page_is_in_the_audit():
    study = full_study()
    shown = _digits(" ".join(page_of(full_study).seen))
    assert len(shown) > 100
    assert shown - _written_in(study) - OWN == set()


def test_a_number_that_nobody_counted_would_be_noticed():
    assert not {"4711", "88,888.8"} & _written_in(full_study())


@pytest.mark.parametrize("story", STORIES)
def test_the_audit_and_the_summary_lie_inside_the_page(story):
    study = story()
    inside = {one["attrs"].get("id"): one["text"] for one in page_of(story).all("script")}
    assert json.loads(inside["audit"]) == json.loads(json.dumps(audit_document(study)))
    assert json.loads(inside["summary"]) == render_markdown(study)


def test_a_hostile_name_makes_no_element_and_no_attribute(page):
    assert [one["attrs"] for one in page.all("script")] == [
        {"type": "application/json", "id": "audit"},
        {"type": "application/json", "id": "summary"},
        {},
    ]
    assert not page.all("img", "iframe", "object", "embed", "link", "base", "form", "audio", "video")
    assert not [name for one in page.elements for name in one["attrs"] if name.startswith("on") or name == "style"]


def test_a_hostile_name_is_shown_letter_by_letter():
    page = page_of(hostile_study)
    shown = " ".join(page.seen)
    assert "</script><img src=x onerror=alert(1)>" in shown
    assert "{{ 7 * 7 }}" in shown
    assert not set(shown) & set(HOSTILE) & set("\x1b\x07\u202e\u2028")


def test_the_page_asks_nothing_of_the_network(page):
    addresses = [
        value
        for one in page.elements
        for name, value in one["attrs"].items()
        if name in {"src", "href", "srcset", "action", "xlink:href", "data", "poster"}
    ]
    assert addresses
    assert all(address.startswith("#") for address in addresses)
    style = "".join(one["text"] for one in page.all("style"))
    assert not re.search(r"url\(|@import|https?:", style)


def test_only_our_own_style_and_script_may_run(page):
    (policy,) = [one["attrs"]["content"] for one in page.all("meta") if "http-equiv" in one["attrs"]]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    for tag, directive in (("style", "style-src"), ("script", "script-src")):
        (own,) = [one["text"] for one in page.all(tag) if not one["attrs"]]
        digest = base64.b64encode(hashlib.sha256(own.encode()).digest()).decode()
        assert f"{directive} 'sha256-{digest}'" in policy


def test_every_link_leads_somewhere_on_the_page(page):
    ids = [one["attrs"]["id"] for one in page.elements if "id" in one["attrs"]]
    assert len(ids) == len(set(ids))
    targets = {one["attrs"]["href"].removeprefix("#") for one in page.all("a")}
    assert targets <= set(ids)
    named = {one["attrs"].get(key) for one in page.elements for key in ("aria-labelledby", "headers", "for")} - {None}
    assert named <= set(ids)


def test_headings_go_down_one_step_at_a_time(page):
    levels = [int(one["tag"][1]) for one in page.all("h1", "h2", "h3", "h4")]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))


def test_every_table_has_a_caption_and_every_heading_cell_a_scope(page):
    tables = page.all("table")
    assert len(tables) >= 4
    assert len(page.all("caption")) == len(tables)
    assert {one["attrs"].get("scope") for one in page.all("th")} <= {"row", "col"}


def test_the_landmarks_are_there(page):
    assert [len(page.all(tag)) for tag in ("main", "header", "nav", "footer")] == [1, 1, 1, 1]
    assert page.all("html")[0]["attrs"]["lang"] == "en"


@pytest.mark.parametrize("story", STORIES)
def test_the_page_is_small_and_the_same_each_time(story):
    first, second = render_html(story()), render_html(story())
    assert first == second
    assert len(first.encode()) < 1_000_000


def test_five_findings_come_first_and_the_others_are_folded():
    findings = [one for one in page_of(full_study).all("li") if "finding" in one["attrs"].get("class", "")]
    folded = [one["attrs"]["id"] for one in findings if "details" in one["within"]]
    assert [one["attrs"]["id"] for one in findings] == ["F1", "F2", "F3", "F4", "F5", "F6", "F7"]
    assert folded == ["F6", "F7"]


def test_a_deep_link_names_a_move_by_both_its_ends():
    links = [one["attrs"] for one in page_of(full_study).all("a") if "data-open" in one["attrs"]]
    assert {"href": "#map", "data-colour": "playbook", "data-open": "Proposal|Qualification"} in links
    lines = page_of(full_study).all("g")
    ends = {(one["attrs"].get("data-from"), one["attrs"].get("data-to")) for one in lines}
    assert ("Proposal", "Qualification") in ends


def test_added_and_removed_lines_differ_by_more_than_colour():
    page = page_of(full_study)
    assert [one["text"] for one in page.all("ins")] == ["+    optional: true", "+    time_limit: 21 days"]
    assert [one["text"] for one in page.all("del")] == ["-    time_limit: 10 days"]


def test_what_cannot_be_told_is_said():
    text = " ".join(" ".join(page_of(full_study).seen).split())
    told = "Drop the task: Security questionnaire? Cannot tell: 3,900 deals in all would settle it"
    assert f"{told}, there on 29 February 2028 at the present pace." in text
    assert text.count("not estimated") >= 3
    assert "This is an observation, not an experiment:" in text
    bare = " ".join(page_of(bare_study).seen)
    assert "no deal has closed yet" in bare
    assert not re.search(r"\b(nan|inf|None)\b", bare)
