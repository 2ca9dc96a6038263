"""Bottlenecks, forecast and what-if on the shipped samples: in words, as JSON, and with exit codes for CI."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner, Result

from processminer.cli import main
from processminer.study import bottlenecks_of
from tests.worlds import write_export

SAMPLE = ("--sample", "salesforce")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def document(*arguments: str) -> dict[str, Any]:
    result = run(*arguments, "--format", "json")
    assert result.exit_code in (0, 1), result.stderr
    told: dict[str, Any] = json.loads(result.stdout)
    return told


def test_bottlenecks_are_ranked_by_gain_and_the_longest_told_apart(tmp_path: Path) -> None:
    result = run("bottlenecks", *SAMPLE, "--by", "owner")
    assert result.exit_code == 0, result.stderr
    for said in (
        "comes first among resampled deals",
        "longest stage",
        "not whether it was worked on or waited",
        "By owner",
        "none grows beyond chance",
        "every stage holds as many deals",
        "no sign that deals wait for their owner",
    ):
        assert said in " ".join(result.stdout.split())
    told = document("bottlenecks", *SAMPLE, "--by", "LeadSource")
    gains = [one["gain"]["estimate"] for one in told["gains"]]
    assert gains == sorted(gains, reverse=True)
    assert sum(one["rank_1"] for one in told["gains"]) == pytest.approx(1)
    assert all(one["gain"]["low"] <= one["gain"]["estimate"] <= one["gain"]["high"] for one in told["gains"])
    longest = max(told["stages"], key=lambda one: one["mean_days"]["estimate"])
    assert told["longest"] == longest["stage"]
    assert told["groups"]["by"] == "LeadSource"
    picture = tmp_path / "bottlenecks.svg"
    assert run("bottlenecks", *SAMPLE, "--out", str(picture)).exit_code == 0
    assert ET.parse(picture).getroot().tag.endswith("svg")


def test_the_process_over_time_is_told_where_it_is_wanted() -> None:
    told = " ".join(run("bottlenecks", *SAMPLE, "--over-time").stdout.split())
    for said in ("Half of these by", "still coming in", "none beyond chance", "shrunk towards all", "a day:"):
        assert said in told, said
    assert "still coming in" not in run("bottlenecks", *SAMPLE).stdout


@pytest.mark.usefixtures("studied_once")
def test_an_audit_tells_the_same_gains_as_bottlenecks(tmp_path: Path) -> None:
    assert run("audit", *SAMPLE, "--out", str(tmp_path)).exit_code == 0
    audit = json.loads((tmp_path / "audit.json").read_text())
    told = document("bottlenecks", *SAMPLE, "--playbook", "b2b-saas")
    gains = {row["stage"]: row["gain"] for row in audit["stages"]}
    assert gains == {
        one["stage"]: {**{name: one["gain"][name] for name in ("estimate", "low", "high")}, **_rest(one)}
        for one in told["gains"]
    }
    page = (tmp_path / "report.html").read_text()
    assert "What each stage would gain" in page
    assert "The gains in wins a week and in money" in page
    assert "not whether it was worked on or waited" in page


def _rest(one: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in one.items() if name not in ("stage", "gain")}


def test_a_forecast_is_given_with_its_trial() -> None:
    result = run("forecast", *SAMPLE, "--quota", "4000000")
    assert result.exit_code == 0, result.stderr
    said = " ".join(result.stdout.split())
    for words in ("past periods of 90 days", "nine of ten such periods", "times the quota", "Chance now", "(playbook)"):
        assert words in said, words
    few = " ".join(run("forecast", *SAMPLE, "--quota", "80").stdout.split())
    assert "Quota revenue of 80: read as an amount of money" in few
    told = document("forecast", *SAMPLE)
    wins = told["forecast"]["wins"]
    assert wins["low"] < wins["estimate"] < wins["high"]
    assert told["forecast"]["of_open"] + told["forecast"]["of_new"] == pytest.approx(wins["estimate"])
    assert len(told["gate"]["past"]) == 8
    assert told["refused"] is None


def test_a_forecast_that_is_not_to_be_believed_is_refused_unless_wanted_anyway(tmp_path: Path) -> None:
    folder = changed(tmp_path)
    result = run("forecast", str(folder), "--won", "Won", "--lost", "Lost")
    assert result.exit_code == 1
    assert "No forecast is given: in the last" in result.stderr
    assert "expected of" not in result.stdout.lower()
    told = document("forecast", str(folder), "--won", "Won", "--lost", "Lost")
    assert told["forecast"] is None
    assert told["refused"] == told["gate"]["because"]
    anyway = run("forecast", str(folder), "--won", "Won", "--lost", "Lost", "--anyway")
    assert anyway.exit_code == 0
    assert "NOT TO BE BELIEVED" in anyway.stdout


def changed(folder: Path) -> Path:
    """Write a log in which every third deal was lost, and of late all are."""
    deals = {
        f"d{number:03}": [("Lead", float(number)), ("Won" if number % 3 and number < 420 else "Lost", number + 9.0)]
        for number in range(500)
    }
    write_export(folder, deals, {}, {}, ("Won",), ("Lost",))
    return folder


def test_a_change_is_a_range_whose_ends_name_their_beliefs() -> None:
    result = run("what-if", *SAMPLE, "faster:Negotiation:1.5", "remove:Demo")
    assert result.exit_code == 0, result.stderr
    said = " ".join(result.stdout.split())
    assert "At least if: who is lost in Negotiation would be lost anyway, only sooner;" in said
    assert "the truth lies between the ends as far as their beliefs do" in said
    told = document("what-if", *SAMPLE, "b2b-saas", "faster:Negotiation:1.5")
    low, high = told["what_if"]["ends"]
    assert low["win_share"]["estimate"] < high["win_share"]["estimate"]
    assert told["what_if"]["deals"] == 3000
    assert told["gate"]["verdict"] == "open"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("what-if", *SAMPLE), "Missing argument 'EDIT'"),
        (("what-if", *SAMPLE, "b2b-saas"), "Missing argument 'EDIT'"),
        (("what-if",), "Missing argument 'LOG'"),
        (("what-if", *SAMPLE, "faster:Negotation:2"), "Did you mean 'Negotiation'?"),
        (("bottlenecks", *SAMPLE, "--by", "Segmnt__c"), "Did you mean 'Segment__c'?"),
        (("forecast", *SAMPLE, "--days", "0"), "0 is not in the range"),
        (("bottlenecks", *SAMPLE, "--out", "x.docx"), "has an ending that cannot be made here"),
    ],
)
def test_what_cannot_be_done_is_said_in_words(arguments: tuple[str, ...], said: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert said in result.stderr
    assert "Traceback" not in result.stderr


def test_the_verbs_are_functions_too() -> None:
    from processminer.cli.shipped import sample
    from processminer.log.options import Options

    found, declared = bottlenecks_of(sample("hubspot"), None, Options(), "owner")
    assert declared is None
    assert found.groups is not None
    assert found.estimates.gains[0].gain.estimate > 0
