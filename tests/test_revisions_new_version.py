"""The next version of a playbook: its number, its first day, its change log, and every other line as it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from processminer.errors import InputError
from processminer.findings.finding import Evidence, Finding
from processminer.playbook.edits import Edit
from processminer.playbook.patch import apply
from processminer.playbook.read import parse_playbook
from processminer.playbook.versions import read_versions
from processminer.revisions.new_version import new_version, placed, raised, replacing, step_of
from processminer.revisions.revision import Revision, RevisionKind
from processminer.statistics.interval import Interval

LOOKED_AT = date(2026, 6, 30)
TEXT = """name: New business   # ours
version: 2.1.0
valid_from: 2025-01-01
reviewed: 2025-02-01
stages:
  - name: Lead
  - name: Demo
  - name: Proposal
changes:
  - {version: 2.1.0, why: First}
"""
OPTIONAL = Edit("set", ("stages", "Demo", "optional"), value=True)
ALIAS = Edit("add", ("stages", "Demo", "aliases"), value="Demonstration")
FINDING = Finding("F3", "required-stage-skipped", "Demo", "high", "B", "", Evidence("", 1, 2, None, {}, (), ""))


def revision(kind: RevisionKind = "make-stage-optional", *edits: Edit, number: int = 1) -> Revision:
    effect = {"win_rate": Interval(0.053, 0.016, 0.091)}
    made = edits or (OPTIONAL,)
    return Revision(f"R{number}", kind, "Demo", "B", ("F3",), 1101, 0.0123, effect, "", "", "", "", made, "")


def test_a_version_says_its_number_its_first_day_and_its_evidence() -> None:
    made = new_version(TEXT, [revision()], [FINDING], LOOKED_AT)
    playbook = parse_playbook(made.text, "x")
    assert (playbook.version, playbook.valid_from, playbook.reviewed) == ("2.2.0", date(2026, 7, 1), LOOKED_AT)
    newest, first = playbook.changes
    assert (newest.version, newest.day, newest.why) == ("2.2.0", LOOKED_AT, "make-stage-optional: Demo")
    assert newest.evidence == (
        "Grade B, 1,101 deals up to 2026-06-30, q = 0.012 against its being worth 5 points or more;"
        " win rate +5.3 points (+1.6 to +9.1) predicted;"
        " answers F3 (required-stage-skipped)"
    )
    assert first.why == "First"


def test_each_measure_of_an_effect_is_told_in_its_own_unit() -> None:
    effect = {
        "value": Interval(923.3, 0.0, 1995.3),
        "won_cycle_days": Interval(-3.4, -3.7, 0.0),
        "win_rate_overall": Interval(0.017, 0.0, 0.034),
    }
    made = new_version(TEXT, [replace(revision(), effect=effect)], [FINDING], LOOKED_AT)
    assert (
        "win rate of all new deals +1.7 points (+0.0 to +3.4) predicted, days to win -3.4 days (-3.7 to +0.0)"
        " predicted, value of a new deal +923 (+0 to +1,995) predicted;"
    ) in str(parse_playbook(made.text, "x").changes[0].evidence)


def test_every_line_but_those_stays() -> None:
    made = new_version(TEXT, [revision()], [FINDING], LOOKED_AT).text.splitlines()
    gone = [line for line in TEXT.splitlines() if line not in made]
    assert gone == ["version: 2.1.0", "valid_from: 2025-01-01", "reviewed: 2025-02-01"]


def test_without_a_revision_nothing_changes() -> None:
    assert new_version(TEXT, [], [], LOOKED_AT).text == TEXT


@pytest.mark.parametrize(
    ("made", "step", "version"),
    [
        (revision("remove-stage", Edit("remove", ("stages", "Demo"))), "major", "3.0.0"),
        (revision("require-stage"), "major", "3.0.0"),
        (revision("add-stage", Edit("add", ("stages",), value={"name": "Legal"})), "major", "3.0.0"),
        (revision("add-stage", Edit("add", ("stages",), value={"name": "Legal", "optional": True})), "minor", "2.2.0"),
        (revision("set-time-limit"), "minor", "2.2.0"),
        (revision("add-alias", ALIAS), "patch", "2.1.1"),
    ],
)
def test_what_a_revision_asks_of_deals_raises_the_version(made: Revision, step: str, version: str) -> None:
    assert step_of(made) == step
    found = new_version(TEXT, [made], [], LOOKED_AT)
    assert (found.step, found.version) == (step, version)


def test_the_weightiest_of_several_revisions_raises_the_version() -> None:
    both = [revision("add-alias", ALIAS), revision(number=2)]
    assert new_version(TEXT, both, [], LOOKED_AT).version == "2.2.0"
    assert [one.why for one in parse_playbook(new_version(TEXT, both, [], LOOKED_AT).text, "x").changes] == [
        "add-alias: Demo", "make-stage-optional: Demo", "First",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("version", "after"), [("1.0.0", "1.1.0"), ("7", "7.1.0"), ("v1.2", "v1.3.0"), ("a b", "a b-1.1.0")]
)
def test_any_version_is_raised(version: str, after: str) -> None:
    assert raised(version, "minor") == after


def test_a_version_that_does_not_begin_later_is_refused() -> None:
    with pytest.raises(InputError, match="holds from 2025-01-01"):
        new_version(TEXT, [revision()], [], LOOKED_AT, valid_from=date(2025, 1, 1))
    late = TEXT.replace("2025-01-01", "2027-05-01")
    assert new_version(late, [revision()], [], LOOKED_AT).valid_from == date(2027, 5, 2)


def test_a_version_written_beside_the_old_one_replaces_it(tmp_path: Path) -> None:
    old = tmp_path / "old" / "playbook.yaml"
    old.parent.mkdir()
    old.write_text(TEXT, encoding="utf-8")
    made = new_version(TEXT, [revision()], [], LOOKED_AT).text
    new = tmp_path / "next.yaml"
    new.write_text(replacing(made, str(old), new), encoding="utf-8")
    assert [one.playbook.version for one in read_versions(new)] == ["2.2.0", "2.1.0"]
    assert replacing(made, str(old), old) == made


def test_a_version_placed_elsewhere_still_finds_the_one_before_it(tmp_path: Path) -> None:
    (tmp_path / "books").mkdir()
    (tmp_path / "audit").mkdir()
    (tmp_path / "books" / "1.yaml").write_text(TEXT.replace("2025-01-01", "2024-01-01"), encoding="utf-8")
    present = tmp_path / "books" / "2.yaml"
    text = apply(TEXT, [Edit("set", ("replaces",), value="1.yaml")])
    present.write_text(text, encoding="utf-8")
    elsewhere = tmp_path / "audit" / "revised-playbook.yaml"
    elsewhere.write_text(placed(text, str(present), elsewhere), encoding="utf-8")
    assert len(read_versions(elsewhere)) == 2
    assert placed(text, str(present), tmp_path / "books" / "3.yaml") == text
    assert placed(TEXT, str(present), elsewhere) == TEXT
