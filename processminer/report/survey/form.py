"""The questions as a page to fill in, which needs no network, and as a spreadsheet."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
from importlib import resources
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from processminer.report.escape import plain, spreadsheet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from processminer.report.survey.questions import Question

COLUMNS = ("question", "person", "answer", "comment", "text", "answers")
"""Of the spreadsheet; who answers fills the second to the fourth."""


def render_form(questions: Sequence[Question], name: str) -> str:
    """Return the page: the answers are kept in it and saved as a file to send back; printed, it is a sheet to tick.

    `name` is the playbook's.
    """
    style, script = (_asset(file) for file in ("form.css", "form.js"))
    policy = f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; base-uri 'none'"
    environment = Environment(
        loader=PackageLoader("processminer.report.survey", "page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("form.html.j2").render(
        questions=questions, name=plain(name), policy=policy, style=Markup(style), script=Markup(script)
    )


def render_sheet(questions: Sequence[Question]) -> str:
    """Return the questions as CSV, a row each, in which `answer` is one of the words in `answers`."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in questions:
        said = dict(one.choices)
        told = "; ".join(f"{key} ({said[key]})" if key in said else key for key in one.keys)
        writer.writerow([spreadsheet(cell) for cell in (one.id, "", "", "", f"{one.text} {one.known}".strip(), told)])
    return out.getvalue()


def _asset(name: str) -> str:
    return resources.files("processminer.report.survey").joinpath("page", name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
