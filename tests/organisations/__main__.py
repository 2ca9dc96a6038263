"""The table of all organisations: what was planted, what the audits said, and whether it is true."""

from __future__ import annotations

import argparse
import sys
import tempfile
import traceback
from pathlib import Path

import numpy as np

from tests.organisations.audited import audit
from tests.organisations.cases import GROUPS, Plant, case_of
from tests.organisations.planted_steps import NoRoomError
from tests.organisations.table import HEAD, Row, told, total
from tests.organisations.worlds import WORLDS

SIZES = (1500, 3000, 6000)


def main() -> None:
    """Play so many seeds of each, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("runs", type=int, nargs="?", default=8, help="seeds of each; kinds of organisation take turns")
    parser.add_argument("--group", choices=list(GROUPS), help="this part alone")
    parser.add_argument("--only", default="", help="what is planted, or a part of its name")
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--deals", type=int, help="in each; else 1,500, 3,000 or 6,000 in turn")
    parser.add_argument("--edits", action="store_true", help="apply each revision and audit again")
    parser.add_argument("--effects", action="store_true", help="tell each true effect beside what is promised")
    chosen = parser.parse_args()
    _print(HEAD)
    for group, plants in GROUPS.items():
        if chosen.group in {None, group}:
            rows = [_row(plant, chosen) for plant in plants if chosen.only in plant.__name__]
            if len(rows) > 1:
                _print(str(total(rows, f"All {group}")))


def _row(plant: Plant, chosen: argparse.Namespace) -> Row:
    row, notes = Row(plant.__name__.replace("_", " ")), list[str]()
    for seed in range(chosen.first, chosen.first + chosen.runs):
        kind = list(WORLDS)[seed % len(WORLDS)]
        deals = chosen.deals or int(np.random.default_rng(seed).choice(SIZES))
        try:
            case = case_of(plant, kind, seed, deals)
            with tempfile.TemporaryDirectory() as folder:
                verdict = audit(case, Path(folder), edits=chosen.edits)
        except NoRoomError:
            continue
        except Exception:  # one audit that breaks must not hide the others
            notes.append(f"seed {seed}, {kind}: BROKE: {traceback.format_exc().strip().splitlines()[-1]}")
            continue
        row.verdicts.append(verdict)
        where = f"seed {seed}, {case.world.deals} deals, {kind}, {case.world.crm}"
        notes += [f"{where}: {line}" for line in told(verdict, all_effects=chosen.effects)]
    _print(str(row))
    for note in notes:
        _print(f"    {note}")
    return row


def _print(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
