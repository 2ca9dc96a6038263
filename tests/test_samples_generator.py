"""The samples: the same bytes every time, small, silent about what was planted, and true to what they claim."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections import defaultdict
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from processminer.playbook.read import read_playbook

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "samples"
sys.path.insert(0, str(SAMPLES))

import generate  # noqa: E402
from organisation import AS_OF, REVIEW, STAGES  # noqa: E402

DAY = timedelta(days=1)
CLOSED = {"Closed Won", "Closed Lost"}
PLACE = {name: place for place, name in enumerate([*STAGES[:5], REVIEW, STAGES[5], *sorted(CLOSED)])}


def run(*arguments, hash_seed="0"):
    command = [sys.executable, str(SAMPLES / "generate.py"), *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONHASHSEED": hash_seed}
    )


def bytes_of(folder):
    files = sorted([*folder.glob("*/*.csv"), *folder.glob("*.truth.json")])
    return {path.relative_to(folder): path.read_bytes() for path in files}


def table(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def moment(text):
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.000Z")  # noqa: DTZ007 - the samples' clock


def salesforce_paths(folder):
    """Stage changes of each deal, as (moment, stage), ties in the order of the stages."""
    rows = defaultdict(list)
    for row in table(folder / "salesforce" / "OpportunityHistory.csv"):
        rows[row["OpportunityId"]].append((moment(row["CreatedDate"]), PLACE[row["StageName"]], row["StageName"]))
    paths = {}
    for deal, steps in rows.items():
        path = []
        for at, _, stage in sorted(steps):
            if not path or path[-1][1] != stage:
                path.append((at, stage))
        paths[deal] = path
    return paths


def hubspot_paths(folder):
    """Dates of each deal in the order of time."""
    paths = {}
    for row in table(folder / "hubspot" / "hubspot-crm-exports-all-deals.csv"):
        steps = []
        for column, cell in row.items():
            if column.startswith("Date entered") and cell:
                label = column.split('"')[1].removesuffix(" (Sales Pipeline)")
                stage = "Qualification" if label == "Qualified To Buy" else label
                steps.append((datetime.strptime(cell, "%Y-%m-%d %H:%M"), PLACE[stage], stage))  # noqa: DTZ007
        paths[row["Record ID"]] = [(at, stage) for at, _, stage in sorted(steps)]
    return paths


def names(path):
    return [stage for _, stage in path]


def stays(path):
    """Stage, begin and end of each stay; what is open lasts until we looked."""
    ends = [at for at, _ in path[1:]] + [AS_OF]
    return [(stage, at, end) for (at, stage), end in zip(path, ends, strict=True) if stage not in CLOSED]


def steps_of(path):
    return list(pairwise(names(path)))


def truth_of(folder, crm):
    return json.loads((folder / f"{crm}.truth.json").read_text(encoding="utf-8"))


def planted(folder, crm, subject):
    (found,) = [truth for truth in truth_of(folder, crm)["planted"] if truth["subject"] == subject]
    return found


@pytest.fixture(scope="session")
def playbook():
    return read_playbook(ROOT / "playbooks" / "b2b-saas.yaml")


def test_the_samples_that_ship_are_what_the_script_writes_whatever_the_hash_seed(tmp_path):
    result = run("--out", str(tmp_path), hash_seed="4711")
    assert (result.returncode, result.stderr) == (0, "")
    assert bytes_of(tmp_path) == bytes_of(SAMPLES)
    assert len(bytes_of(tmp_path)) == 6


def test_another_seed_gives_other_deals(tmp_path):
    generate.write(tmp_path / "a", generate.worlds(seed=1, deals=120))
    generate.write(tmp_path / "b", generate.worlds(seed=2, deals=120))
    one, two = bytes_of(tmp_path / "a"), bytes_of(tmp_path / "b")
    assert one.keys() == two.keys()
    assert all(one[path] != two[path] for path in one)


def test_both_samples_together_stay_below_three_megabytes():
    sizes = [len(content) for content in bytes_of(SAMPLES).values()]
    assert len(sizes) == 6
    assert min(sizes) > 1_000
    assert sum(sizes) < 3_000_000


@pytest.mark.parametrize("arguments", [("--seed", "5"), ("--deals", "100"), ("--world", "conforming")])
def test_only_the_samples_that_ship_are_written_beside_the_script(arguments):
    before = bytes_of(SAMPLES)
    result = run(*arguments)
    assert result.returncode == 2
    assert "say with --out where others should go" in result.stderr
    assert bytes_of(SAMPLES) == before


def test_the_exports_have_the_columns_of_the_crm_and_no_word_of_what_was_planted():
    headers = {
        path.name: content.decode("utf-8").splitlines()[0]
        for path, content in bytes_of(SAMPLES).items()
        if path.suffix == ".csv"
    }
    stages = ["Prospecting", "Qualified To Buy", *STAGES[2:5], REVIEW, STAGES[5], "Closed Won", "Closed Lost"]
    dates = ",".join(f'"Date entered ""{stage} (Sales Pipeline)"""' for stage in stages)
    assert headers == {
        "OpportunityHistory.csv": "OpportunityId,CreatedById,CreatedDate,StageName,Amount,CloseDate,Probability",
        "Opportunity.csv": "Id,Name,StageName,Amount,Type,LeadSource,OwnerId,CreatedDate,CloseDate,IsClosed,IsWon,"
        "Segment__c,Budget_Confirmed__c,Decision_Maker__c,Pain__c,Timeline__c",
        "Task.csv": "WhatId,Type,Subject,Status,ActivityDate,CompletedDateTime",
        "hubspot-crm-exports-all-deals.csv": "Record ID,Deal Name,Pipeline,Deal Stage,Amount,Deal owner,Deal Type,"
        f"Segment,Create Date,Close Date,{dates}",
    }
    text = "".join(c.decode("utf-8").lower() for path, c in bytes_of(SAMPLES).items() if path.suffix == ".csv")
    assert not [word for word in ("planted", "truth", "zombie", "abandon", "decoy", "simulat") if word in text]


@pytest.mark.parametrize(("crm", "read"), [("salesforce", salesforce_paths), ("hubspot", hubspot_paths)])
def test_a_second_count_over_the_export_agrees_with_what_is_said_to_be_true(crm, read):
    paths = read(SAMPLES).values()
    deals = truth_of(SAMPLES, crm)["deals"]
    assert deals["total"] == len(paths)
    assert deals["won"] == sum(names(path)[-1] == "Closed Won" for path in paths)
    assert deals["lost"] == sum(names(path)[-1] == "Closed Lost" for path in paths)
    assert deals["open"] == sum(names(path)[-1] not in CLOSED for path in paths)
    assert 0.2 < deals["won"] / (deals["won"] + deals["lost"]) < 0.3

    demo = planted(SAMPLES, crm, "Demo")
    assert demo["of"] == sum(bool({"Demo", "Proposal"} & set(names(path))) for path in paths)
    assert demo["deals"] == sum("Proposal" in names(path) and "Demo" not in names(path) for path in paths)
    assert 0.35 < demo["share"] < 0.45

    review = planted(SAMPLES, crm, REVIEW)
    won = [path for path in paths if names(path)[-1] == "Closed Won"]
    assert review["deals"] == sum(REVIEW in names(path) for path in paths)
    assert review["won_through_it"] == sum(REVIEW in names(path) for path in won)
    assert review["share_of_won"] == pytest.approx(review["won_through_it"] / len(won), abs=1e-4)
    assert 0.29 < review["share_of_won"] < 0.38

    wait = planted(SAMPLES, crm, "Negotiation")
    over = [end - begin > 14 * DAY for path in paths for stage, begin, end in stays(path) if stage == "Negotiation"]
    assert (wait["deals"], wait["of"]) == (sum(over), len(over))
    assert 28 < wait["true_median_days"] < 32

    unused = planted(SAMPLES, crm, "Negotiation -> Qualification")
    assert unused["of"] == sum("Negotiation" in names(path)[:-1] for path in paths)
    assert not any(("Negotiation", "Qualification") in steps_of(path) for path in paths)


def test_salesforce_shows_the_returns_to_discovery():
    paths = salesforce_paths(SAMPLES).values()
    loop = planted(SAMPLES, "salesforce", "Proposal -> Discovery")
    assert loop["of"] == sum("Proposal" in names(path) for path in paths)
    assert loop["deals"] == sum(("Proposal", "Discovery") in steps_of(path) for path in paths)
    assert 0.16 < loop["share"] < 0.24


def test_hubspot_hides_returns_because_it_keeps_the_latest_entry_alone():
    paths = hubspot_paths(SAMPLES).values()
    loop = planted(SAMPLES, "hubspot", "Proposal -> Discovery")
    seen = sum(("Proposal", "Discovery") in steps_of(path) for path in paths)
    assert loop["visible"] is False
    assert loop["deals"] > 30
    assert seen < 0.2 * loop["deals"]
    assert all(len(set(names(path))) == len(path) for path in paths)


def test_a_second_count_of_the_activities_agrees():
    paths = salesforce_paths(SAMPLES)
    segment = {row["Id"]: row["Segment__c"] for row in table(SAMPLES / "salesforce" / "Opportunity.csv")}
    done = defaultdict(set)
    for row in table(SAMPLES / "salesforce" / "Task.csv"):
        if row["Status"] == "Completed":
            done[row["WhatId"]] |= {row["Type"], row["Subject"]}
    brochure = planted(SAMPLES, "salesforce", "Send company brochure")
    left = [deal for deal, path in paths.items() if ("Qualification", "Discovery") in steps_of(path)]
    assert (brochure["of"], brochure["deals"]) == (len(left), sum("Brochure" not in done[deal] for deal in left))
    assert 0.40 < brochure["share_done"] < 0.50

    (dinner,) = truth_of(SAMPLES, "salesforce")["decoys"]
    dined = [deal for deal in done if "Executive dinner" in done[deal]]
    assert dinner["deals"] == len(dined)
    assert sum(segment[deal] == "Enterprise" for deal in dined) / len(dined) > 0.5
    assert sum(segment[deal] == "SMB" for deal in dined) / len(dined) < 0.05
    assert dinner["naive_win_rate_with"] > dinner["naive_win_rate_without"] + 0.05


def test_abandoned_deals_are_exactly_the_open_ones_silent_for_200_days():
    last = {deal: path[-1][0] for deal, path in salesforce_paths(SAMPLES).items() if names(path)[-1] not in CLOSED}
    for name, deal, at in (
        ("OpportunityHistory.csv", "OpportunityId", "CreatedDate"),
        ("Task.csv", "WhatId", "CompletedDateTime"),
    ):
        for row in table(SAMPLES / "salesforce" / name):
            if row[deal] in last and row[at]:
                last[row[deal]] = max(last[row[deal]], moment(row[at]))
    silent = {deal for deal, at in last.items() if AS_OF - at > 200 * DAY}
    zombies = truth_of(SAMPLES, "salesforce")["zombies"]
    assert set(zombies["ids"]) == silent
    assert zombies["count"] == len(silent)
    assert 0.03 < zombies["share"] < 0.05
    assert max(AS_OF - at for deal, at in last.items() if deal not in silent) < 130 * DAY


def test_the_history_looks_untouched():
    rows = table(SAMPLES / "salesforce" / "OpportunityHistory.csv")
    life = defaultdict(list)
    for row in rows:
        life[row["OpportunityId"]].append(row)
    pairs = [pair for deal in life.values() for pair in pairwise(deal)]
    in_order = [sorted(deal, key=lambda row: (row["CreatedDate"], PLACE[row["StageName"]])) for deal in life.values()]
    edits = [pair for deal in in_order for pair in pairwise(deal) if pair[0]["StageName"] == pair[1]["StageName"]]
    ties = [pair for pair in pairs if pair[0]["CreatedDate"] == pair[1]["CreatedDate"]]
    backward = [one for one, two in ties if PLACE[one["StageName"]] > PLACE[two["StageName"]]]
    fields = ("Amount", "CloseDate", "Probability")
    assert 0.10 < len(edits) / len(rows) < 0.15
    assert all(any(one[field] != two[field] for field in fields) for one, two in edits)
    assert {field for one, two in edits for field in fields if one[field] != two[field]} == set(fields)
    assert 0.2 < len(backward) / len(ties) < 0.8
    assert len(ties) > 20
    assert [row["CreatedDate"] for row in rows] == sorted(row["CreatedDate"] for row in rows)
    assert {len(row[column]) for row in rows for column in ("OpportunityId", "CreatedById")} == {15}
    assert max(moment(row["CreatedDate"]) for row in rows) <= AS_OF


def test_the_opportunities_agree_with_their_history():
    last = {}
    for row in sorted(
        table(SAMPLES / "salesforce" / "OpportunityHistory.csv"),
        key=lambda row: (row["CreatedDate"], PLACE[row["StageName"]]),
    ):
        last[row["OpportunityId"]] = row
    deals = table(SAMPLES / "salesforce" / "Opportunity.csv")
    assert len(deals) == len(last)
    for deal in deals:
        assert all(deal[field] == last[deal["Id"]][field] for field in ("StageName", "Amount", "CloseDate"))
        assert deal["IsClosed"] == ("true" if deal["StageName"] in CLOSED else "false")
        assert deal["IsWon"] == ("true" if deal["StageName"] == "Closed Won" else "false")


def test_activities_fall_into_stays_and_some_are_not_done_or_still_to_come():
    stages = {
        "Discovery call": "Qualification",
        "Brochure": "Qualification",
        "Demo": "Demo",
        "Proposal sent": "Proposal",
    }
    paths = salesforce_paths(SAMPLES)
    tasks = table(SAMPLES / "salesforce" / "Task.csv")
    for task in tasks:
        assert (task["Status"] == "Completed") == bool(task["CompletedDateTime"])
        if task["CompletedDateTime"] and task["Subject"] in stages:
            at = moment(task["CompletedDateTime"])
            inside = [
                begin < at < end
                for stage, begin, end in stays(paths[task["WhatId"]])
                if stage == stages[task["Subject"]]
            ]
            assert sum(inside) == 1
    waiting = [task for task in tasks if task["Status"] == "Not Started"]
    assert len(waiting) > 100
    assert 5 < sum(task["ActivityDate"] > "2026-06-30" for task in waiting) < 100


def test_what_was_not_planted_follows_the_playbook(playbook):
    paths = salesforce_paths(SAMPLES)
    done = done_by_deal(SAMPLES)
    dead = set(truth_of(SAMPLES, "salesforce")["zombies"]["ids"])
    for stage in playbook.stages[:5]:
        closed = [
            (end - begin) / DAY
            for deal, path in paths.items()
            if deal not in dead
            for name, begin, end in stays(path)
            if name == stage.name
        ]
        assert max(closed) < stage.time_limit, stage.name
        assert sorted(closed)[int(0.95 * len(closed))] < 0.8 * stage.time_limit, stage.name
    for stage, wanted, least in (("Qualification", {"Call", "Meeting"}, 0.97), ("Proposal", {"Proposal sent"}, 0.95)):
        kept = [
            any(what & wanted and begin <= at <= end for at, what in done[deal])
            for deal, path in paths.items()
            for place, (name, begin, end) in enumerate(stays(path))
            if name == stage and place + 1 < len(stays(path))
        ]
        assert least < sum(kept) / len(kept) < 1
    known = bant(SAMPLES)
    left = [known[deal] >= 3 for deal, path in paths.items() if "Discovery" in names(path)]
    assert 0.97 < sum(left) / len(left) < 1
    assert all(known[deal] < 3 for deal, path in paths.items() if names(path)[-1] == "Closed Lost" and len(path) < 4)


def done_by_deal(folder):
    done = defaultdict(list)
    for row in table(folder / "salesforce" / "Task.csv"):
        if row["CompletedDateTime"]:
            done[row["WhatId"]].append((moment(row["CompletedDateTime"]), {row["Type"], row["Subject"]}))
    return done


def bant(folder):
    fields = ("Budget_Confirmed__c", "Decision_Maker__c", "Pain__c", "Timeline__c")
    return {
        row["Id"]: sum(row[field] not in {"", "false"} for field in fields)
        for row in table(folder / "salesforce" / "Opportunity.csv")
    }
