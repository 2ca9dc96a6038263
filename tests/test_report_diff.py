"""What differs between two playbooks, told to the terminal, on a change request, and to programs."""

from __future__ import annotations

import json
from importlib import resources
from typing import TYPE_CHECKING

import jsonschema
import pytest
from click.testing import CliRunner
from markdown_it import MarkdownIt

from processminer.cli import main
from processminer.report.diff_json import render_diff_json
from processminer.report.diff_markdown import MOST_BYTES, render_diff_markdown
from processminer.report.diff_migration import migration
from processminer.report.diff_text import render_diff_text
from processminer.words import say_share
from tests.diff_stories import DEALS, HOSTILE, NEW, OLD, book_of_names, diff_between
from tests.worlds import write_export

if TYPE_CHECKING:
    from pathlib import Path

    from processminer.diff import PlaybookDiff


@pytest.fixture(scope="module")
def replayed() -> PlaybookDiff:
    return diff_between(OLD, NEW, DEALS)


def test_the_text_goes_by_stage_in_the_playbooks_order_and_then_the_rest(replayed: PlaybookDiff) -> None:
    text = render_diff_text(replayed)
    heads = [block.splitlines()[0] for block in text.split("\n\n")]
    assert heads == [
        "New business: version 1.0.0 to 1.1.0",
        "Presentation",
        "Legal",
        "Offer",
        "Pilot",
        "Outside the stages",
        "Moves between stages that both have",
        "Replay of deals.csv, as of 2026-01-22 00:00",
        "Before it goes live",
    ]
    assert "  ~ Presentation now waits at most 5 days (was 14 days)  [7 -> 9]" in text
    assert f"{say_share(3, 5)} past deals kept to the old playbook and break the new one" in text
    assert "no forecast" in text
    assert max(map(len, text.splitlines())) <= 100


def test_the_comment_names_no_deal_and_says_how_to_make_it_again(replayed: PlaybookDiff) -> None:
    text = render_diff_markdown(replayed)
    assert "```mermaid\nflowchart LR\n" in text
    assert "| Presentation now waits at most 5 days (was 14 days) | 14 days | 5 days | 7 → 9 |" in text
    for deal in DEALS:
        assert deal == "open" or deal not in text
    assert "`processminer playbook diff old.yaml new.yaml --log deals.csv --format markdown`" in text
    assert all(name in render_diff_text(replayed) for name in DEALS)


MANY = [f"{name} {place}" for place in range(300) for name in HOSTILE[2:4]]
MARKS = [f"{place}{'<' * 150}" for place in range(100)]


@pytest.mark.parametrize("names", [HOSTILE, MANY, MARKS])
def test_hostile_and_endless_playbooks_stay_text_and_below_the_limit_of_a_comment(names: list[str]) -> None:
    diff = diff_between(book_of_names(["A"]), book_of_names(names, version="<b>2</b>"))
    text = render_diff_markdown(diff)
    assert len(text.encode()) < MOST_BYTES
    page = MarkdownIt("commonmark", {"html": True}).enable("table")
    tokens = [token for block in page.parse(text) for token in [block, *(block.children or [])]]
    assert not {"html_block", "html_inline", "link_open", "image"} & {token.type for token in tokens}
    assert "@team" not in text
    rows = sum(token.type == "tr_open" for token in tokens) - 1
    left = len(diff.comparison.changes) - rows
    assert (f"{left:,} more changes are left out here" in text) == (left > 0)
    assert "\x1b" not in text + render_diff_text(diff)
    assert "\u202e" not in render_diff_text(diff)


@pytest.mark.parametrize("deals", [None, DEALS])
def test_the_json_keeps_its_contract(deals: dict[str, list[tuple[str, float]]] | None) -> None:
    schema = json.loads(resources.files("processminer.report").joinpath("playbook_diff.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    for old, new in ((OLD, NEW), (NEW, OLD), (OLD, OLD), (OLD, book_of_names(HOSTILE))):
        # The last has none of the log's stages, so that no log is held against it.
        diff = diff_between(old, new, deals if "Lead" in new else None)
        text = render_diff_json(diff)
        assert text == render_diff_json(diff)
        document = json.loads(text)
        jsonschema.validate(document, schema)
        assert len(document["changes"]) == len(diff.comparison.changes)
        assert (document["replay"] is None) == (diff.replay is None)
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({**document, "changes": [{}]}, schema)


def test_the_notes_before_it_goes_live_follow_from_what_changed() -> None:
    notes = " ".join(migration(diff_between(OLD, NEW)))
    assert "The cutover is 2026-07-01" in notes
    assert "add Pilot and Presentation and deactivate Legal and Demo; never rename" in notes
    assert "keyed to a stage's name need a look: Legal and Demo" in notes
    assert "forecast categories" in notes
    assert "Never blend deals" in notes
    assert "Raise the version" not in notes
    keep = "Keep the old version as a file of its own"
    assert keep in notes
    assert keep not in " ".join(migration(diff_between(OLD, NEW.replace("stages:", "replaces: old.yaml\nstages:", 1))))
    slower = " ".join(migration(diff_between(OLD, OLD.replace("14 days", "20 days"))))
    assert "Raise the version: it is still 1.0.0" in slower
    assert "In the CRM" not in slower
    assert migration(diff_between(OLD, OLD)) == ()


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    for name, text in (("old.yaml", OLD), ("new.yaml", NEW)):
        (tmp_path / name).write_text(text)
    return str(tmp_path / "old.yaml"), str(tmp_path / "new.yaml")


def ran(*words: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, ["playbook", "diff", *words])
    return result.exit_code, result.stdout, result.stderr


def test_a_difference_fails_only_where_that_is_asked_for(files: tuple[str, str]) -> None:
    old, new = files
    assert ran(old, new)[0] == 0
    assert ran(old, new, "--exit-code")[0] == 1
    code, out, _ = ran(old, old, "--exit-code")
    assert code == 0
    assert "The two say the same" in out


def test_a_new_layout_is_no_difference(files: tuple[str, str], tmp_path: Path) -> None:
    laid_out = tmp_path / "laid-out.yaml"
    laid_out.write_text("# A comment\n" + OLD.replace("time_limit: 14 days", "time_limit: 2 weeks"))
    code, out, _ = ran(files[0], str(laid_out), "--exit-code")
    assert code == 0
    assert "they differ in layout or comments" in out


def test_shipped_playbooks_are_known_by_name_and_unreadable_ones_are_said(files: tuple[str, str]) -> None:
    code, out, _ = ran("b2b-saas", "renewals")
    assert code == 0
    assert out.count("\n") > 20
    code, _, err = ran(files[0], "nowhere.yaml")
    assert code == 2
    assert "there is no such file" in err


def test_the_ending_of_the_file_tells_the_form(files: tuple[str, str], tmp_path: Path) -> None:
    begins = {"svg": "<svg", "md": "### New business", "json": '{\n  "schema"', "txt": "New business: version"}
    for ending, begin in begins.items():
        out = tmp_path / f"diff.{ending}"
        assert ran(*files, "--out", str(out))[0] == 0
        assert out.read_text("utf-8").startswith(begin)
    assert ran(*files, "--out", str(tmp_path / "diff.docx"))[0] == 2


def test_a_log_is_replayed_by_the_names_of_each_playbook(files: tuple[str, str], tmp_path: Path) -> None:
    folder = tmp_path / "export"
    folder.mkdir()
    write_export(folder, DEALS, {}, {}, ("Won",), ("Lost",))
    code, out, _ = ran(*files, "--log", str(folder), "--as-of", "2026-01-22", "--format", "json")
    assert code == 0
    told = json.loads(out)["replay"]
    assert told["compared"] == 5
    assert told["standings"]["newly_breaking"]["examples"] == ["kept-both", "too-slow-now", "went-back"]


def test_reading_options_without_a_log_and_a_playbook_of_another_process_are_refused(
    files: tuple[str, str], tmp_path: Path
) -> None:
    code, _, err = ran(*files, "--as-of", "2026-01-22")
    assert code == 2
    assert "--log" in err
    other = tmp_path / "other.yaml"
    other.write_text(OLD.replace("Lead", "A").replace("Demo", "B").replace("Legal", "C").replace("Offer", "D"))
    folder = tmp_path / "export"
    folder.mkdir()
    write_export(folder, DEALS, {}, {}, ("Won",), ("Lost",))
    code, _, err = ran(files[0], str(other), "--log", str(folder))
    assert code == 2
    assert "is it the right playbook?" in err
