"""Write the samples: the exports of two simulated sales organisations, and beside each what is true of it."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from exports import write_hubspot, write_salesforce
from organisation import World, conforming
from simulation import simulate
from truths import measure

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from organisation import Deal

_SHIPPED = World()
"""Under this seed, as under four in five, 3,000 deals settle that skipping Demo does no harm; that the brochure is
useless takes more than that. What is true is the same under every seed."""
_APART = 12
"""How far the second organisation's seed lies from the first one's."""
_WRITERS: dict[str, Callable[[Path, Sequence[Deal]], None]] = {
    "salesforce": write_salesforce,
    "hubspot": write_hubspot,
}


def worlds(kind: str = "planted", *, seed: int = _SHIPPED.seed, deals: int = _SHIPPED.deals) -> dict[str, World]:
    """Return the two organisations, by the CRM they use.

    HubSpot's export shows only the latest entry into a stage: a deal that went back seems to have stayed for long
    before. Its organisation goes back less, so that this trap is there without drowning everything else; keeping to
    the playbook, it never goes back.
    """
    one = World(seed=seed, deals=deals)
    two = World(seed=seed + _APART, deals=deals, returns_to_discovery=0.04)
    if kind == "conforming":
        return {"salesforce": conforming(one), "hubspot": replace(conforming(two), returns_to_qualification=0.0)}
    return {"salesforce": one, "hubspot": two}


def write(out: Path, chosen: dict[str, World]) -> None:
    """Write a folder for each organisation, replacing files of the same names."""
    for crm, world in chosen.items():
        folder = out / crm
        folder.mkdir(parents=True, exist_ok=True)
        deals = simulate(world)
        _WRITERS[crm](folder, deals)
        text = json.dumps(measure(world, deals, crm), indent=1, ensure_ascii=False)
        # Beside the export, not within it: what is known of the deals is no part of what a CRM hands out.
        (out / f"{crm}.truth.json").write_text(text + "\n", encoding="utf-8", newline="\n")


def main() -> None:
    """Write the samples as the command line asks."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, help="folder to write to (default: this one, for the samples that ship)")
    parser.add_argument("--world", choices=("planted", "conforming"), default="planted")
    parser.add_argument("--seed", type=int, default=_SHIPPED.seed)
    parser.add_argument("--deals", type=int, default=_SHIPPED.deals, help="in each organisation")
    arguments = parser.parse_args()
    chosen = worlds(arguments.world, seed=arguments.seed, deals=arguments.deals)
    if arguments.out is None and chosen != worlds():
        parser.error("only the samples that ship are written here; say with --out where others should go")
    write(arguments.out or Path(__file__).resolve().parent, chosen)


if __name__ == "__main__":
    main()
