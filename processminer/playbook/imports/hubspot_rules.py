"""The rules that HubSpot has for the stages of a pipeline: where deals are created, what they need, who approves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from processminer.playbook.imports.document import keyed, listed
from processminer.playbook.imports.said import tidy

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from processminer.engines.yaml_text import Plain

_RULES = ("objectcreationrule", "nobackwardsmovementrule", "noskippingstagesrule", "approvalstage", "approvalstages")
_REQUIRED = ("requiredproperties", "stageproperties", "properties")


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of one pipeline, stages by their ids."""

    created: frozenset[str]
    """Stages in which deals may be created; none where HubSpot does not say."""
    approved: Mapping[str, str]
    """Stage to those who approve a deal there."""
    no_way_back: bool
    no_skipping: bool

    def told(self) -> Iterator[str]:
        """Say what HubSpot forbids, and what only the draft does."""
        back = (
            "as HubSpot has it"
            if self.no_way_back
            else "though HubSpot lets them: add 'may_return_to' where it is right"
        )
        yield f"Deals may not go back to earlier stages, {back}."
        skip = (
            "as HubSpot has it"
            if self.no_skipping
            else "though HubSpot lets deals skip: write 'optional: true' where it is right"
        )
        yield f"Every stage is required, {skip}."


def rules_in(*places: Plain) -> Rules:
    """Return the rules that stand in these places (the answer, its `rules`, the pipeline), the later ones first."""
    said: dict[str, Plain] = {}
    for place in places:
        said |= {key: value for key, value in keyed(place).items() if key in _RULES}
    approved: dict[str, str] = {}
    for key in ("approvalstage", "approvalstages"):
        for rule in listed(said.get(key)) or [said.get(key)]:
            who = ", ".join(tidy(str(user)) for user in listed(keyed(rule).get("approveruserids")))
            approved |= dict.fromkeys(sorted(_stages(rule)), f"HubSpot users {who}" if who else "Approvers in HubSpot")
    back, skip = (keyed(said.get(key)) for key in ("nobackwardsmovementrule", "noskippingstagesrule"))
    return Rules(frozenset(_stages(said.get("objectcreationrule"))), approved, _is_on(back), _is_on(skip))


def required_in(stage: Mapping[str, Plain]) -> list[str]:
    """Return the properties that a stage asks for, however they are listed: names, or records that say so."""
    for place in (stage, keyed(stage.get("metadata"))):
        for key in _REQUIRED:
            if isinstance(place.get(key), list):
                return list(dict.fromkeys(name for one in listed(place[key]) if (name := _property(one))))
    return []


def _property(said: Plain) -> str:
    if isinstance(said, str):
        return tidy(said)
    cells = keyed(said)
    if cells.get("required", cells.get("isrequired", True)) is False:
        return ""
    return next(
        (tidy(name) for key in ("name", "propertyname", "property") if isinstance(name := cells.get(key), str)), ""
    )


def _stages(rule: Plain) -> set[str]:
    cells = keyed(rule)
    ids = listed(cells.get("pipelinestageids")) or [cells.get("pipelinestageid")]
    return {tidy(str(one)) for one in ids if isinstance(one, (str, int))}


def _is_on(rule: Mapping[str, Plain]) -> bool:
    """Tell whether a rule holds for all stages; one that holds for some is not one that a draft rests on."""
    return rule.get("enabledforallstages", bool(rule)) is True
