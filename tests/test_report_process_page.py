"""The page tells of gains, the whole process, queues and the days ahead, harmlessly, and nothing the audit lacks."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib import resources

import jsonschema
import pytest

from processminer.diagrams.colours import DARK
from processminer.report.audit_file import read_audit
from processminer.report.html_report import OWN_DARK, render_html
from processminer.report.json_report import audit_document, render_json
from processminer.study import Study
from tests.process_stories import STAGES, with_process
from tests.report_stories import HOSTILE, full_study
from tests.test_report_html import OWN, Page, _digits, _numbers, _written_in

SECTIONS = ("times", "process", "queue", "ahead")


@cache
def told() -> Study:
    return with_process(full_study())


@cache
def page() -> str:
    return render_html(told())


def section(html: str, name: str) -> str:
    found = re.search(rf'<section id="{name}".*?</section>', html, re.DOTALL)
    assert found is not None, name
    return found[0]


def text(html: str) -> str:
    return " ".join(" ".join(Page(html).seen).replace("\u00a0", " ").split())


def test_each_part_has_its_section_and_its_place_in_the_navigation() -> None:
    for name in SECTIONS:
        assert section(page(), name)
        assert f'<a href="#{name}">' in page()
    bare = render_html(full_study())
    assert '<section id="times"' in bare
    for name in SECTIONS[1:]:
        assert f'<section id="{name}"' not in bare
        assert f'href="#{name}"' not in bare


def test_stages_are_ranked_by_gain_with_the_longest_told_apart() -> None:
    said = text(section(page(), "times"))
    places = [said.index(f" {stage} ") for stage in STAGES]
    assert places == sorted(places)
    assert "+4.1 points +3.7 to +4.5 points 90 %" in said
    assert "Lead In comes first in 90 % of the resamples of the deals. The longest stage is Proposal" in said
    assert "not whether it was worked on or waited" in said
    assert "+0.61 +0.53 to +0.69 +18,300 +15,700 to +20,900 +820 +710 to +930" in said


def test_every_figure_says_how_many_whom_and_within_what_limits() -> None:
    captions = re.findall(r"<figcaption>(.*?)</figcaption>", page(), re.DOTALL)
    assert len(captions) == 7
    for caption in captions:
        assert re.search(r"\d", caption), caption
        assert re.search(r"deals|stays|periods", caption), caption
    limits = [caption for caption in captions if "95 %" in caption.replace("\u00a0", " ")]
    assert len(limits) >= 3


def test_every_number_of_these_sections_is_in_the_audit() -> None:
    study = told()
    shown = _digits(" ".join(text(section(page(), name)) for name in SECTIONS))
    # Sums over what the audit tells one by one: deals by cohort, what came and went over the weeks drawn.
    assert study.whole is not None
    cohorts = study.whole.series[0].cohorts
    summed = {
        f"{sum(one.n for one in cohorts):,}",
        f"{max(one.n for one in cohorts)}",
        f"{min(one.n for one in cohorts)}",
    }
    weekly = set(
        re.findall(
            r"[\d,]+", next(one for one in re.findall(r"<figcaption>(.*?)</figcaption>", page()) if "came," in one)
        )
    )
    stays = (
        {f"{sum(group.stays for one in study.outcomes.stages for group in one.groups):,}"} if study.outcomes else set()
    )
    fine = {f"{abs(number):.2f}" for number in _numbers(audit_document(study))}
    own = fine | OWN | {"2", "5", "90", "10th", "90th", "100", "4"}
    assert shown - _written_in(study) - summed - weekly - stays - own == set()


def test_weeks_are_summed_as_the_dullest_count_would() -> None:
    queue = told().estimates.queue
    assert queue is not None
    caption = next(one for one in re.findall(r"<figcaption>(.*?)</figcaption>", page()) if "came," in one)
    weeks, came, won, lost, before, here = (int(one.replace(",", "")) for one in re.findall(r"[\d,]*\d", caption)[:6])
    drawn = sorted({one.week for one in queue.weeks})[-weeks:]
    inside = [one for one in queue.weeks if one.week in drawn]
    assert won == sum(one.wins for one in inside)
    assert lost == sum(one.losses for one in inside)
    assert here == sum(one.in_progress for one in inside if one.week == drawn[-1])
    assert came == here - before + won + lost


def test_a_forecast_that_is_refused_gives_no_range_and_says_why() -> None:
    shut = text(section(render_html(with_process(full_study(), verdict="shut")), "ahead"))
    assert "No forecast of the next 90 days is given: of 6 past periods of 90 days, 5 came as was expected." in shut
    assert "expected, 54 to 78" not in shut
    assert "What the open deals of each stage bring" not in shut
    assert "66 wins (54 to 78 in nine of ten such periods)" in text(section(page(), "ahead"))


def test_hostile_names_become_text_and_nothing_else() -> None:
    names = tuple(f"{HOSTILE}{place}" for place in range(len(STAGES)))
    hostile = Page(render_html(with_process(full_study(), stages=names)))
    plain = Page(page())
    assert [one["tag"] for one in hostile.elements if one["tag"] in ("img", "script", "iframe", "a")] == [
        one["tag"] for one in plain.elements if one["tag"] in ("img", "script", "iframe", "a")
    ]
    assert not [name for one in hostile.elements for name in one["attrs"] if name.startswith("on")]
    assert "</script><img src=x onerror=alert(1)>" in " ".join(hostile.seen)


def test_the_audit_has_it_in_the_form_of_its_schema_and_makes_the_page_again() -> None:
    text_of_it = render_json(told())
    schema = json.loads(resources.files("processminer.report").joinpath("audit.schema.json").read_text("utf-8"))
    jsonschema.validate(json.loads(text_of_it), schema)
    again, document = read_audit(text_of_it, "audit.json")
    assert again.estimates.gains == told().estimates.gains
    assert document == audit_document(told())
    assert render_html(again, document) == page()


def test_no_id_is_given_twice_and_every_fill_by_name_is_there() -> None:
    ids = re.findall(r'\bid="([^"]+)"', page())
    assert len(ids) == len(set(ids))
    assert set(re.findall(r"url\(#([^)]+)\)", page())) <= set(ids)


def test_every_colour_of_the_drawings_is_turned_on_a_dark_page() -> None:
    used = {colour.lower() for colour in re.findall(r'(?:fill|stroke)="(#[0-9a-fA-F]{6})"', page())}
    turned = {colour.lower() for colour in (*DARK, *OWN_DARK)}
    assert used
    assert used <= turned


def light(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(part * weight for part, weight in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))


@pytest.mark.parametrize("letters", ["INK", "QUIET", "VERMILION_TEXT", "WON", "BLUE"])
def test_letters_stand_out_on_a_dark_page(letters: str) -> None:
    from processminer.diagrams import colours

    ink, paper = light(DARK[getattr(colours, letters)]), light(DARK[colours.PAPER])
    assert (ink + 0.05) / (paper + 0.05) >= 4.5
