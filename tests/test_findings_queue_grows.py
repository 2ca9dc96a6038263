"""Queues that grow because owners have too much to do, and queues that do not."""

from __future__ import annotations

import csv
import random
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from processminer.log.options import Options
from processminer.log.read import read_log
from processminer.playbook.read import parse_playbook
from processminer.study import Declared, names_of, study

if TYPE_CHECKING:
    from pathlib import Path

    from processminer.findings.finding import Finding

TEXT = """\
name: Queue
stages: [{name: Lead}, {name: Offer}]
outcomes: {won: [Won], lost: [Lost]}
"""
BEGIN = datetime(2026, 1, 1)
DAYS = 400.0


def served_in_turn(seed: int) -> list[tuple[str, str, str, float]]:
    """Each owner writes one offer after the other; towards the end more leads come than they can write."""
    chance = random.Random(seed)
    rows: list[tuple[str, str, str, float]] = []
    for owner in range(8):
        day, free = 0.0, 0.0
        pace = chance.uniform(0.8, 1.2)
        while day < DAYS:
            load = 0.75 if day < DAYS - 80 else 1.5
            day += chance.expovariate(load * pace / 4)
            deal = f"o{owner}-{len(rows):05}"
            rows.append((deal, f"owner{owner}", "Lead", day))
            wanted = day + chance.expovariate(1 / 3)
            rows.append((deal, f"owner{owner}", "Offer", wanted))
            free = max(free, wanted) + chance.expovariate(pace / 4)
            rows.append((deal, f"owner{owner}", "Won" if chance.random() < 0.4 else "Lost", free))
    return rows


def at_their_own_pace(seed: int) -> list[tuple[str, str, str, float]]:
    """Customers take as long as they take, some owners' longer than others'; as many come as ever."""
    chance = random.Random(seed)
    rows: list[tuple[str, str, str, float]] = []
    for owner in range(8):
        day, slow = 0.0, chance.uniform(5, 40)
        while day < DAYS:
            day += chance.expovariate(1 / 4)
            deal = f"o{owner}-{len(rows):05}"
            rows.append((deal, f"owner{owner}", "Lead", day))
            wanted = day + chance.expovariate(1 / 3)
            rows.append((deal, f"owner{owner}", "Offer", wanted))
            rows.append(
                (
                    deal,
                    f"owner{owner}",
                    "Won" if chance.random() < 0.4 else "Lost",
                    wanted + chance.expovariate(1 / slow),
                )
            )
    return rows


def found(folder: Path, rows: list[tuple[str, str, str, float]]) -> list[Finding]:
    seen = [row for row in rows if row[3] < DAYS]
    last: dict[str, tuple[str, str]] = {}
    with (folder / "OpportunityHistory.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["OpportunityId", "StageName", "CreatedDate"])
        for deal, owner, stage, day in seen:
            writer.writerow([deal, stage, (BEGIN + timedelta(days=day)).isoformat(timespec="milliseconds") + "Z"])
            last[deal] = (owner, stage)
    with (folder / "Opportunity.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["Id", "StageName", "IsClosed", "IsWon", "OwnerId"])
        for deal, (owner, stage) in last.items():
            writer.writerow([deal, stage, str(stage in {"Won", "Lost"}).lower(), str(stage == "Won").lower(), owner])
    declared = Declared(parse_playbook(TEXT, "p.yaml"), TEXT, "p.yaml", drafted=False)
    options = Options(names=names_of(declared.playbook), as_of=BEGIN + timedelta(days=DAYS))
    told = study(read_log(folder, options), declared)
    return [one for one in told.findings if one.rule == "queue-grows"]


@pytest.mark.parametrize("seed", range(3))
def test_a_queue_that_its_owners_cannot_keep_up_with_is_told_without_a_number_of_what_would_help(
    seed: int, tmp_path: Path
) -> None:
    (told,) = found(tmp_path, served_in_turn(seed))
    assert (told.subject, told.grade) == ("Offer", "B")
    assert "no effect is predicted" in told.message
    assert float(str(told.evidence.numbers["doubled_load_high"])) < 1
    assert float(str(told.evidence.numbers["ratio_low"])) > 1


@pytest.mark.parametrize("seed", range(3))
def test_slow_customers_of_some_owners_are_no_queue(seed: int, tmp_path: Path) -> None:
    assert found(tmp_path, at_their_own_pace(seed)) == []
