"""A change judged on whole exports: one that was lived, one that was not, and never by a bare before and after."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import numpy as np
import pytest
from click.testing import CliRunner, Result

from processminer.cli import main
from processminer.discovery.discover import discover
from processminer.errors import InputError, PlaybookError
from processminer.estimates.did_it_work.deals import judged_deals
from processminer.estimates.did_it_work.did_it_work import DidItWork
from processminer.log.options import Options
from processminer.log.read import read_log
from processminer.report.audit_file import read_audit
from processminer.report.since_file import read_judged
from processminer.report.since_text import render_since, render_since_json
from processminer.report.since_told import INTENDED, WEAK
from processminer.since import did_it_work
from tests.changed_worlds import CHANGED_ON, Truth, write_world
from tests.worlds import log_of


@cache
def world(truth: Truth, seed: int = 6) -> tuple[Path, Path]:
    return write_world(Path(mkdtemp()), truth, seed)


@cache
def judged(truth: Truth, seed: int = 6) -> DidItWork:
    log, playbook = world(truth, seed)
    return did_it_work([log], playbook, Options(), since="2.0.0")


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(one) for one in arguments])


HELPED = Truth(effect=0.15)
NOT_LIVED = Truth(lived=False)
ALL = Truth(others=False)


def test_a_change_that_helped_is_told_beside_those_who_did_not_change() -> None:
    found = judged(HELPED)
    won = found.judgements[0]
    assert (found.version, str(found.since), dict(found.where)) == (
        "2.0.0",
        "2027-02-25",
        {"Region": ("North", "West")},
    )
    assert found.what == ("Demo became required",)
    assert (won.design, found.grouped_by) == ("differences", "owner")
    assert won.effect is not None
    assert won.effect.low > 0
    assert won.compared is not None
    assert (won.compared.changed.groups, won.compared.others.groups) == (8, 8)


def test_adoption_is_the_share_that_keeps_what_is_newly_asked() -> None:
    (one,) = judged(HELPED).adoption
    assert (one.how, one.kind, one.subject) == ("asked", "skipped", "Demo")
    assert one.before.estimate == pytest.approx(0.5, abs=0.06)
    assert one.after.estimate == pytest.approx(0.9, abs=0.04)
    assert one.rose
    assert one.months_above == one.months
    text = render_since(judged(HELPED), width=100)
    assert INTENDED.split(":")[0] not in text


def test_of_a_change_that_was_not_lived_only_the_intention_is_judged() -> None:
    found = judged(NOT_LIVED, 1)
    assert found.lived is False
    assert not found.adoption[0].rose
    assert " ".join(render_since(found, width=200).split()).count(INTENDED) == 1


def test_where_all_changed_at_once_the_series_speaks_and_is_called_weak() -> None:
    found = judged(ALL)
    assert [one.design for one in found.judgements] == ["series", "series"]
    text = " ".join(render_since(found, width=200).split())
    assert "Weak: " in text
    assert WEAK in text
    # No share from before stands beside one from since: only adoption is told by both.
    after_lived = text[text.index("Share won") :]
    assert " % to " not in after_lived


def test_what_an_allowed_freedom_is_used_for_counts_as_adoption(tmp_path: Path) -> None:
    log, _ = world(NOT_LIVED)
    required = tmp_path / "old.yaml"
    required.write_text(
        "name: x\nversion: 1.0.0\nvalid_from: 2026-01-01\nstages: [{name: Lead}, {name: Demo}, {name: Proposal}]\n"
        "outcomes: {won: [Won], lost: [Lost]}\n",
        encoding="utf-8",
    )
    free = required.read_text("utf-8").replace("1.0.0", "2.0.0").replace("2026-01-01", "2027-02-25\nreplaces: old.yaml")
    (tmp_path / "new.yaml").write_text(free.replace("{name: Demo}", "{name: Demo, optional: true}"), encoding="utf-8")
    found = did_it_work([log], tmp_path / "new.yaml", Options(), since="2.0.0")
    (one,) = found.adoption
    assert (one.how, one.subject) == ("allowed", "Demo")
    assert one.before.estimate == pytest.approx(0.5, abs=0.06)
    assert not one.rose


def test_two_logs_say_by_themselves_what_came_after(tmp_path: Path) -> None:
    log, playbook = world(HELPED)
    options = Options(as_of=None)
    whole = read_log(log, options)
    day = whole.as_of.replace(year=2027, month=2, day=24, hour=23, minute=59, second=59, microsecond=0)
    parted = did_it_work([log, log], playbook, replace(options))
    assert parted.judgements[0].deals == (0, 0, 0, 0) or parted.judgements[0].design == "none"
    early = read_log(log, replace(options, as_of=day))
    discover(early)
    later = read_log(log, options)
    discover(later)
    units = judged_deals([early, later], {"Region": ["North", "West"]}, None).deals
    single = judged_deals([later], {"Region": ["North", "West"]}, day.date().replace(day=25)).deals
    assert int(units.after.sum()) == int(single.after.sum())
    assert len(units.after) == len(single.after)


def test_units_are_told_as_a_slow_count_tells_them() -> None:
    log = log_of(
        {"a": [("Lead", 0.0), ("Won", 10.0)], "b": [("Lead", 5.0), ("Lost", 5.5)], "c": [("Lead", 20.0)]},
        as_of_day=30.0,
        attributes={"a": {"Region": "North"}, "b": {"Region": " north "}, "c": {"Region": "South"}},
    )
    discover(log)
    units = judged_deals([log], {"region": ["NORTH"]}, (log.as_of.replace(month=1, day=15)).date()).deals
    assert units.changed.tolist() == [True, True, False]
    assert units.after.tolist() == [False, False, True]
    assert units.cause.tolist() == [1, 2, 0]
    assert units.days.tolist() == [11, 1, 11]
    assert np.all(units.watched >= units.days)


def test_a_judgement_survives_its_json() -> None:
    found = judged(HELPED)
    document = json.loads(render_since_json(found))
    assert document["schema"] == "processminer-compare/1"
    own = {name: document[name] for name in document if name not in {"schema", "lived", "told"}}
    again = read_judged(own)
    assert again is not None
    assert render_since(again, width=100) == render_since(found, width=100)


def test_the_verb_prints_and_writes(tmp_path: Path) -> None:
    log, playbook = world(HELPED)
    result = run("compare", log, "--playbook", playbook, "--since", "2.0.0")
    assert result.exit_code == 0, result.stderr
    assert result.stdout.startswith("Change ")
    out = tmp_path / "judged.json"
    assert run("compare", log, "--playbook", playbook, "--since", "2027-02-25", "--out", out).exit_code == 0
    assert json.loads(out.read_text("utf-8"))["judgements"][0]["design"] == "differences"
    by_hand = run("compare", log, "--since", "2027-02-25", "--changed", "Region=North", "--changed", "Region=West")
    assert by_hand.exit_code == 0, by_hand.stderr
    assert "Without a playbook" in by_hand.stdout
    assert "beyond what the others changed" in " ".join(by_hand.stdout.split())


def test_an_audit_judges_the_change_before_it(tmp_path: Path) -> None:
    log, playbook = world(HELPED)
    result = run("audit", log, "--playbook", playbook, "--since", "2.0.0", "--out", tmp_path / "audit")
    assert result.exit_code == 0, result.stderr
    assert "Did the change work?" in result.stdout
    study, document = read_audit((tmp_path / "audit" / "audit.json").read_text("utf-8"), "audit.json")
    assert study.judged is not None
    assert document["judged"]["adoption"][0]["how"] == "asked"
    assert "Did the change work?" in (tmp_path / "audit" / "report.html").read_text("utf-8")
    assert "Did the change work?" in (tmp_path / "audit" / "summary.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("since", "said"),
    [("9.9.9", "there is no version '9.9.9'"), ("soon", "there is no version 'soon'")],
)
def test_an_unknown_moment_is_refused(since: str, said: str) -> None:
    log, playbook = world(HELPED)
    with pytest.raises((InputError, PlaybookError), match=said):
        did_it_work([log], playbook, Options(), since=since)


def test_no_day_and_no_playbook_are_refused_in_words() -> None:
    log, _ = world(HELPED)
    assert "not said since when" in run("compare", log).stderr
    assert "Give one log and --since" in run("compare", log, log, "--since", "2027-02-25").stderr
    assert "ATTRIBUTE=VALUE" in run("compare", log, "--since", "2027-02-25", "--changed", "North").stderr


def test_too_few_deals_on_a_side_tell_nothing() -> None:
    log, playbook = world(HELPED)
    found = did_it_work([log], playbook, Options(), since="2027-12-20")
    won = found.judgements[0]
    assert (won.design, won.effect) == ("none", None)
    assert "are too few" in won.because
    assert CHANGED_ON < 720
