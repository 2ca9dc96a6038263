"""A case exported, audited as a stranger would, and held against what is true."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from processminer.log.options import Options
from processminer.report.json_report import render_json
from processminer.study import study_of
from tests.organisations.case import Case, Told, Wanted
from tests.organisations.edits_tried import faults_of
from tests.organisations.exported import record
from tests.organisations.hubspot import write_hubspot
from tests.organisations.live import live
from tests.organisations.salesforce import write_salesforce
from tests.organisations.truth import Truth, truth_of

BOOK = "playbook.yaml"
TOLERANCE = 0.003
"""The truth itself is only known so well, in shares of deals."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How an audit did on one case."""

    case: Case
    document: Mapping[str, Any]
    found: tuple[tuple[Wanted, Told], ...]
    """What was planted and proposed, by kind and subject."""
    undecided: tuple[tuple[Wanted, Mapping[str, Any]], ...]
    missed: tuple[Wanted, ...]
    strays: tuple[Told, ...]
    """Revisions that answer nothing that was planted."""
    truths: tuple[tuple[Told, Truth], ...]
    """Of what was found and promises an effect."""
    faults: tuple[str, ...] = field(default=())
    """What is wrong with the edits themselves."""

    @property
    def fooled(self) -> tuple[Told, ...]:
        """Revisions on a decoy."""
        return tuple(one for one in self.strays if touches(one["subject"], self.case.decoys))

    @property
    def covered(self) -> tuple[bool, ...]:
        """Whether each true effect lies in the printed range."""
        return tuple(within(told["effect"]["win_rate"], truth.deciding) for told, truth in self.truths)


def touches(subject: str, decoys: tuple[str, ...]) -> bool:
    """Tell whether a subject is one of the decoys, or names one."""
    return any(subject == one or one in subject.split(" -> ") for one in decoys)


def within(interval: Mapping[str, float], true: float) -> bool:
    """Tell whether a true share lies in a printed range."""
    return interval["low"] - TOLERANCE <= true <= interval["high"] + TOLERANCE


def write(case: Case, folder: Path) -> tuple[Path, Path]:
    """Write the export and the playbook of a case, and return where they are."""
    log, book = folder / "export", folder / BOOK
    seen = record(live(case.world), case.called, case.since)
    if case.world.crm == "hubspot":
        write_hubspot(log, seen)
    else:
        chances = {one["name"]: float(one["probability"].removesuffix("%")) for one in case.book.stages}
        write_salesforce(log, seen, chances, tracked=case.world.crm == "salesforce-tracked")
    book.write_text(case.book.text, encoding="utf-8")
    return log, book


def audit(case: Case, folder: Path, *, edits: bool = False) -> Verdict:
    """Return how an audit does on a case, which is written into a folder; with its `edits`, if they are to be tried."""
    log, book = write(case, folder)
    found = study_of(log, book, Options())
    document = json.loads(render_json(found))
    verdict = judge(case, document)
    return replace(verdict, faults=faults_of(document, found.revised, log, book)) if edits else verdict


def judge(case: Case, document: Mapping[str, Any]) -> Verdict:
    """Return what an audit made of a case."""
    found: list[tuple[Wanted, Told]] = []
    undecided: list[tuple[Wanted, Mapping[str, Any]]] = []
    missed: list[Wanted] = []
    for wanted in case.wanted:
        hit = [one for one in document["revisions"] if wanted.is_met_by(one["kind"], one["subject"])]
        open_ = [one for one in document["undecided"] if wanted.is_met_by(one["kind"], one["subject"])]
        if hit:
            found.append((wanted, hit[0]))
        elif open_:
            undecided.append((wanted, open_[0]))
        else:
            missed.append(wanted)
    meant = [told["id"] for _, told in found]
    promised = [(wanted, told) for wanted, told in found if told["effect"].get("win_rate")]
    truths = [(told, truth_of(case.world, wanted, told)) for wanted, told in promised]
    return Verdict(
        case,
        document,
        tuple(found),
        tuple(undecided),
        tuple(missed),
        tuple(one for one in document["revisions"] if one["id"] not in meant),
        tuple((told, truth) for told, truth in truths if truth is not None),
    )
