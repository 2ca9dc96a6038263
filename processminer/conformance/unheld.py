"""Rules that a playbook may declare and that deals are not held against yet: said, never passed over in silence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.conformance.conformance import Obligation
from processminer.playbook.lines import line_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from processminer.playbook.model import Playbook

NOT_YET = "a later version of processminer, which holds deals against this kind of rule"


def unheld_obligations(playbook: Playbook, text: str, entered: Mapping[str, int]) -> Iterator[Obligation]:
    """Yield an obligation nobody can check for each such rule; `entered` says how many deals came to each stage."""
    for stage in playbook.stages:
        for key in ("warn_after", "max_silence", "min_contacts", "max_visits"):
            if getattr(stage, key) is not None:
                yield _unheld(key, stage.name, entered, line_of(text, ("stages", stage.name, key)))
        for criterion in stage.entry_criteria:
            line = line_of(text, ("stages", stage.name, "entry_criteria", criterion.name))
            yield _unheld(criterion.name, stage.name, entered, line)
    for handover in playbook.handovers:
        yield _unheld("handover", handover.entering, entered, line_of(text, ("handovers", handover.entering)))


def _unheld(subject: str, stage: str, entered: Mapping[str, int], line: int | None) -> Obligation:
    return Obligation(
        kind="other",
        subject=subject,
        stage=stage,
        kept=0,
        broken=0,
        pending=0,
        unchecked=entered.get(stage, 0),
        needs=NOT_YET,
        line=line,
    )
