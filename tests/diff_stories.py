"""Two versions of one playbook, and a log, for the tests of what differs."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from processminer.conformance.replay.replay import replay
from processminer.diff import PlaybookDiff
from processminer.discovery.discover import discover
from processminer.log.options import Options
from processminer.playbook.compare.compare import compare
from processminer.playbook.read import parse_playbook
from processminer.study import Declared, under_names
from tests.worlds import Stop, log_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from processminer.discovery.discovery import Discovery

OLD = """
name: New business
version: 1.0.0
stages:
  - name: Lead
  - name: Demo
    time_limit: 14 days
  - name: Legal
  - name: Offer
    may_return_to: [Demo]
outcomes: {won: [Won], lost: [Lost]}
"""

NEW = """
name: New business
version: 1.1.0
valid_from: 2026-07-01
stages:
  - name: Lead
  - name: Presentation
    aliases: [Demo]
    time_limit: 5 days
  - name: Offer
  - name: Pilot
    optional: true
outcomes: {won: [Won], lost: [Lost]}
"""

DEALS: dict[str, list[Stop]] = {
    "kept-both": [("Lead", 0), ("Demo", 1), ("Legal", 2), ("Offer", 3), ("Lost", 4)],
    "too-slow-now": [("Lead", 0), ("Demo", 1), ("Legal", 9), ("Offer", 10), ("Won", 12)],
    "no-legal": [("Lead", 0), ("Demo", 1), ("Offer", 3), ("Won", 4)],
    "went-back": [("Lead", 0), ("Demo", 1), ("Legal", 2), ("Offer", 3), ("Demo", 4), ("Lost", 5)],
    "open": [("Lead", 20)],
}

HOSTILE = (
    'a|b <img src=x onerror=alert(1)> [x](javascript:alert(1)) @team #1 `x` "]; click s0 href "javascript:x"',
    "\u202ereversed \x1b[2J escape %%{init: {}}%%",
    "مرحلة التأهيل الأولى للعملاء المحتملين في السوق الجديدة",
    "客户需求深入诊断与技术方案确认阶段以及后续的商务谈判准备工作",
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
)


def declared(text: str, file: str) -> Declared:
    return Declared(parse_playbook(text, file), text, file, drafted=False)


def read_by(story: Declared, deals: Mapping[str, Sequence[Stop]]) -> Discovery:
    names = under_names(Options(), story).names
    log = log_of(deals, as_of_day=21, order=names.order, aliases=names.aliases, won=names.won, lost=names.lost)
    return discover(replace(log, source="deals.csv"))


def diff_between(old: str, new: str, deals: Mapping[str, Sequence[Stop]] | None = None) -> PlaybookDiff:
    one, other = declared(old, "old.yaml"), declared(new, "new.yaml")
    comparison = compare(one.playbook, other.playbook, old, new)
    if deals is None:
        return PlaybookDiff(one, other, comparison, None, ())
    found = replay(read_by(one, deals), read_by(other, deals), comparison, old, new)
    return PlaybookDiff(one, other, comparison, found, ("deals.csv",))


def book_of_names(names: Sequence[str], *, version: str = "1", optional: bool = False) -> str:
    """A playbook of stages with any names, in the JSON that YAML is a superset of."""
    stages = [{"name": name, "optional": optional} for name in names]
    return json.dumps({"name": "t", "version": version, "stages": stages})
