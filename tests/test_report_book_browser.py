"""The book in a real browser: it asks for nothing, complains of nothing, fits every screen and the printed page."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import pytest

from processminer.report.book.compose import compose_book
from processminer.report.book.publish import publish_site
from tests.book_stories import AS_OF, FULL, book_says, hostile
from tests.browser import Browser
from tests.test_report_browser import CONTRAST, OVERFLOW

pytestmark = pytest.mark.browser

STORIES = ("full", "hostile")


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, ...]]:
    playbooks = {"full": book_says(FULL), "hostile": hostile()}
    return {
        name: publish_site(compose_book(playbook, AS_OF), tmp_path_factory.mktemp(name))[0]
        for name, playbook in playbooks.items()
    }


def colours(browser: Browser, scheme: str) -> None:
    browser.call("Emulation.setEmulatedMedia", media="", features=[{"name": "prefers-color-scheme", "value": scheme}])


@pytest.mark.parametrize("story", STORIES)
def test_no_page_asks_for_anything_or_complains(
    browser: Browser, books: dict[str, tuple[Path, ...]], story: str
) -> None:
    browser.size(1400)
    for page in books[story]:
        browser.open(page)
        assert browser.value("document.querySelectorAll('h1').length") == 1
        assert browser.value("getComputedStyle(document.body).marginTop") == "0px", "the style is let in"
        assert browser.requests() == [page.as_uri()]
        assert browser.complaints() == []


@pytest.mark.parametrize("width", [360, 390, 768, 1024, 1400, 2200])
@pytest.mark.parametrize("story", STORIES)
def test_no_page_scrolls_sideways(browser: Browser, books: dict[str, tuple[Path, ...]], story: str, width: int) -> None:
    browser.size(width)
    # The whole holds all that the other pages hold; beside the contents there is less room, so one of each kind too.
    kinds = {page.name.partition("-")[0]: page for page in reversed(books[story])}
    for page in kinds.values():
        browser.open(page)
        assert browser.value("innerWidth") == width
        assert browser.value(OVERFLOW) == 0, page.name


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground_by_day_and_by_night(
    browser: Browser, books: dict[str, tuple[Path, ...]], scheme: str
) -> None:
    browser.size(1400)
    colours(browser, scheme)
    try:
        browser.open(books["full"][-1])
        dark = browser.value("getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)"
        assert dark == (scheme == "dark")
        seen, weak = browser.value(CONTRAST)  # type: ignore[misc]
        assert seen > 200
        assert weak == []
    finally:
        colours(browser, "light")


def test_a_box_can_be_ticked_by_keyboard_and_is_named_by_its_task(
    browser: Browser, books: dict[str, tuple[Path, ...]]
) -> None:
    browser.open(next(page for page in books["full"] if page.name == "stage-qualification.html"))
    browser.value("document.querySelectorAll('input')[1].focus()")
    for kind in ("keyDown", "keyUp"):
        browser.call("Input.dispatchKeyEvent", type=kind, key=" ", code="Space", windowsVirtualKeyCode=32)
    assert browser.value("document.querySelectorAll('input')[1].checked") is True
    named = browser.value("document.querySelectorAll('input')[1].labels[0].textContent.trim()")
    assert named == "Discovery call (optional)"


def test_the_contents_stand_beside_the_page_on_a_wide_screen_and_below_it_on_a_phone(
    browser: Browser, books: dict[str, tuple[Path, ...]]
) -> None:
    beside = "document.getElementById('contents').getBoundingClientRect().top < innerHeight"
    for width, there in ((1400, True), (390, False)):
        browser.size(width)
        browser.open(books["full"][1])
        assert browser.value(beside) is there
        shown = "document.querySelector('.to-contents').checkVisibility()"
        assert browser.value(shown) is not there


def printed(browser: Browser, page: Path) -> tuple[bytes, list[tuple[float, float]]]:
    browser.open(page)
    said = browser.call("Page.printToPDF", preferCSSPageSize=True, printBackground=True)
    pdf = base64.b64decode(said["data"])
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    return pdf, [(float(width), float(height)) for width, height in boxes]


def test_the_whole_is_printed_a_sheet_for_each_stage_and_the_map_on_its_side(
    browser: Browser, books: dict[str, tuple[Path, ...]]
) -> None:
    _, sheets = printed(browser, books["full"][-1])
    wide = [width > height for width, height in sheets]
    assert wide.count(True) == 1
    book = compose_book(book_says(FULL), AS_OF)
    begun = sum(page.sheet for page in book.pages) + 2
    assert begun <= len(sheets) <= begun + 3


def test_a_single_page_of_the_site_prints_without_its_contents(
    browser: Browser, books: dict[str, tuple[Path, ...]]
) -> None:
    page = next(page for page in books["full"] if page.name == "stage-qualification.html")
    _, sheets = printed(browser, page)
    assert len(sheets) <= 2
    browser.call("Emulation.setEmulatedMedia", media="print")
    try:
        assert browser.value("document.getElementById('contents').checkVisibility()") is False
        target = "getComputedStyle(document.querySelector('.checks .out'), '::after').content"
        assert browser.value(target) == '" <" attr(href) ">"' or "example.org" in str(browser.value(target))
        assert browser.value(OVERFLOW) == 0
    finally:
        browser.call("Emulation.setEmulatedMedia", media="")


def test_nothing_is_cut_off_on_paper(browser: Browser, books: dict[str, tuple[Path, ...]]) -> None:
    browser.size(688)
    browser.call("Emulation.setEmulatedMedia", media="print")
    try:
        for story in STORIES:
            browser.open(books[story][-1])
            assert browser.value(OVERFLOW) == 0
    finally:
        browser.call("Emulation.setEmulatedMedia", media="")
