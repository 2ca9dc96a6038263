"""A permission that nobody uses is taken out of the playbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.playbook.edits import Edit
from processminer.revisions.revision import Revision
from processminer.words import say_count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.findings.finding import Finding
    from processminer.playbook.model import Playbook
    from processminer.playbook.parts.stages import Stage
    from processminer.revisions.ground import Ground
    from processminer.revisions.revision import RevisionKind

_KINDS: dict[str, RevisionKind] = {
    "return": "limit-returns",
    "skip": "forbid-skip",
    "start": "forbid-skip",
    "bypass": "require-stage",
    "visit": "remove-stage",
}


def withdraw(finding: Finding, ground: Ground) -> Revision | None:
    """Propose to delete what permits a return, skip, start or bypass, or an optional stage that no deal enters."""
    permission = str(finding.evidence.numbers["permission"])
    name, _, other = finding.subject.partition(" -> ")
    stage = ground.facts.playbook.stage(name)
    if stage is None:
        return None
    return Revision(
        id="",
        kind=_KINDS[permission],
        subject=finding.subject,
        grade="C",
        because=(finding.id,),
        n=finding.evidence.of,
        q=None,
        effect={},
        why=(
            f"{say_count(finding.evidence.of, 'deal')} had the chance and none used it. Taking it out changes no deal"
            " and leaves a shorter playbook; no effect is predicted."
        ),
        losers="The rare deal that will need it one day, and will then be told as a deviation.",
        refutation="Deals of the next quarter use it, or it was meant for an emergency.",
        trial="Take it out for one team and see for a quarter whether anybody asks for it.",
        edits=tuple(_edits(permission, stage, other, ground.facts.playbook)),
        diff="",
    )


def _edits(permission: str, stage: Stage, other: str, playbook: Playbook) -> Iterator[Edit]:
    match permission:
        case "return":
            yield Edit("remove", ("stages", stage.name, "may_return_to", other))
        case "skip":
            yield Edit("remove", ("stages", stage.name, "may_skip_to", other))
        case "start":
            yield Edit("remove", ("stages", stage.name, "may_start"))
        case "bypass":
            yield Edit("remove", ("stages", stage.name, "optional"))
        case _:
            yield from without_stage(stage, playbook)


def without_stage(stage: Stage, playbook: Playbook) -> Iterator[Edit]:
    """Yield the edits that take a stage out, with all that leads to it."""
    for one in playbook.stages:
        if stage.name in one.may_return_to:
            yield Edit("remove", ("stages", one.name, "may_return_to", stage.name))
        if stage.name in one.may_skip_to:
            yield Edit("remove", ("stages", one.name, "may_skip_to", stage.name))
    yield Edit("remove", ("stages", stage.name))
