"""Every remark of the lint is provoked at its line, with its reason and its mend, and a good playbook provokes none."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from processminer.playbook.lint.catalogue import RULES
from processminer.playbook.lint.lint import lint
from processminer.playbook.read import parse_playbook

if TYPE_CHECKING:
    from processminer.playbook.lint.lint import Remark

POOR = """\
name: x
version: 1.1.0
stages:
  - name: Lead
    goal: They know us.
    owner: SDR
    time_limit: 7 days
    probability: 40%
    may_skip_to:
      - Offer
      - Pilot
  - name: Pilot
    optional: true
    goal: It works for them.
    owner: SDR
    time_limit: 7 days
    probability: 20%
    tasks:
      - do: Set up
        by: SDR
        how: With the checklist.
      - {do: Call, by: SDR, how: By phone, material: none, output: notes, seen_as: Call}
    exit_criteria:
      - name: They like it
      - {name: They use it, field: usage}
  - name: Demo
    may_skip_to: [Won, Offer]
  - name: Offer
    goal: They can say yes.
    owner: AE
    time_limit: 7 days
    probability: 40%
outcomes:
  won: Won
  lost: []

# What few will read
metrics:
  - {name: m0}
"""


POOR += "".join(f"  - {{name: m{number}, target: 1}}\n" for number in range(1, 9))


POOR += """\
handovers:
  - {from: SDR, to: AE, entering: Offer}
changes:
  - {version: 1.0.0, why: First}
"""


TOLD = {
    ("no-review", 1, "the playbook has no owner."),
    ("no-review", 1, "the playbook does not say how often it is reviewed."),
    ("bypassed-stage", 10, "'Lead' may skip to 'Offer', past what is required: Demo."),
    ("idle-skip", 11, "'Lead' may go to 'Pilot' anyway: nothing between them is required."),
    ("falling-probability", 17, "'Pilot' is declared at 20 %, after 'Lead' at 40 %."),
    ("incomplete-task", 19, "the task 'Set up' does not say 'material' and 'output'."),
    ("unseen-task", 19, "the task 'Set up' has no 'seen_as'."),
    ("criterion-without-field", 24, "the criterion 'They like it' names no field and no activity."),
    ("no-goal", 26, "'Demo' has no goal."),
    ("no-owner", 26, "'Demo' has no owner."),
    ("no-time-limit", 26, "'Demo' has no time limit."),
    ("bypassed-stage", 27, "'Demo' may skip to 'Won', past what is required: Offer."),
    ("idle-skip", 27, "'Demo' may go to 'Offer' anyway: nothing between them is required."),
    ("nameless-end", 35, "no name is given for lost."),
    ("too-many-metrics", 38, "the playbook has 9 metrics, more than 8."),
    ("metric-without-target", 39, "the metric 'm0' has no target."),
    ("slow-handover", 49, "the handover from 'SDR' to 'AE' has no time limit."),
    ("unlogged-version", 2, "the change log does not say what changed in version 1.1.0."),
}


TANGLED = """\
name: y
version: 1.0.0
owner: Sales Operations
review_every: 90 days
reviewed: 2025-11-01
roles:
  - {name: SDR, people: [Kim Lee]}
  - {name: Account executive, aliases: [AE]}
  - name: Sales operations
  - name: Anna Rossi
stages:
  - name: Lead
    goal: g
    owner: Kim Lee
    time_limit: 7 days
    warn_after: 5 days
    max_silence: 9 days
    aliases: [LEAD, New, n e w, NEW ]
    tasks:
      - {do: Research, by: SDR, how: h, material: list.md, output: o, seen_as: Find, within: 10 days, takes: 3 days}
      - {do: Write, by: SDR, how: h, material: lists.md, output: o, seen_as: [Email], takes: 2.5 days, times: 2}
    next: [Offer, Workshop]
  - name: Pilot
    goal: g
    owner: AE
    time_limit: 7 days
  - name: Workshop
    goal: g
    owner: Acount executive
    time_limit: 1 day
    next: Check
  - name: Offer
    goal: g
    owner: AE
    time_limit: 14 days
    next: Check
  - name: Check
    optional: true
    goal: g
    owner: AE
    time_limit: 14 days
    tasks:
      - {do: Ask, by: AE, how: h, material: list.md, output: o, seen_as: [Security review]}
    next: Legal
  - name: Side
    goal: g
    owner: AE
    warn_after: 3 days
    optional: true
    may_start: true
    aliases: n-e-w
    tasks:
      - {do: Show, by: AE, how: h, material: list.md, output: o, seen_as: [Site visit]}
  - name: Legal
    goal: g
    owner: AE
    time_limit: 5 days
    entry_criteria:
      - {name: Visited, seen_as: [site  VISIT]}
      - name: BANT
        uses: BANT
        of: {Budget: b, Need: n}
      - {name: Fit, of: {Size: s, Place: }, at_least: 1}
    may_skip_to: Closed Won
handovers:
  - {entering: Offer, from: SDR, to: AE, within: 3 weeks}
  - {entering: Workshop, from: Kim Lee, to: Acount executive, within: 1 day}
  - {entering: Offer, from: Kim Lee, to: AE, within: 1 day}
metrics:
  - {name: Pace, measure: won lead time, target: at least 25%, owner: a.rossi@example.com}
  - {name: Wait, measure: time in stage, target: 5 days, owner: AE}
materials:
  - {name: list.md, reviewed: 2025-10-01}
accepted:
  - {deviation: skipped, subject: Pilot, because: trial, until: 2026-01-31}
"""


TANGLED_TOLD = {
    ("review-due", 5, "the playbook is to be reviewed every 90 days, and was last looked at on 2025-11-01:"
     " 93 days before 2026-02-02."),
    ("person-not-role", 10, "'Anna Rossi' looks like a person, not a role."),
    ("person-not-role", 14, "'Kim Lee' is a person, not a role."),
    ("tight-limit", 15, "the required tasks of 'Lead' take 8 days, and its time limit is 7 days."),
    ("tight-limit", 17, "'Lead' may be silent for 9 days, longer than a deal may be in it (7 days)."),
    ("double-alias", 18, "'LEAD' is no other name of 'Lead': 'Lead' is read as the same."),
    ("double-alias", 18, "'NEW' is no other name of 'Lead': 'New' is read as the same."),
    ("tight-limit", 20, "the task 'Research' has 10 days, longer than a deal may be in 'Lead' (7 days)."),
    ("unlisted-material", 21, "the material 'lists.md' is not listed in 'materials'."),
    ("bypassed-stage", 22, "'Lead' may go on to 'Offer', past what is required: Workshop."),
    ("unreachable-stage", 23, "no way leads to 'Pilot': no stage before it goes on to it."),
    ("unknown-role", 29, "'Acount executive' is none of the declared roles."),
    ("undeclared-handover", 29, "'Acount executive' hands over to 'AE' as a deal enters 'Check', and nothing says"
     " how."),
    ("bypassed-stage", 31, "'Workshop' may go on to 'Check', past what is required: Offer."),
    ("warning-without-limit", 48, "'Side' warns after 3 days of a time limit that it does not have."),
    ("no-time-limit", 45, "'Side' has no time limit."),
    ("confusable-name", 51, "'n-e-w' differs from 'New', a name of the stage 'Lead', in case, blanks or"
     " punctuation alone."),
    ("criterion-rests-on-optional-stage", 59, "the criterion 'Visited' is shown by tasks of Side alone, which deals may"
     " leave out."),
    ("element-without-column", 62, "of 'BANT', Authority and Timeline name no column. 3 are needed and 2 can be seen:"
     " no deal can be shown to meet it."),
    ("element-without-column", 63, "of 'Fit', Place names no column."),
    ("idle-skip", 64, "'Legal' may go to 'Closed Won' anyway: nothing between them is required."),
    ("tight-limit", 66, "the handover to 'AE' may take 21 days, longer than a deal may be in 'Offer' (14 days)."),
    ("person-not-role", 67, "'Kim Lee' is a person, not a role."),
    ("unknown-role", 67, "'Acount executive' is none of the declared roles."),
    ("person-not-role", 68, "'Kim Lee' is a person, not a role."),
    ("unreadable-target", 70, "the metric 'Pace' measures 'won lead time': 'at least 25%' is no length of time to"
     " reach."),
    ("person-not-role", 70, "'a.rossi@example.com' looks like a person, not a role."),
    ("metric-without-stage", 71, "the metric 'Wait' measures 'time in stage' and does not say of which stage."),
    ("material-due", 73, "the material 'list.md' was last reviewed on 2025-10-01, 124 days before 2026-02-02; due is"
     " every 90 days."),
    ("expired-acceptance", 75, "'skipped' of 'Pilot' was accepted until 2026-01-31, which is before 2026-02-02."),
}  # fmt: skip


def remarks_on(text: str, as_of: date | None = None) -> tuple[Remark, ...]:
    return lint(parse_playbook(text), text, "poor.yaml", as_of)


def told(remarks: tuple[Remark, ...]) -> set[tuple[str, int, str]]:
    return {(remark.rule, remark.line, remark.message) for remark in remarks}


@pytest.mark.parametrize(("text", "day", "expected"), [(POOR, None, TOLD), (TANGLED, "2026-02-02", TANGLED_TOLD)])
def test_every_remark_stands_at_its_line_and_gives_its_reason_and_its_mend(
    text: str, day: str | None, expected: set[tuple[str, int, str]]
) -> None:
    remarks = remarks_on(text, None if day is None else date.fromisoformat(day))
    assert told(remarks) == expected
    assert len(remarks) == len(expected)
    assert all(remark.why.endswith(".") and remark.file == "poor.yaml" for remark in remarks)
    assert all(remark.mend.endswith((".", "?")) and remark.mend != remark.why for remark in remarks)
    assert [remark.line for remark in remarks] == sorted(remark.line for remark in remarks)


def test_a_deal_is_not_given_up_before_its_limit() -> None:
    text = "name: P\nstages:\n  - {name: A, time_limit: 10 days, close_after: 9 days}\n"
    (found,) = (one for one in remarks_on(text) if one.rule == "closed-too-early")
    assert (found.line, found.message) == (3, "'A' gives deals up after 9 days, before its limit of 10 days.")
    for other in ("close_after: 10 days", "close_after: 11 days"):
        assert "closed-too-early" not in {one.rule for one in remarks_on(text.replace("close_after: 9 days", other))}
    alone = text.replace("time_limit: 10 days, ", "")
    assert "closed-too-early" not in {one.rule for one in remarks_on(alone)}


def test_every_rule_is_provoked() -> None:
    provoked = {rule for rule, _, _ in TOLD | TANGLED_TOLD} | {
        "never-optional",
        "impossible-return",
        "closed-too-early",
    }
    assert {rule.name for rule in RULES} == provoked
    assert len(RULES) == len(provoked)
