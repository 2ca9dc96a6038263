"""A whole audit of a few deals against a few lines of playbook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from processminer.playbook.read import parse_playbook
from processminer.study import Declared, Study, names_of, study
from tests.worlds import log_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from processminer.findings.finding import Finding
    from tests.worlds import Stop

FILE = "playbook.yaml"


def audit(text: str, deals: Mapping[str, list[Stop]], **world: Any) -> Study:
    """Return the study of these deals against this playbook; `world` is told as to `log_of`."""
    playbook = parse_playbook(text, FILE)
    names = names_of(playbook)
    log = log_of(deals, order=names.order, aliases=names.aliases, won=names.won, lost=names.lost, **world)
    return study(log, Declared(playbook, text, FILE, drafted=False))


def findings_of(text: str, deals: Mapping[str, list[Stop]], **world: Any) -> tuple[Finding, ...]:
    """Return what an audit finds; what it merely describes, and what it proposes, is left out: half of its time."""
    described = dict.fromkeys(
        ("winners", "whole_process", "outlook", "group_times", "compared_groups", "together"), lambda *_, **__: None
    )
    with patch.multiple("processminer.study", **described, propose=lambda *_: ((), ())):
        return audit(text, deals, **world).findings


def many(groups: Mapping[str, Any]) -> dict[str, Any]:
    """Return a mapping in which `kept * 30` stands for thirty deals, kept-01 to kept-30.

    >>> many({"x * 2": ["A"], "y": ["B"]})
    {'x-01': ['A'], 'x-02': ['A'], 'y': ['B']}
    """
    told: dict[str, Any] = {}
    for group, value in groups.items():
        name, _, times = (part.strip() for part in str(group).partition("*"))
        told.update({f"{name}-{n:02}": value for n in range(1, int(times) + 1)} if times else {name: value})
    return told
