"""A task as it is written into a playbook that did not have it: all that the lint asks of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from processminer.playbook.model import Playbook
    from processminer.playbook.parts.stages import Stage


def new_task(
    task: str, stage: Stage, playbook: Playbook, seen_as: Sequence[str], *, within: str | None = None
) -> dict[str, object]:
    """Return the four parts of a manual as far as they are known before anybody has written one, and what shows it.

    A playbook that lists its materials gets none that the list lacks.
    """
    told: dict[str, object | None] = {
        "do": task,
        "by": stage.owner or playbook.owner,
        "how": "As those do it who do it now. Ask them and write it here.",
        "material": None if playbook.materials else "What those who do it now work with.",
        "output": f"{task} stands in the CRM with what came of it.",
        "within": within,
        "seen_as": list(seen_as),
    }
    return {key: value for key, value in told.items() if value is not None}
