"""Proposals one by one, for a terminal, a program or a merge request: all that is told of each, with its diff."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.playbook.patch import difference
from processminer.report.escape import markdown, plain
from processminer.report.json_report import audit_document, render_document
from processminer.report.listing import paragraph
from processminer.report.markdown_report import fenced, markdown_card
from processminer.report.proposals import NOTHING, rows_of, say_revision, say_together, say_undecided
from processminer.report.survey.said import said_of, say_survey

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from processminer.report.survey.answers import Survey
    from processminer.revisions.revision import Revision
    from processminer.study import Study

WIDEST_LABEL = 18


def render_card(revision: Revision, *, width: int = 80, team: Sequence[str] = ()) -> str:
    """Return all that is told of a proposal, as lines of at most `width` cells but for the diff's."""
    head = f"{revision.id}  {say_revision(revision)}"
    rows = [
        line
        for row in rows_of(revision, team=team)
        for line in paragraph(row.said, width, f"  {plain(row.label)[:WIDEST_LABEL]:<{WIDEST_LABEL}}  ")
    ]
    lines = [*paragraph(head, width), "", *paragraph(revision.why, width), "", *rows, ""]
    return "\n".join([*lines, *(plain(line) for line in revision.diff.removesuffix("\n").split("\n"))])


def render_proposals_json(study: Study, **more: object) -> str:
    """Return the part of `audit.json` that proposes, with what else is told beside it."""
    document = audit_document(study)
    told = ("schema", "generator", "as_of", "revisions", "together", "undecided")
    return render_document({**{name: document[name] for name in told}, **more})


def render_proposals_markdown(study: Study, survey: Survey | None = None) -> str:
    """Return every proposal with its evidence and its diff, what they do together, and the diff of them all.

    What the team answered stands beside the evidence, and all of it at the end.
    """
    team: Mapping[str, Sequence[str]] = {} if survey is None else said_of(survey)
    lines = [f"# Proposed changes of {markdown(study.declared.playbook.name)}", ""]
    lines += [NOTHING, ""] if not study.revisions else []
    for revision in study.revisions:
        lines += [*markdown_card(revision, 2, deals=True, team=team.get(revision.id, ())), ""]
    together = say_together(study.together)
    lines += ["## All of them together", "", markdown(together), ""] if together else []
    lines += [f"- {markdown(say_undecided(item))}" for item in study.undecided]
    if survey is not None:
        lines += ["", "## What the team says", ""]
        lines += [f"- {markdown(heading)}: {markdown(said)}" for heading, said in say_survey(survey)]
    if study.revisions:
        lines += [
            "",
            "## The next version",
            "",
            *fenced(difference(study.declared.text, study.revised, study.declared.file)),
        ]
    return "\n".join(lines).rstrip("\n") + "\n"
