"""The page in a real browser: it asks for nothing, complains of nothing, fits every screen, needs no script."""

from __future__ import annotations

import base64
import re

import pytest

from processminer.report.html_report import render_html
from tests.process_stories import with_process
from tests.report_stories import bare_study, full_study, hostile_study, long_study

pytestmark = pytest.mark.browser


def process_study():
    return with_process(full_study())


STORIES = {"full": full_study, "hostile": hostile_study, "bare": bare_study, "process": process_study}

SAID = "document.getElementById('said').textContent"

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"

SHOWN_MAPS = """[...document.querySelectorAll("#map .drawing")]
    .filter((one) => getComputedStyle(one).display !== "none").map((one) => one.className.split(" ")[1])"""

CONTRAST = """(() => {
  const parse = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((c) => c / 255)
    .map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (one) => {
    for (; one; one = one.parentElement) {
      const colour = parse(getComputedStyle(one).backgroundColor);
      if (colour.length === 3 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const weak = [];
  let seen = 0;
  for (const one of document.querySelectorAll("body *:not(svg *):not(script):not(svg)")) {
    if (![...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim())) continue;
    if (!one.checkVisibility()) continue;
    const [a, b] = [light(parse(getComputedStyle(one).color)), light(ground(one))].sort((x, y) => y - x);
    seen += 1;
    if ((a + 0.05) / (b + 0.05) < 4.5) weak.push(one.tagName + " " + one.textContent.slice(0, 40));
  }
  return [seen, weak];
})()"""


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    for name, story in STORIES.items():
        (folder / f"{name}.html").write_text(render_html(story()), encoding="utf-8")
    return folder


@pytest.mark.parametrize("story", STORIES)
def test_the_page_asks_for_nothing_and_complains_of_nothing(browser, pages, story):
    browser.size(1400)
    browser.open(pages / f"{story}.html")
    assert browser.value("document.title").endswith("still open.")
    assert browser.value("document.querySelectorAll('.copy:not([hidden])').length") > 0
    assert browser.requests() == [(pages / f"{story}.html").as_uri()]
    assert browser.complaints() == []


def test_a_complaint_and_a_request_would_be_noticed(browser, tmp_path):
    page = tmp_path / "bad.html"
    page.write_text("<!doctype html><img src='none.png'><script>console.error('no'); nothing();</script>")
    browser.open(page)
    assert len(browser.requests()) > 1
    assert len(browser.complaints()) >= 2


@pytest.mark.parametrize("width", [360, 390, 768, 1024, 1400, 2200])
@pytest.mark.parametrize("story", STORIES)
def test_the_page_never_scrolls_sideways(browser, pages, story, width):
    browser.size(width)
    browser.open(pages / f"{story}.html")
    browser.value("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
    assert browser.value("innerWidth") == width
    assert browser.value(OVERFLOW) == 0


def test_a_deep_link_colours_the_map_and_opens_a_move(browser, pages):
    browser.size(1400)
    browser.open(pages / "full.html", "#colour=playbook&open=Proposal|Qualification")
    assert browser.value(SHOWN_MAPS) == ["playbook"]
    assert browser.value(SAID).startswith("Proposal to Qualification: 92 times")
    chosen = browser.value("[...document.querySelectorAll('.playbook .chosen')].map((one) => one.dataset.from)")
    assert chosen == ["Proposal"]
    assert browser.value("scrollY") > 0


def test_a_deep_link_that_names_nothing_harms_nothing(browser, pages):
    browser.open(pages / "full.html", "#colour=%E0&open=<img src=x>|%")
    assert browser.value(SHOWN_MAPS) == ["frequency"]
    assert browser.value(SAID) == ""
    assert browser.complaints() == []


def test_a_finding_leads_to_its_place_on_the_map(browser, pages):
    browser.open(pages / "full.html")
    browser.value("document.querySelector('#F4 [data-open]').click()")
    browser.value("new Promise((done) => setTimeout(done, 100))")
    assert browser.value("location.hash") == "#colour=playbook&open=Proposal|Qualification"
    assert browser.value(SAID).startswith("Proposal to Qualification")


def test_the_map_can_be_read_by_keyboard(browser, pages):
    browser.open(pages / "full.html")
    browser.value("document.querySelector(\".frequency [data-from='Demo'][data-to='Proposal']\").focus()")
    browser.press("Enter")
    assert browser.value(SAID).startswith("Demo to Proposal: 470 times")
    assert browser.value("location.hash") == "#colour=frequency&open=Demo|Proposal"


def test_a_copy_button_copies_the_diff_as_it_is(browser, pages):
    origin = pages.joinpath("full.html").as_uri()
    browser.open(pages / "full.html")
    browser.value("""navigator.clipboard.writeText = (text) => { window.copied = text; return Promise.resolve(); }""")
    browser.value("document.querySelector('[data-copy=diff-R1]').click()")
    assert browser.value("copied.trim()") == full_study().revisions[0].diff.strip()
    browser.value("document.querySelector('[data-copy=summary]').click()")
    assert str(browser.value("copied")).startswith("# 412 of 1,200 deals were won")
    browser.value("document.querySelector('[data-svg]').click()")
    assert str(browser.value("copied")).startswith("<svg")
    browser.value("document.querySelector('[data-link]').click()")
    assert browser.value("copied") == origin


def test_without_scripts_the_map_still_changes_its_colours(browser, pages):
    browser.size(1400, 9000)
    browser.call("Emulation.setScriptExecutionDisabled", value=True)
    try:
        browser.open(pages / "full.html")
        assert browser.value("document.querySelectorAll('.copy:not([hidden])').length") == 0
        place = browser.value("JSON.stringify(document.getElementById('colour-days').getBoundingClientRect())")
        left, top = (float(re.search(rf'"{side}":([\d.]+)', str(place))[1]) for side in "xy")
        for kind in ("mousePressed", "mouseReleased"):
            browser.call("Input.dispatchMouseEvent", type=kind, x=left + 5, y=top + 5, button="left", clickCount=1)
        assert browser.value(SHOWN_MAPS) == ["days"]
    finally:
        browser.call("Emulation.setScriptExecutionDisabled", value=False)


def test_a_map_too_long_for_the_page_keeps_its_letters_and_scrolls_in_its_box(browser, tmp_path):
    names = [f"Stage number {place}" for place in range(20)]
    (tmp_path / "long.html").write_text(render_html(long_study(names)), encoding="utf-8")
    browser.size(1400)
    browser.open(tmp_path / "long.html")
    inside, box = browser.value("""(() => { const box = document.querySelector(".drawing.frequency");
        return [box.scrollWidth, box.clientWidth]; })()""")
    assert inside > 2 * box
    assert browser.value(OVERFLOW) == 0
    browser.open(tmp_path / "long.html", "#open=Stage number 15|Stage number 16")
    place = browser.value("document.querySelector('.frequency .chosen').getBoundingClientRect().x")
    assert 0 < place < 1400


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("story", ["full", "process"])
def test_text_stands_out_from_its_ground(browser, pages, story, scheme):
    browser.size(1400)
    browser.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
    browser.open(pages / f"{story}.html")
    browser.value("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
    seen, weak = browser.value(CONTRAST)
    ground = browser.value("getComputedStyle(document.body).backgroundColor")
    ink = browser.value("getComputedStyle(document.querySelector('#map svg text')).fill")
    browser.call("Emulation.setEmulatedMedia", features=[])
    assert seen > 300
    assert weak == []
    assert (ground == "rgb(255, 255, 255)") == (scheme == "light")
    # Letters of the drawings are turned with the page.
    assert (ink in ("rgb(255, 255, 255)", "rgb(30, 41, 59)")) == (scheme == "light")


def test_charts_are_no_wider_than_a_telephone(browser, pages):
    browser.size(390)
    browser.open(pages / "process.html")
    browser.value("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
    widths = browser.value(
        "[...document.querySelectorAll('.small svg')].map((one) => one.getBoundingClientRect().width)"
    )
    letters = browser.value(
        "[...document.querySelectorAll('.small svg text')].map((one) => one.getBoundingClientRect().height)"
    )
    assert len(widths) == 7
    assert max(widths) <= 390
    assert min(letters) >= 8


def test_on_paper_the_map_has_a_landscape_page_of_its_own(browser, pages):
    browser.open(pages / "full.html")
    printed = browser.call("Page.printToPDF", preferCSSPageSize=True, printBackground=True)
    pdf = base64.b64decode(printed["data"])
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    wide = [float(width) > float(height) for width, height in boxes]
    assert wide.count(True) == 1
    assert 0 < wide.index(True) < len(wide) - 1
    assert len(wide) < 16


def test_nothing_is_cut_off_on_paper(browser, pages):
    browser.size(688)
    browser.open(pages / "full.html")
    browser.call("Emulation.setEmulatedMedia", media="print")
    try:
        assert browser.value(OVERFLOW) == 0
    finally:
        browser.call("Emulation.setEmulatedMedia", media="")
