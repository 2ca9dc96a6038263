"""Questions to the team: which are asked, the page and the sheet, and the answers read back beside the evidence."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict, replace
from functools import cache
from typing import TYPE_CHECKING

import pytest

from processminer.errors import InputError
from processminer.report.audit_file import read_audit
from processminer.report.html_report import render_html
from processminer.report.json_report import render_json
from processminer.report.markdown_report import render_markdown
from processminer.report.survey.answers import promoter_score, read_answers
from processminer.report.survey.form import COLUMNS, render_form, render_sheet
from processminer.report.survey.questions import MOST, OTHER, PROMOTER, questions_of
from processminer.report.survey.said import said_of, say_survey, say_tally, told_by
from processminer.report.team import said_beside
from processminer.report.text_report import render_text
from tests.audits import audit, many
from tests.browser import Browser

if TYPE_CHECKING:
    from pathlib import Path

    from processminer.report.survey.answers import Survey
    from processminer.report.survey.questions import Question
    from processminer.study import Study

TEXT = """\
name: New <b>business</b>
stages:
  - name: Lead
    time_limit: 2 days
  - name: Demo
    tasks:
      - do: =Call the "buyer"
        seen_as: [Call]
  - name: Proposal
    may_return_to: [Demo]
outcomes: {won: [Won], lost: [Lost]}
"""


@cache
def study() -> Study:
    """Deals that leave the playbook in several ways."""
    return audit(
        TEXT,
        many(
            {
                "whole * 40": [("Lead", 0), ("Demo", 9), ("Proposal", 12), ("Won", 20)],
                "short * 30": [("Lead", 0), ("Proposal", 6), ("Lost", 12)],
                "extra * 30": [("Lead", 0), ("Demo", 5), ("Trial", 8), ("Proposal", 12), ("Won", 30)],
            }
        ),
        tasks={"whole-01": [("Call", 9.5)]},
    )


def questions() -> tuple[Question, ...]:
    return questions_of(study())


def answered(folder: Path, *rows: tuple[str, str, str, str], name: str = "answers.csv") -> Path:
    file = folder / name
    with file.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows([COLUMNS[:4], *rows])
    return file


def counted(survey: Survey, question: str) -> dict[str, int]:
    return next(dict(one.counts) for one in survey.tallies if one.question.id == question)


def test_each_proposal_is_asked_about_and_the_promoter_question_comes_last() -> None:
    asked = questions()
    assert 2 < len(asked) <= MOST
    assert asked[-1].id == PROMOTER
    about = {id_ for one in asked for id_ in one.about}
    assert about >= {revision.id for revision in study().revisions}
    assert len({one.id for one in asked}) == len(asked)
    assert "stage-over-limit Lead" in {one.id for one in asked}


def test_every_question_shows_what_the_log_shows_and_offers_a_few_answers() -> None:
    for one in questions()[:-1]:
        assert one.known
        assert 2 <= len(one.choices) <= 6
        assert one.keys[-1] == OTHER


def test_the_page_holds_every_question_harmless_and_asks_nothing_of_the_network() -> None:
    page = render_form(questions(), study().declared.playbook.name)
    assert "<b>business" not in page
    assert "&lt;b&gt;business" in page
    assert "http:" not in page
    assert "https:" not in page
    assert page.count("<fieldset") == len(questions())


def test_the_sheet_is_filled_in_and_read_back(tmp_path: Path) -> None:
    asked = questions()
    rows = list(csv.DictReader(io.StringIO(render_sheet(asked))))
    assert [row["question"] for row in rows] == [one.id for one in asked]
    assert not any(row[name].startswith("=") for row in rows for name in row)
    for row, question in zip(rows, asked, strict=True):
        row |= {"person": "Ada", "answer": question.keys[0], "comment": 'two\nlines, "quoted"'}
    file = tmp_path / "sheet.csv"
    with file.open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    survey = read_answers([file], asked)
    assert [one.people for one in survey.tallies] == [1] * len(asked)
    assert {one.comments for one in survey.tallies} == {('two\nlines, "quoted"',)}
    assert (survey.no_longer_asked, survey.repeated) == (0, 0)


def test_answers_are_counted_and_stand_beside_the_proposals_they_are_about(tmp_path: Path) -> None:
    limit = next(one for one in questions() if one.id == "stage-over-limit Lead")
    first = answered(tmp_path, (limit.id, "Ada", "us", ""), (limit.id, "Bo", "us", "legal"), (limit.id, "", OTHER, ""))
    second = answered(tmp_path, (limit.id, "Ada", "papers", ""), ("gone x", "Ada", "yes", ""), name="more.csv")
    survey = read_answers([first, second], questions())
    assert counted(survey, limit.id) == {
        "For the buyer's lawyers or purchasing": 1,
        "For somebody of us": 1,
        "Something else": 1,
    }
    assert (survey.no_longer_asked, survey.repeated) == (1, 1)
    (line,) = said_of(survey)[limit.about[0]]
    assert line.startswith(limit.text)
    assert "1 of 3: For somebody of us" in line
    assert "legal" in line
    headings = dict(say_survey(survey))
    assert headings["Left out"].startswith("1 answer")
    assert headings["Answered twice"].startswith("1 earlier answer")


def test_an_audit_tells_what_the_team_says_in_every_form_and_is_read_back_with_it(tmp_path: Path) -> None:
    limit = next(one for one in questions() if one.id == "stage-over-limit Lead")
    file = answered(
        tmp_path, (limit.id, "Ada", "us", "<b>legal"), (PROMOTER, "Ada", "9", ""), (PROMOTER, "Bo", "3", "")
    )
    found = replace(study(), team=told_by(read_answers([file], questions())))
    beside = f"{limit.text} 1 of 1: For somebody of us; \u201c<b>legal\u201d."
    (concerned,) = (one for one in found.revisions if one.id in limit.about)
    assert said_beside(concerned, found) == (beside,)
    assert "Ada" not in json.dumps([asdict(one) for one in found.team])
    page, shown = render_html(found), " ".join(render_text(found).split())
    assert "<b>legal" not in page.partition('<script type="application/json"')[0]
    assert page.count("For somebody of us") >= 2, "beside the proposal, and among all answers"
    assert f"{limit.text} ({limit.about[0]})" in shown
    assert "promoter score +0" in shown
    assert "## What the team says" in render_markdown(found)
    again, _ = read_audit(render_json(found), "audit.json")
    assert again.team == found.team


def test_people_who_give_no_name_are_different_people(tmp_path: Path) -> None:
    file = answered(tmp_path, (PROMOTER, "", "10", ""), (PROMOTER, "", "10", ""), (PROMOTER, "", "2", ""))
    (tally,) = [one for one in read_answers([file], questions()).tallies if one.question.id == PROMOTER]
    assert tally.people == 3
    assert tally.score is not None
    assert tally.score.estimate == pytest.approx(100 / 3, abs=0.01)
    assert "promoter score +33" in say_tally(tally)


def test_a_promoter_score_is_promoters_less_detractors_within_its_limits() -> None:
    score = promoter_score([10] * 30 + [8] * 50 + [0] * 20)
    assert score is not None
    assert score.estimate == 10
    # The mean of 1, 0 and -1: its variance is the share of votes less the square of the mean.
    half = 1.959964 * ((0.5 - 0.1**2) / 99) ** 0.5 * 100
    assert score.low == pytest.approx(10 - half, abs=0.02)
    assert score.high == pytest.approx(10 + half, abs=0.02)
    assert promoter_score([7]) is None


def test_all_that_is_wrong_with_the_answers_is_told_at_once_with_its_line(tmp_path: Path) -> None:
    file = answered(tmp_path, (PROMOTER, "Ada", "11", ""), ("", "Ada", "yes", ""), (PROMOTER, "Bo", "9", ""))
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n")
    with pytest.raises(InputError) as caught:
        read_answers([file, other, tmp_path / "none.csv"], questions())
    message = str(caught.value)
    assert f"{file}:2: '11' is no answer to 'promoter'." in message
    assert f"{file}:3: answers no question." in message
    assert f"{other}:1: has no column question, person, answer and comment." in message
    assert "none.csv: is not there" in message


def test_rows_that_fell_apart_are_told_and_none_is_cut_or_swallowed(tmp_path: Path) -> None:
    wide, torn = tmp_path / "wide.csv", tmp_path / "torn.csv"
    wide.write_text(f"question,person,answer,comment\n{PROMOTER},Ada,9,fine, really\n")
    torn.write_text(f'question,person,answer,comment\n{PROMOTER},Ada,9,fine\n"{PROMOTER},Bob,9,\n')
    with pytest.raises(InputError) as caught:
        read_answers([wide, torn], questions())
    message = str(caught.value)
    assert f"{wide}:2: has more cells than the sheet has columns." in message
    assert f"{torn}:" in message
    assert "cannot be read as CSV from here on (unexpected end of data)" in message


def test_a_sheet_saved_with_semicolons_is_read_as_well(tmp_path: Path) -> None:
    file = tmp_path / "answers.csv"
    file.write_text(f"question;person;answer;comment\n{PROMOTER};Ada;9;fine\n", encoding="utf-8-sig")
    assert read_answers([file], questions()).tallies[-1].people == 1


@pytest.mark.browser
def test_the_page_saves_what_was_ticked_as_a_file_that_can_be_read_back(browser: Browser, tmp_path: Path) -> None:
    page = tmp_path / "survey.html"
    page.write_text(render_form(questions(), "Hostile </script> name"), encoding="utf-8")
    browser.open(page)
    browser.value("window.saved = []; URL.createObjectURL = blob => { window.saved.push(blob); return '#'; }; 1")
    browser.value("document.getElementById('person').value = '=Ada'; 1")
    browser.value("for (const one of document.querySelectorAll('fieldset')) one.querySelector('input').click(); 1")
    browser.value("document.querySelector('textarea').value = 'two\\nlines, \"quoted\"'; 1")
    browser.value("document.getElementById('save').click(); 1")
    text = str(browser.value("window.saved[0].text()"))
    assert browser.complaints() == []
    assert browser.requests() == [page.as_uri()]
    file = tmp_path / "answers.csv"
    file.write_text(text, encoding="utf-8")
    survey = read_answers([file], questions())
    assert [one.people for one in survey.tallies] == [1] * len(questions())
    assert survey.tallies[0].comments == ('two lines, "quoted"',)
    assert "'=Ada" in text
