"""Roles are drafted where the export tells them, and people never are."""

from __future__ import annotations

import csv
import random
from datetime import datetime, timedelta
from pathlib import Path

from processminer.discovery.discover import discover
from processminer.drafting.draft import draft_playbook
from processminer.drafting.owners import Owners, Share, owners_of
from processminer.drafting.role_lines import owner_lines
from processminer.log.read import read_log
from processminer.playbook.read import parse_playbook
from processminer.study import study

BEGIN = datetime(2025, 1, 1)


def write(file: Path, headers: list[str], rows: list[list[object]]) -> None:
    with file.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(headers)
        writer.writerows(
            [f"{cell.isoformat()}Z" if isinstance(cell, datetime) else cell for cell in row] for row in rows
        )


def handed_over(folder: Path, *, roles: bool = True, hours: float = 40.0, back: bool = False) -> Path:
    """Write deals that Sam hands over to Ada or Bob as they come to Demo, who call up to so many hours later."""
    chance = random.Random(7)
    changes: list[list[object]] = []
    deals: list[list[object]] = []
    tasks: list[list[object]] = []
    for number in range(120):
        deal, now = f"006{number:03}", BEGIN + timedelta(days=chance.uniform(0, 200))
        seller = chance.choice(["Ada", "Bob"])
        changes.append([deal, "StageName", "", "Lead", now])
        tasks.append([deal, "Call", "Hello", "Sam", "Completed", now + timedelta(hours=2)])
        entered = now + timedelta(days=chance.uniform(3, 9))
        changes.append([deal, "StageName", "Lead", "Demo", entered])
        changes.append([deal, "Owner", "Sam", seller, entered + timedelta(hours=1)])
        tasks.append(
            [deal, "Call", "Hello", seller, "Completed", entered + timedelta(hours=2 + (hours - 2) * number / 119)]
        )
        end = "Closed Won" if chance.random() < 0.7 else "Closed Lost"
        if back:
            changes.append([deal, "StageName", "Demo", "Lead", entered + timedelta(days=2)])
            changes.append([deal, "StageName", "Lead", "Demo", entered + timedelta(days=3)])
        changes.append([deal, "StageName", "Demo", end, entered + timedelta(days=chance.uniform(4, 20))])
        reason = "Price" if end == "Closed Lost" else ""
        deals.append(
            [deal, end, seller, "true", str(end == "Closed Won").lower(), reason, *(["Account Executive"] * roles)]
        )
    # A lost deal that Sam kept tells his role.
    changes += [
        ["006x", "StageName", "", "Lead", BEGIN],
        ["006x", "StageName", "Lead", "Closed Lost", BEGIN + timedelta(days=5)],
    ]
    deals.append(["006x", "Closed Lost", "Sam", "true", "false", "Timing", *(["SDR"] * roles)])
    header = ["Id", "StageName", "OwnerId", "IsClosed", "IsWon", "Loss Reason", *(["Owner Role"] * roles)]
    write(
        folder / "OpportunityFieldHistory.csv",
        ["OpportunityId", "Field", "OldValue", "NewValue", "CreatedDate"],
        changes,
    )
    write(folder / "Opportunity.csv", header, deals)
    write(folder / "Task.csv", ["WhatId", "Type", "Subject", "OwnerId", "Status", "CompletedDateTime"], tasks)
    return folder


def test_owners_tasks_and_hand_overs_are_drafted_by_role(tmp_path: Path) -> None:
    found = discover(read_log(handed_over(tmp_path)))
    text = draft_playbook(found)
    playbook = parse_playbook(text)
    assert [role.name for role in playbook.roles] == ["Account Executive", "SDR"]
    assert [(stage.name, stage.owner) for stage in playbook.stages] == [("Lead", "SDR"), ("Demo", "Account Executive")]
    assert [(task.do, task.by) for stage in playbook.stages for task in stage.tasks] == [
        ("Call", "SDR"),
        ("Call", "Account Executive"),
    ]
    (handover,) = playbook.handovers
    assert (handover.entering, handover.giver, handover.taker) == ("Demo", "SDR", "Account Executive")
    # Four of five call within 2 + 0.8 * 38 hours of the deal's coming, which are 1.35 days.
    assert handover.within == 2.0
    change = owners_of(found.log).entering["Demo"]
    assert change.deals == change.known == change.touched == found.totals.won
    assert abs(change.p80_days - 1.35) < 0.12
    assert not any(name in text for name in ("Sam", "Ada", "Bob"))
    assert playbook.outcomes.loss_reason == "Loss Reason"


def test_a_deal_that_comes_to_a_stage_again_is_handed_over_once(tmp_path: Path) -> None:
    found = discover(read_log(handed_over(tmp_path, back=True)))
    change = owners_of(found.log).entering["Demo"]
    assert (change.giver, change.taker) == ("SDR", "Account Executive")
    assert change.deals == change.known == found.totals.won


def test_a_stage_has_an_owner_where_nine_in_ten_won_deals_agree() -> None:
    def lines(deals: int) -> list[str]:
        return list(owner_lines(Owners(of_stage={"Demo": Share("AE", deals, 100)}), "Demo"))

    assert lines(90)[0].startswith("    owner: AE  # held 90 of 100 ")
    assert lines(89)[0].startswith("    # No owner: AE held 89 of 100 ")
    assert list(owner_lines(Owners(), "Demo")) == []


def test_what_is_drafted_of_roles_is_kept_by_the_deals_it_was_drafted_from(tmp_path: Path) -> None:
    conformance = study(read_log(handed_over(tmp_path))).conformance
    broken = {one.kind: one.deals for one in conformance.deviations}
    assert "wrong-owner" not in broken
    # One in five hand-overs takes longer, by the draft's own words, until the first call; the owner changes sooner.
    assert broken.get("late-handover", 0) == 0


def test_without_roles_nobody_is_named_and_the_kind_of_doer_is_said(tmp_path: Path) -> None:
    text = draft_playbook(discover(read_log(handed_over(tmp_path, roles=False))))
    playbook = parse_playbook(text)
    assert (playbook.roles, playbook.handovers) == ((), ())
    assert {stage.owner for stage in playbook.stages} == {None}
    assert not any(name in text for name in ("Sam", "Ada", "Bob"))
    assert "# Done by the owner of the deal in" in text


def test_a_column_of_roles_that_names_people_tells_no_role(tmp_path: Path) -> None:
    folder = handed_over(tmp_path)
    file = folder / "Opportunity.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("Account Executive", "Ada"), encoding="utf-8")
    text = draft_playbook(discover(read_log(folder)))
    assert "Ada" not in text
