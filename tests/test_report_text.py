"""The terminal telling: it fits, it lines up, and nothing in a log can act on the terminal."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processminer.report.cells import cell_width, cut, pad, pad_left, wrap
from processminer.report.escape import plain
from processminer.report.text_report import NARROWEST, render_text
from tests.report_stories import bare_study, full_study, hostile_study

STUDY = full_study()
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def _renamed(study, name):
    """Return the study with the stage Demo under another name."""

    def now(stage):
        return name if stage == "Demo" else stage

    found, times = study.discovery, study.estimates.stages
    stages = tuple(replace(flow, stage=now(flow.stage)) for flow in found.stages)
    moves = tuple(replace(move, source=now(move.source), target=now(move.target)) for move in found.moves)
    return replace(
        study,
        discovery=replace(found, stages=stages, moves=moves),
        estimates=replace(study.estimates, stages=tuple(replace(time, stage=now(time.stage)) for time in times)),
    )


def _told(text):
    """Return the lines before the commands, which are never broken."""
    return text.split("\nNext\n")[0].splitlines()


@settings(deadline=None)
@given(st.text(max_size=60), st.integers(NARROWEST, 140), st.booleans())
def test_every_line_fits_whatever_a_stage_is_called(name, width, ascii_only):
    text = render_text(_renamed(STUDY, name), width=width, ascii=ascii_only)
    assert max(cell_width(line) for line in _told(text)) <= width


@settings(deadline=None)
@given(st.text(max_size=60))
def test_nothing_in_a_name_reaches_the_terminal_as_a_control(name):
    text = render_text(_renamed(STUDY, name))
    assert {unicodedata.category(letter) for letter in text.replace("\n", "")} & {"Cc", "Zl", "Zp", "Cs"} == set()


def test_a_hostile_log_cannot_clear_the_screen_or_turn_the_text():
    text = render_text(hostile_study(), colour=True)
    assert "\x1b[2J" not in text
    assert not set(COLOUR.sub("", text)) & set("\x1b\x07\u202e\u2028")


@settings(deadline=None)
@given(st.text(max_size=60))
def test_ascii_is_kept_to_ascii(name):
    assert render_text(_renamed(STUDY, name), ascii=True).isascii()


@pytest.mark.parametrize("story", [full_study, hostile_study, bare_study])
def test_colour_changes_no_letter(story):
    coloured = render_text(story(), colour=True)
    assert COLOUR.search(coloured)
    assert COLOUR.sub("", coloured) == render_text(story())


def test_stage_lines_line_up_with_wide_letters():
    lines = _told(render_text(_renamed(STUDY, "提案の段階"), width=100))
    first = next(place for place, line in enumerate(lines) if line.startswith("Stage"))
    rows = lines[first : first + 7]
    assert rows[3].startswith("提案の段階")
    assert {cell_width(line) for line in rows} == {cell_width(rows[0])}


def test_a_stage_line_says_how_many_how_long_lost_back_and_off_the_playbook():
    (line,) = [line for line in _told(render_text(STUDY, width=100)) if line.startswith("Proposal ")]
    assert re.split(r"\s{2,}", re.sub("[█▏▎▍▌▋▊▉]+", "", line)) == [
        "Proposal", "702", "9.5 days", "61 days", "128", "92", "104",
    ]  # fmt: skip


def test_the_bar_is_as_long_as_its_share_of_the_most_visited_stage():
    lines = _told(render_text(STUDY, width=100, ascii=True))
    bars = {line.split("  ")[0]: line.count("#") for line in lines if "#" in line}
    assert bars["Lead In"] == max(bars.values())
    assert bars["Demo"] == round(bars["Lead In"] * 604 / 1120)


def test_five_findings_are_told_and_the_others_counted():
    text = render_text(STUDY)
    assert re.findall(r"^F\d", text, re.MULTILINE) == ["F1", "F2", "F3", "F4", "F5"]
    assert "2 more in the report." in text


def test_commands_stay_whole_in_a_narrow_terminal():
    text = render_text(STUDY, width=NARROWEST)
    assert "  processminer revise exports/opportunity_history.csv playbook.yaml --apply R1\n" in text


def test_an_unestimated_effect_is_said_and_not_left_out():
    assert "Set the time limit: Proposal (grade C, 740 deals). Effect not estimated." in render_text(STUDY, width=120)


def test_a_log_without_a_closed_deal_has_no_win_rate():
    text = render_text(bare_study())
    assert "no deal has closed yet" in text
    assert "nan" not in text.lower()


@settings(deadline=None)
@given(st.text(), st.integers(2, 30))
def test_text_is_cut_to_its_cells(text, width):
    shown = cut(plain(text), width)
    assert cell_width(shown) <= width
    assert cell_width(pad(shown, width)) == cell_width(pad_left(shown, width)) == width


@settings(deadline=None)
@given(st.text(alphabet="ab 提\u0301", max_size=80), st.integers(6, 30), st.text(alphabet="> ", max_size=4))
def test_wrapping_loses_no_letter(text, width, head):
    lines = wrap(text, width, head, " " * len(head))
    assert all(cell_width(line) <= width for line in lines)
    assert "".join("".join(lines).removeprefix(head).split()) == "".join(text.split())
