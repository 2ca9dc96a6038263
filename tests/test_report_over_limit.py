"""Open deals over a limit are said in a sentence, listed, and named on every page."""

from __future__ import annotations

from dataclasses import replace

from processminer.conformance.conformance import Obligation, OverLimit, OverNow
from processminer.report.check_text import render_check
from processminer.report.html_report import render_html
from processminer.report.markdown_report import render_markdown
from processminer.report.over_limit import say_over_limit, say_resting
from processminer.report.text_report import render_text
from tests.report_stories import full_study

SAID = (
    "2 open deals are over a time limit right now, worth 90,500 EUR. "
    "Longest: 006A1 in Proposal by 31 days; 006B7 in Proposal by 3 days."
)


def test_the_sentence_counts_them_says_their_worth_and_names_the_longest() -> None:
    assert say_over_limit(full_study().conformance) == SAID


def test_nothing_is_said_where_no_deal_is_over_a_limit() -> None:
    study = full_study()
    assert say_over_limit(replace(study.conformance, over_limit=OverLimit())) == ""
    quiet = replace(study, conformance=replace(study.conformance, over_limit=OverLimit()))
    assert "Over now" not in render_text(quiet) + render_markdown(quiet) + render_check(quiet)
    assert "over-caption" not in render_html(quiet)


def test_worth_is_left_out_where_it_is_not_known() -> None:
    over = OverLimit(1, None, None, (OverNow("x", "Demo", None, None, None, 9.0, 2.0),))
    told = say_over_limit(replace(full_study().conformance, over_limit=over))
    assert told == "1 open deal is over a time limit right now. Longest: x in Demo by 2 days."


def test_every_telling_has_the_sentence_and_the_lists_name_the_deals() -> None:
    study = full_study()
    for text in (render_text(study), render_markdown(study), render_check(study)):
        assert "2 open deals are over a time limit right now" in " ".join(text.split())
    assert all(deal in render_check(study) for deal in ("006A1", "006B7", "80,000 EUR"))
    page = render_html(study)
    assert SAID in page
    assert '<tr><th scope="row">006B7</th><td>Proposal</td><td></td><td class="n">10,500 EUR</td>' in page


def test_a_rule_says_what_it_needs_what_it_rests_on_and_what_is_near() -> None:
    one = Obligation("task", "Call", "Demo", 1, 2, 3, 4, "activities", None, warned=2, note="as the export shows it")
    assert say_resting(one) == "activities; as the export shows it; 2 pending deals to look at"
    assert say_resting(replace(one, needs=None, note=None, warned=0)) == ""
