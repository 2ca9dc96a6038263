"""What an imported file says of a process, whatever its format: the one form that drafts are written from."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from processminer.errors import Fault, Place, PlaybookError
from processminer.words import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence, Sized

    from processminer.engines.yaml_text import Plain

MOST_STAGES = 100
"""As many as HubSpot allows in a pipeline; a longer list is no way that people sell by, but something else."""

USUAL = {"won": "Closed Won", "lost": "Closed Lost"}
"""What an outcome is called where the file has no name for it."""

_HALF = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class SaidStage:
    """A stage, with the keys of the draft that the file speaks of."""

    name: str
    keys: dict[str, Plain] = field(default_factory=dict[str, "Plain"])
    remarks: dict[str, str] = field(default_factory=dict[str, str])
    """Where what stands behind a key came from, or what was done to it; `name` may have one too."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Things of one kind that the file says and the draft does not."""

    one: str
    """What one of them is called: `inactive stage`."""
    items: tuple[str, ...]
    many: str | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """A process as a file tells it."""

    source: str
    """What the file is: `a Salesforce path`."""
    name: str
    stages: tuple[SaidStage, ...]
    won: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    loss_reason: str | None = None
    version: str | None = None
    owner: str | None = None
    told: tuple[str, ...] = ()
    """How the file was understood where it could mean more than one thing, one sentence each."""
    left_out: tuple[LeftOut, ...] = ()


def refuse(file: str, message: str, hint: str | None = None, line: int | None = None) -> PlaybookError:
    """Return the error that tells one fault of a file."""
    return PlaybookError((Fault(message, Place(file, line), hint),))


def tidy(text: str) -> str:
    r"""Return text on one line, blanks and line breaks in it made one blank each, half characters replaced.

    >>> tidy(" Price\n agreed ")
    'Price agreed'
    """
    return " ".join(_HALF.sub("\ufffd", text).split())


def unique_names(names: Sequence[str], taken: Iterable[str] = ()) -> list[str]:
    """Return a name for each thing that no other one and none of `taken` has, as playbooks and logs compare names.

    >>> unique_names(["Demo", "DEMO", "", "Won"], taken=["won"])
    ['Demo', 'DEMO (2)', 'Unnamed', 'Won (2)']
    """
    used = {fold(name) for name in taken}
    found: list[str] = []
    for name in names:
        wanted = tidy(name) or "Unnamed"
        unique = wanted
        number = 1
        while fold(unique) in used:
            number += 1
            unique = f"{wanted} ({number})"
        used.add(fold(unique))
        found.append(unique)
    return found


def spare_names(aliases: Sequence[Sequence[str]], taken: Iterable[str]) -> list[list[str]]:
    """Return the aliases of each stage that no other stage or outcome goes by; the first to have one keeps it."""
    used = {fold(name) for name in taken}
    found: list[list[str]] = []
    for own in aliases:
        kept: list[str] = []
        for alias in (tidy(one) for one in own):
            if alias and fold(alias) not in used:
                used.add(fold(alias))
                kept.append(alias)
        found.append(kept)
    return found


def check_count(file: str, stages: Sized, what: str) -> None:
    """Raise PlaybookError where there is no stage, or so many that they cannot be meant as one process."""
    if not stages:
        message = f"is {what} without an open stage: there is nothing to draft."
        raise refuse(file, message, "Export it again, with the stages in it.")
    if len(stages) > MOST_STAGES:
        message = f"is {what} with {len(stages):,} stages; a playbook has {MOST_STAGES} at most."
        raise refuse(file, message, "Export the stages of one process.")


def share_text(share: float) -> str:
    """Write a share as playbooks do.

    >>> share_text(0.2), share_text(0.125)
    ('20%', '12.5%')
    """
    return f"{round(share * 100, 4):g}%"
