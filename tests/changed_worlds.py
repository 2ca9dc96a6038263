"""Organisations in which a rule was changed for some regions on a day, as exports with both playbooks."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tests.worlds import write_export

DAYS = 720
CHANGED_ON = 420
"""Days after 2026-01-01: 25 February 2027."""

OLD = """\
name: New business
version: 1.0.0
valid_from: 2026-01-01
stages:
  - name: Lead
  - name: Demo
    optional: true
  - name: Proposal
outcomes: {won: [Won], lost: [Lost]}
"""

NEW = """\
name: New business
version: 2.0.0
valid_from: 2027-02-25
replaces: old.yaml
applies_to: {Region: [North, West]}
stages:
  - name: Lead
  - name: Demo
  - name: Proposal
outcomes: {won: [Won], lost: [Lost]}
changes:
  - {version: 2.0.0, day: 2027-02-24, why: Everybody sees the product}
"""


@dataclass(frozen=True)
class Truth:
    """What was planted."""

    effect: float = 0.0
    """Points of the share won that the change brings those who follow it."""
    trend: float = 0.06
    """Points that the share won rises with time, for all."""
    lived: bool = True
    others: bool = True
    """Whether regions remain for which nothing was changed."""
    deals: int = 2400


def write_world(folder: Path, truth: Truth, seed: int) -> tuple[Path, Path]:
    """Write the export into `folder`/export and both playbooks beside it; return the log and the new playbook."""
    random = np.random.default_rng(seed)
    export = folder / "export"
    export.mkdir()
    regions = np.array(["North", "West", "South", "East"] if truth.others else ["North", "West"])
    owner = random.integers(0, 16, truth.deals)
    region = regions[owner % len(regions)]
    begun = np.sort(random.uniform(0, DAYS, truth.deals))
    for_it = (begun >= CHANGED_ON) & np.isin(region, ["North", "West"])
    demo = random.random(truth.deals) < np.where(for_it & truth.lived, 0.9, 0.5)
    chance = 0.25 + truth.trend * begun / DAYS + random.normal(0, 0.03, 16)[owner] + truth.effect * for_it
    won = random.random(truth.deals) < chance
    # Who has no demo stays in the first stage for as long: whether one is had changes no day of the end.
    whole, parts = random.gamma(6.0, 10.0, truth.deals), random.dirichlet([2.0, 2.0, 2.0], truth.deals)
    stays = whole[:, None] * parts
    deals: dict[str, list[tuple[str, float]]] = {}
    for at in range(truth.deals):
        moment = float(begun[at])
        stops = [("Lead", moment)]
        for stage, days in (("Demo", stays[at, 0]), ("Proposal", stays[at, 1])):
            moment += float(days)
            if stage == "Proposal" or demo[at]:
                stops.append((stage, moment))
        stops.append(("Won" if won[at] else "Lost", moment + float(stays[at, 2])))
        deals[f"D{at:05}"] = [stop for stop in stops if stop[1] <= DAYS]
    said = {f"D{at:05}": {"Region": str(region[at]), "OwnerId": f"Owner {owner[at]}"} for at in range(truth.deals)}
    write_export(export, deals, {}, said, ["Won"], ["Lost"])
    (folder / "old.yaml").write_text(OLD, encoding="utf-8")
    (folder / "new.yaml").write_text(NEW if truth.others else NEW.replace("applies_to: {Region: [North, West]}\n", ""))
    return export, folder / "new.yaml"
