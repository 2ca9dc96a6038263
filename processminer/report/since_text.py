"""A change judged some time later, for a terminal and as JSON."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from processminer.report.json_report import render_document
from processminer.report.listing import paragraph
from processminer.report.since_told import lines_of

if TYPE_CHECKING:
    from processminer.estimates.did_it_work.did_it_work import DidItWork

SCHEMA = "processminer-compare/1"


def render_since(found: DidItWork, *, width: int = 80) -> str:
    """Return what is told of a change, lines of at most `width` cells."""
    told = lines_of(found)
    widest = max(len(line.label) for line in told) + 2
    return "\n".join(part for line in told for part in paragraph(line.said, width, f"{line.label:<{widest}}")) + "\n"


def render_since_json(found: DidItWork) -> str:
    """Return all figures of a change that was judged, with the sentences that say them."""
    told = {field.name: getattr(found, field.name) for field in fields(found)}
    said = [f"{line.label}: {line.said}" if line.label else line.said for line in lines_of(found)]
    return render_document({"schema": SCHEMA, "lived": found.lived, **told, "told": said})
