"""The book's formats: harmless whatever the names, the same bytes every time, links that lead somewhere."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import zipfile
from contextlib import chdir
from functools import cache
from itertools import pairwise
from pathlib import Path

import docx
import pytest
from click.testing import CliRunner
from docx.oxml.ns import qn

from processminer.cli import main
from processminer.engines.word_text import BOX
from processminer.report.book.book import Book
from processminer.report.book.compose import compose_book
from processminer.report.book.html_book import render_site, render_whole
from processminer.report.book.markdown_book import render_markdown_book
from processminer.report.book.publish import publish_site
from processminer.report.book.word_book import render_word_book
from tests.book_stories import AS_OF, FULL, Seen, book_says, hostile, markdown_page
from tests.test_playbooks_shipped import FOLDER, SHIPPED

STORIES = ("full", "hostile", "bare")


@cache
def story(name: str) -> Book:
    bare = {"name": "Bare", "stages": [{"name": "Talk"}]}
    playbook = hostile() if name == "hostile" else book_says(FULL if name == "full" else bare)
    return compose_book(playbook, AS_OF)


@cache
def site(name: str) -> dict[str, Seen]:
    return {file: Seen(page) for file, page in render_site(story(name)).items()}


@pytest.mark.parametrize("name", STORIES)
def test_file_names_are_safe_on_every_system_and_different_without_regard_to_case(name: str) -> None:
    files = list(render_site(story(name)))
    assert len(files) == len(story(name).pages) + 2
    assert all(re.fullmatch(r"[a-z0-9_-]{1,70}\.html", file) for file in files)
    assert len({file.casefold() for file in files}) == len(files)
    devices = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)\.", re.IGNORECASE)
    assert not any(devices.match(file) for file in files)


@pytest.mark.parametrize("name", STORIES)
def test_every_link_of_a_site_is_relative_and_leads_somewhere(name: str) -> None:
    pages = site(name)
    places = set(pages) | {f"#{one}" for page in pages.values() for one in page.ids}
    links = {link for page in pages.values() for link in page.links}
    outside = {link for link in links if link not in places}
    assert outside == ({"https://example.org/scripts/call"} if name == "full" else set())
    reached = {link for link in links if link.endswith(".html")}
    assert reached == set(pages)


@pytest.mark.parametrize("name", STORIES)
def test_every_link_of_the_single_page_and_of_the_markdown_leads_to_a_place_in_it(name: str) -> None:
    for page in (Seen(render_whole(story(name))), Seen(markdown_page(story(name)))):
        inside = [link[1:] for link in page.links if link.startswith("#")]
        assert len(inside) > 5
        assert set(inside) <= set(page.ids)
        assert len(set(page.ids)) == len(page.ids)
        assert {link for link in page.links if link[0] != "#"} <= {"https://example.org/scripts/call"}


@pytest.mark.parametrize("name", STORIES)
def test_pages_are_made_of_our_own_elements_only(name: str) -> None:
    for page in (*site(name).values(), Seen(render_whole(story(name)))):
        tags = {tag for tag, _ in page.tags}
        assert not tags & {"script", "img", "iframe", "object", "embed", "form", "link", "base"}
        assert not [said for _, said in page.tags if any(key.startswith("on") or key == "style" for key in said)]
        policy = next(said["content"] for tag, said in page.tags if tag == "meta" and "http-equiv" in said)
        assert str(policy).startswith("default-src 'none'; style-src 'sha256-")
    inside = {tag for tag, _ in Seen(markdown_page(story(name))).tags}
    assert not inside & {"script", "img", "iframe", "form", "style"}


@pytest.mark.parametrize("name", STORIES)
def test_headings_step_down_one_by_one_and_landmarks_and_language_are_there(name: str) -> None:
    for page in (*site(name).values(), Seen(render_whole(story(name)))):
        levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))
        tags = [tag for tag, _ in page.tags]
        assert tags.count("main") == 1
        assert all(said.get("aria-label") for tag, said in page.tags if tag == "nav")
        assert ("html", {"lang": "en"}) in page.tags


def test_a_page_leads_to_the_one_before_and_the_one_after_it() -> None:
    order = [page.id for page in story("full").pages]
    pages = render_site(story("full"))
    for place, page in enumerate(order):
        ways = {said["rel"]: said["href"] for tag, said in Seen(pages[f"{page}.html"]).tags if "rel" in said}
        before = f"{order[place - 1]}.html" if place else "index.html"
        after = {"next": f"{order[place + 1]}.html"} if place + 1 < len(order) else {}
        assert ways.items() >= ({"prev": before} | after).items()


def test_a_book_is_the_same_to_the_byte_in_another_process_with_another_hash_seed(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from tests.book_stories import *; from processminer.report.book.compose "
        "import compose_book; book = compose_book(book_says(FULL), AS_OF); folder = Path(sys.argv[1]); folder.mkdir(); "
        "[(folder / name).write_bytes(page.encode()) for name, page in render_site(book).items()]; "
        "(folder / 'b.md').write_bytes(render_markdown_book(book).encode()); "
        "(folder / 'b.docx').write_bytes(render_word_book(book))"
    )
    folder = tmp_path / "other"
    environment = {**os.environ, "PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo"}
    subprocess.run(
        [sys.executable, "-c", code, str(folder)], check=True, env=environment, cwd=Path(__file__).parents[1]
    )
    book = story("full")
    here = {name: page.encode() for name, page in render_site(book).items()}
    here |= {"b.md": render_markdown_book(book).encode(), "b.docx": render_word_book(book)}
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == here
    assert len(here) == len(book.pages) + 4


def test_a_word_document_says_no_time_and_no_program_it_was_made_by() -> None:
    archive = zipfile.ZipFile(io.BytesIO(render_word_book(story("full"))))
    assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    core = archive.read("docProps/core.xml").decode()
    assert "<dc:title>New business</dc:title>" in core
    assert "<dc:creator>Sales operations</dc:creator>" in core
    assert not re.search("created|modified|python-docx", core)
    assert not [name for name in archive.namelist() if "thumbnail" in name]
    assert archive.testzip() is None


def test_a_word_document_has_headings_contents_tables_with_heads_boxes_and_a_map_that_is_told() -> None:
    book = story("full")
    word = docx.Document(io.BytesIO(render_word_book(book)))
    headings = [one.text for one in word.paragraphs if one.style.name == "Heading 1"]
    assert headings == [*(section.title for section in book.opening), *(page.title for page in book.pages)]
    assert [one.text for one in word.paragraphs if one.style.name == "Title"] == ["New business"]
    fields = [one.text for one in word.element.body.iter(qn("w:instrText"))]
    assert fields == [r'TOC \o "1-1" \h \z \u']
    footer = word.sections[0].footer.paragraphs[0]
    assert footer.text == "New business · version 2.1.0 · page 1"
    assert [one.text for one in footer._p.iter(qn("w:instrText"))] == ["PAGE"]
    assert all(section.footer.is_linked_to_previous for section in list(word.sections)[1:])
    assert all(table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None for table in word.tables)
    order = [re.sub("{.*}", "", one.tag) for one in word.tables[0]._tbl.tblPr]
    assert order == ["tblW", "tblBorders", "tblLayout", "tblLook"]
    boxes = sum(one.text.count(BOX) for one in word.paragraphs)
    assert boxes == render_markdown_book(book).count("- [ ] ")
    (told,) = [one.get("descr") for one in word.element.body.iter(qn("wp:docPr"))]
    assert "From Qualification to Lead, Offer, Signed or Closed Won." in told
    wide = [section.page_width > section.page_height for section in word.sections]
    assert wide == [False, True, False]


def test_every_link_of_a_word_document_leads_to_a_mark_or_to_an_allowed_address() -> None:
    for name, outside in (("full", {"https://example.org/scripts/call"}), ("hostile", set())):
        word = docx.Document(io.BytesIO(render_word_book(story(name))))
        marks = [one.get(qn("w:name")) for one in word.element.body.iter(qn("w:bookmarkStart"))]
        inside = {one.get(qn("w:anchor")) for one in word.element.body.iter(qn("w:hyperlink"))} - {None}
        assert len(set(marks)) == len(marks)
        assert inside <= set(marks)
        assert {one.target_ref for one in word.part.rels.values() if one.is_external} == outside


def test_stages_begin_a_page_in_a_word_document() -> None:
    book = story("full")
    word = docx.Document(io.BytesIO(render_word_book(book)))
    begins = {one.text for one in word.paragraphs if one.paragraph_format.page_break_before}
    # The first one begins its page by turning the paper upright again.
    assert begins == {page.title for page in book.pages[1:] if page.sheet}


def test_markdown_shows_hostile_text_letter_by_letter_and_keeps_its_shape() -> None:
    text = render_markdown_book(story("hostile"))
    page = Seen(markdown_page(story("hostile")))
    assert "<script>alert(1)</script>" in page.text
    assert "| a `b` **c** [d](javascript:alert(1)) @team #1" in page.text
    fences = [line for line in text.splitlines() if line.startswith("```")]
    assert fences == ["```mermaid", "```"]
    tables = re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE)
    cells = [{len(re.findall(r"(?<!\\)\|", line)) - 1 for line in table.splitlines()} for table in tables]
    assert len(cells) > 2 * len(FULL["stages"])
    assert all(len(counts) == 1 for counts in cells)
    assert sum(tag == "table" for tag, _ in page.tags) == len(tables)


def test_a_site_takes_away_pages_of_its_earlier_self_and_nothing_else(tmp_path: Path) -> None:
    out = tmp_path / "book"
    written, gone = publish_site(story("full"), out)
    assert {path.name for path in written} == set(render_site(story("full")))
    assert gone == ()
    (out / "stage-mine.html").write_text("<p>written by hand</p>")
    (out / "notes.md").write_text("mine")
    written, gone = publish_site(story("bare"), out)
    kept = {path.name for path in out.iterdir()}
    assert kept == {path.name for path in written} | {"stage-mine.html", "notes.md"}
    assert "stage-qualification.html" in {path.name for path in gone}


def run(*words: str, folder: Path) -> str:
    """Run the command in an empty folder; return what it says and the first file that it made."""
    folder.mkdir()
    with chdir(folder):
        result = CliRunner().invoke(main, ["playbook", "book", *words])
    assert result.exit_code == 0, result.output
    made = min(path.name for path in folder.rglob("*") if path.is_file())
    return f"{result.output.rstrip()} [{made}]".replace(os.sep, "/")


SITE_TOLD = "Written to {0}: 16 pages. Open {0}/index.html, or {0}/print.html to print. [changes.html]"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), SITE_TOLD.format("book")),
        (("--out", "v3.2"), SITE_TOLD.format("v3.2")),
        (("--out", "a.html"), "Written to a.html, all on one page. [a.html]"),
        (("--out", "a.md"), "Written to a.md. [a.md]"),
        (("--format", "docx"), "Written to book.docx. [book.docx]"),
        (("--format", "markdown", "--out", "a.txt"), "Written to a.txt. [a.txt]"),
    ],
)
def test_the_command_writes_what_the_name_or_the_format_says(tmp_path: Path, words: tuple[str, ...], told: str) -> None:
    playbook = tmp_path / "six.yaml"
    stages = "".join(f"  - {{name: S{place}, owner: R{place}}}\n" for place in range(4))
    playbook.write_text(f"name: Six\nstages:\n{stages}", encoding="utf-8")
    said = run(str(playbook), *words, folder=tmp_path / "here")
    assert said == told.replace("16 pages", f"{4 + 1 + 4 + 4 + 2} pages")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--out", "book.pdf"), "has an ending that cannot be made here (pdf)."),
        (("--out", "taken/book"), "cannot be written"),
        (("--out", "taken/book.docx"), "cannot be written"),
        (("--as-of", "yesterday"), "'yesterday' does not match the format"),
    ],
)
def test_what_cannot_be_written_is_told_in_words(tmp_path: Path, words: tuple[str, ...], told: str) -> None:
    (tmp_path / "taken").write_text("a file")
    with chdir(tmp_path):
        result = CliRunner().invoke(main, ["playbook", "book", "b2b-saas", *words])
    assert result.exit_code == 2
    assert told in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_playbook_makes_a_book_of_every_format(name: str, tmp_path: Path) -> None:
    for out in ("site", "one.html", "book.md", "book.docx"):
        words = [
            "playbook",
            "book",
            str(FOLDER / f"{name}.yaml"),
            "--as-of",
            "2026-06-01",
            "--out",
            str(tmp_path / out),
        ]
        result = CliRunner().invoke(main, words)
        assert result.exit_code == 0, result.output
        assert (tmp_path / out).exists()


@pytest.mark.parametrize(("stages", "as_drawn"), [(2, True), (6, False), (12, False), (30, True)])
def test_a_drawing_fills_its_column_unless_its_letters_would_be_too_small_or_too_large(
    stages: int, *, as_drawn: bool
) -> None:
    names = [{"name": f"Stage {place}", "owner": "Account executive"} for place in range(stages)]
    page = render_site(compose_book(book_says({"name": "P", "stages": names})))["index.html"]
    assert ('class="drawing as-drawn"' in page) is as_drawn
