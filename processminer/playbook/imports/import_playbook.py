"""Recognises what a file is by what is in it, and drafts a playbook from it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from processminer.playbook.imports import hubspot, pipedrive, salesforce_path, salesforce_stages
from processminer.playbook.imports.bpmn import read as bpmn
from processminer.playbook.imports.document import open_document
from processminer.playbook.imports.draft import counted, sentence, write_draft
from processminer.playbook.imports.said import refuse
from processminer.playbook.read import parse_playbook
from processminer.words import say_list

if TYPE_CHECKING:
    from collections.abc import Callable

    from processminer.playbook.imports.document import Document
    from processminer.playbook.imports.said import Said


MOST_THINGS = 3_000
"""Records, or elements of a process; a hundred stages with all the flows that one would draw have fewer."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file that can be imported."""

    source: str
    fits: Callable[[Document], bool]
    read: Callable[[Document, str | None], Said]


KINDS = {
    "salesforce-path": Kind(salesforce_path.SOURCE, salesforce_path.fits, salesforce_path.read),
    "salesforce-stages": Kind(salesforce_stages.SOURCE, salesforce_stages.fits, salesforce_stages.read),
    "hubspot": Kind(hubspot.SOURCE, hubspot.fits, hubspot.read),
    "pipedrive": Kind(pipedrive.SOURCE, pipedrive.fits, pipedrive.read),
    "bpmn": Kind(bpmn.SOURCE, bpmn.fits, bpmn.read),
}
"""By the name that `--from` gives."""


@dataclass(frozen=True, slots=True)
class Imported:
    """A draft, and what to know of it."""

    text: str
    source: str
    stages: int
    told: tuple[str, ...]
    """How the file was understood where it could mean more than one thing."""
    left_out: tuple[str, ...]
    """What the file says and the draft does not, a sentence for each kind of thing."""
    remarks: int
    """Of lint, on the draft."""


def import_playbook(path: str | Path, kind: str | None = None, pipeline: str | None = None) -> Imported:
    """Return a playbook drafted from a file of a CRM or a modelling tool; it reads without fault.

    `kind` is one of KINDS, told by the content if it is not given; `pipeline` chooses one of several pipelines or
    processes. Raises PlaybookError for a file that is none of them, is broken, or says what a playbook cannot.
    """
    from processminer.playbook.lint.lint import lint

    document = open_document(Path(path))
    chosen = KINDS[kind] if kind is not None else _recognised(document)
    if not chosen.fits(document):
        raise refuse(document.file, f"is not {chosen.source}.", f"It is {_looks_like(document)}.")
    if document.size > MOST_THINGS:
        message = f"holds {document.size:,} records; the stages of all pipelines of a company are fewer."
        raise refuse(document.file, message, "Is it the log? 'processminer playbook draft' reads that.")
    said = chosen.read(document, pipeline)
    said = replace(said, left_out=tuple(one for one in said.left_out if one.items))
    text = write_draft(said, document.file)
    remarks = lint(parse_playbook(text, document.file), text, document.file)
    missing = counted([(remark.rule, remark.why) for remark in remarks])
    return Imported(
        text=write_draft(said, document.file, missing),
        source=said.source,
        stages=len(said.stages),
        told=said.told,
        left_out=tuple(map(sentence, said.left_out)),
        remarks=len(remarks),
    )


def _recognised(document: Document) -> Kind:
    found = next((kind for kind in KINDS.values() if kind.fits(document)), None)
    if found is None:
        known = say_list((kind.source for kind in KINDS.values()), len(KINDS))
        message = f"is nothing that can be imported: {_looks_like(document)}."
        raise refuse(document.file, message, f"These can: {known}.")
    return found


def _looks_like(document: Document) -> str:
    if document.xml is not None:
        space = f" of {document.xml.space!r}" if document.xml.space else ""
        return f"XML with <{document.xml.tag[:60]}>{space[:100]}"
    named = "" if not document.rows else f" with {say_list(map(repr, list(document.rows[0].cells)[:8]), 8)[:300]}"
    return f"{'a table' if document.json is None else 'JSON'}{named}"
