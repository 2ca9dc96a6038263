"""The rule for permissions of the playbook that nobody uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.findings.finding import Evidence, Finding
from processminer.findings.pattern import limits
from processminer.findings.permissions import permissions
from processminer.statistics.proportions import wilson
from processminer.words import say_count, say_percent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.findings.facts import Facts
    from processminer.findings.permissions import Permission

HARDLY_EVER = 0.01
"""A permission is called unused only if even the upper limit of its use is below one deal in a hundred, which takes
some four hundred deals that had the chance: a rare way out may be declared for good reason."""

_SAID = {
    "return": "None of {chances} that left {stage} went back to {other}, which the playbook allows",
    "skip": "None of {chances} that left {stage} went straight to {other}, which the playbook allows",
    "start": "None of {chances} began at {stage}, where the playbook lets deals begin",
    "bypass": "None of {chances} left out {stage}, which the playbook calls optional",
    "visit": "None of {chances} entered {stage}, an optional stage that they passed",
}


def unused_declared_move(facts: Facts) -> Iterator[Finding]:
    """The playbook permits something that no deal does.

    **Symptom.** A declared return, skip, start or optional stage was used by none of the many deals that could have
    used it, so that even the upper limit of its share lies below one in a hundred.

    **Remedy.** Take it out: what a playbook permits has to be read, taught and kept in mind. Keep it where it is
    meant for a rare emergency, and say so in a comment. An optional stage that nobody leaves out is a required one.
    """
    for permission in permissions(facts):
        if permission.used == 0 and wilson(0, permission.chances).high < HARDLY_EVER:
            yield _finding(permission)


def _finding(permission: Permission) -> Finding:
    share = wilson(permission.used, permission.chances)
    chances = say_count(permission.chances, "deal")
    said = _SAID[permission.kind].format(chances=chances, stage=permission.stage, other=permission.other)
    return Finding(
        id="",
        rule="unused-declared-move",
        subject=permission.subject,
        severity="low",
        grade="C",
        message=f"{said} (0 %, at most {say_percent(share.high)}).",
        evidence=Evidence(
            population="Deals that had the chance: they were in the stage and have left it, or passed it.",
            n=0,
            of=permission.chances,
            share=limits(share),
            numbers={"permission": permission.kind},
            examples=(),
            command="processminer show moves LOG --playbook PLAYBOOK",
        ),
    )
