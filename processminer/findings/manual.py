"""The manual pages of the rules: their own docstrings."""

from __future__ import annotations

from difflib import get_close_matches
from inspect import getdoc

from processminer.errors import InputError
from processminer.findings.catalogue import RULES


def rules() -> tuple[str, ...]:
    """Return the names of all rules, in the order of the catalogue."""
    return tuple(RULES)


def explain(rule: str) -> str:
    """Return the page of a rule: what is wrong, its symptom and its remedy.

    Raises InputError for a name that no rule bears.
    """
    found = RULES.get(rule)
    if found is None:
        near = get_close_matches(rule, RULES, n=1)
        hint = f"Did you mean '{near[0]}'?" if near else f"Known rules: {', '.join(RULES)}."
        message = f"{rule!r} is not a rule."
        raise InputError(message, hint=hint)
    return f"{rule}\n\n{getdoc(found)}"
