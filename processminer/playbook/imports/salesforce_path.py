"""A Salesforce path (`PathAssistant` of the Metadata API): its steps with their key fields and guidance.

Salesforce, Metadata API Developer Guide, "PathAssistant".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from processminer.playbook.imports.guidance import paragraphs
from processminer.playbook.imports.outcomes import outcome_of_stage
from processminer.playbook.imports.said import LeftOut, Said, SaidStage, check_count, refuse, tidy, unique_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.engines.yaml_text import Plain
    from processminer.playbook.imports.document import Document
    from processminer.playbook.imports.xml_tree import Element

SOURCE = "a Salesforce path"


def fits(document: Document) -> bool:
    """Tell whether a file is a Salesforce path."""
    return document.xml is not None and document.xml.tag == "PathAssistant"


def read(document: Document, _pipeline: str | None) -> Said:
    """Return what a path says. Raises PlaybookError for a step without a name, and a path without an open step."""
    root = document.xml
    assert root is not None  # as `fits` found
    steps = root.named("pathAssistantSteps")
    for step in steps:
        if not tidy(step.said("picklistValueName")):
            message = "a step of the path has no 'picklistValueName'."
            raise refuse(document.file, message, "Retrieve the path again.", step.line)
    ends = {place: outcome_of_stage(step.said("picklistValueName")) for place, step in enumerate(steps)}
    won, lost = ([_value(steps[at]) for at, end in ends.items() if end == kind] for kind in ("won", "lost"))
    stages = [step for place, step in enumerate(steps) if ends[place] is None]
    check_count(document.file, stages, SOURCE)
    names = unique_names([step.said("picklistValueName") for step in stages], [*won, *lost])
    reason = _loss_reason([step for place, step in enumerate(steps) if ends[place] == "lost"])
    closed = [step for place, step in enumerate(steps) if ends[place] is not None]
    return Said(
        source=SOURCE,
        name=tidy(root.said("masterLabel")) or "Sales path",
        stages=tuple(_stage(name, step) for name, step in zip(names, stages, strict=True)),
        won=tuple(dict.fromkeys(won)),
        lost=tuple(dict.fromkeys(lost)),
        loss_reason=reason,
        told=tuple(_told(root)),
        left_out=tuple(_left_out(closed, reason)),
    )


def _value(step: Element) -> str:
    return tidy(step.said("picklistValueName"))


def _fields(step: Element) -> list[str]:
    return list(dict.fromkeys(name for one in step.named("fieldNames") if (name := tidy(one.text))))


def _stage(name: str, step: Element) -> SaidStage:
    keys: dict[str, Plain] = {}
    remarks: dict[str, str] = {}
    if name != _value(step):
        remarks["name"] = "stands twice in the path"
    guidance = paragraphs(step.said("info"))
    if guidance:
        keys["goal"], remarks["goal"] = guidance[0], "the guidance of the path"
    if len(guidance) > 1:
        keys["tasks"] = [{"do": "Follow the guidance of the path", "how": " ".join(map(_sentence, guidance[1:]))}]
    fields = _fields(step)
    if fields:
        labels = unique_names([_label(field) for field in fields])
        keys["exit_criteria"] = [{"name": label, "field": field} for label, field in zip(labels, fields, strict=True)]
        remarks["exit_criteria"] = "the key fields of the path; strike those that are only shown"
    return SaidStage(name, keys, remarks)


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?", ":", ";", "。")) else f"{text}."


def _label(field: str) -> str:
    """Return the name of a field as a person says it: `Budget_Confirmed__c` is `Budget Confirmed`."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", re.sub(r"__[a-z]+$", "", field))
    return words.replace("_", " ")


def _loss_reason(lost: list[Element]) -> str | None:
    return next((field for step in lost for field in _fields(step) if "reason" in field.casefold()), None)


def _told(root: Element) -> Iterator[str]:
    entity, field = root.said("entityName"), root.said("fieldName")
    if (entity, field) not in {("Opportunity", "StageName"), ("", "")}:
        yield f"The path is that of {tidy(entity) or '?'}.{tidy(field) or '?'}, not of Opportunity.StageName."
    if root.said("active").lower() == "false":
        yield "The path is not active in Salesforce."
    record_type = tidy(root.said("recordTypeName"))
    if record_type and record_type != "__MASTER__":
        yield f"It is the path of the record type {record_type!r}: say so under 'applies_to' if your export has it."
    yield "A path does not say the order of its steps apart from the file: check it."


def _left_out(closed: list[Element], reason: str | None) -> Iterator[LeftOut]:
    fields = [f"{_value(step)}: {field}" for step in closed for field in _fields(step) if field != reason]
    yield LeftOut("key field of a closed step", tuple(fields), "key fields of closed steps")
    guided = [_value(step) for step in closed if paragraphs(step.said("info"))]
    yield LeftOut("guidance for a closed step", tuple(guided), "guidances for closed steps")
