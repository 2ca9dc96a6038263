"""The rule for deals that the wrong role holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.findings.pattern import frequent, pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.findings.facts import Facts
    from processminer.findings.finding import Finding

OFTEN = 0.10
"""Somebody has to stand in now and then; above one in ten, the role is not the one that does the work."""


def wrong_owner(facts: Facts) -> Iterator[Finding]:
    """Deals are in a stage without ever being owned by the role that the playbook gives it.

    **Symptom.** During a stay in the stage, nobody of its role held the deal, and of all who did another role is
    known. Stays with an owner of whom no role is known are left out, and so are open deals, which may still be handed
    over.

    **Remedy.** Look at who does hold them. If one role does the work of another, either the stage's owner in the
    playbook is a wish, and should be changed to what works, or deals are not handed over because nothing makes
    it happen: declare the hand-over with a time limit, and let the CRM change the owner with the stage.
    """
    for wrong in frequent(facts, "wrong-owner", OFTEN):
        yield pattern(
            "wrong-owner", wrong, f"Deals whose stay in {wrong.stage} has ended, and whose owners' roles are known."
        )
