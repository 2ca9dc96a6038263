"""What the documentation of a BPMN element says of a stage: labelled lines where there are any, else its goal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from processminer.playbook.imports.bpmn.durations import length_text
from processminer.playbook.imports.said import share_text, tidy
from processminer.playbook.values import read_share

if TYPE_CHECKING:
    from processminer.engines.yaml_text import Plain

_LABELS = {
    "goal": "goal",
    "owner": "owner",
    "time limit": "time_limit",
    "win probability": "probability",
    "given up after": "close_after",
    "longest silence": "max_silence",
    "contacts of the buyer": "min_contacts",
    "visits": "max_visits",
}


def facts_in(documentation: str) -> tuple[dict[str, Plain], list[str]]:
    r"""Return what documentation says under the names of keys, and its lines that no key can hold.

    >>> facts_in("Goal: They want it.\nTime limit: 14 days\nSee the wiki")
    ({'goal': 'They want it.', 'time_limit': '14 days'}, ['See the wiki'])
    >>> facts_in("They want it,\nand can pay.")
    ({'goal': 'They want it, and can pay.'}, [])
    """
    found: dict[str, Plain] = {}
    others: list[str] = []
    for line in (tidy(one) for one in documentation.splitlines()):
        label, _, text = line.partition(":")
        key = _LABELS.get(label.strip().lower())
        value = _value(key, text.strip()) if key else None
        if key and value and key not in found:
            found[key] = value
        elif line:
            others.append(line)
    if others and not found:
        return {"goal": " ".join(others)}, []
    return found, others


def says_optional(documentation: str) -> bool:
    """Tell whether documentation calls its stage optional on a line of its own."""
    return any(line.partition(":")[0].strip().lower() == "optional" for line in documentation.splitlines())


def version_in(documentation: str) -> str | None:
    """Return the version that the first line of a process's documentation gives, as processminer writes it."""
    first, _, _ = documentation.lstrip().partition("\n")
    word, _, version = tidy(first).partition(" ")
    return version if word == "Version" and version else None


def _value(key: str | None, text: str) -> Plain:
    """Return what stands behind a label as a playbook writes it, or None where it cannot be read."""
    match key:
        case "time_limit" | "close_after" | "max_silence":
            return length_text(text)
        case "min_contacts" | "max_visits":
            count = re.fullmatch(r"(?:at (?:least|most) )?([1-9]\d{0,3})", text, re.ASCII)
            return int(count[1]) if count else None
        case "probability":
            try:
                return share_text(read_share(text.replace(" ", "")))
            except ValueError:
                return None
        case _:
            return text or None
