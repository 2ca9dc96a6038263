"""The lint: remarks on a playbook that reads without fault, each with its line, its reason and its mend."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from processminer.playbook.lines import line_of_location, tree_of
from processminer.playbook.lint.care import latest_day
from processminer.playbook.lint.catalogue import RULES
from processminer.playbook.lint.page import Page

if TYPE_CHECKING:
    from datetime import date

    from processminer.playbook.model import Playbook


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that a playbook could say better."""

    rule: str
    line: int
    message: str
    why: str
    mend: str
    """What to write instead."""
    file: str


def lint(playbook: Playbook, text: str, file: str, as_of: date | None = None) -> tuple[Remark, ...]:
    """Return the remarks on a playbook in the order of its lines; `text` is what it was read from, `file` its name.

    What is due is told as of a day: of `as_of`, or else of the latest day that the playbook itself names.
    """
    tree = tree_of(text)
    assert tree is not None  # the playbook was read from it
    page = Page(playbook, as_of or latest_day(playbook))
    remarks = [
        Remark(rule.name, line_of_location(text, tree, found.path), found.message, rule.why, found.mend, file)
        for rule in RULES
        for found in rule.find(page)
    ]
    return tuple(sorted(remarks, key=lambda remark: remark.line))
