"""Every remark of the lint is provoked once, at its line, and a good playbook provokes none."""

from __future__ import annotations

from processminer.playbook.lint import RULES, lint
from processminer.playbook.new import new_playbook
from processminer.playbook.read import parse_playbook

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
    ("criterion-without-field", 24, "the criterion 'They like it' names no field."),
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


def test_every_remark_stands_at_its_line_and_gives_its_reason() -> None:
    remarks = lint(parse_playbook(POOR), POOR, "poor.yaml")
    assert {(remark.rule, remark.line, remark.message) for remark in remarks} == TOLD
    assert len(remarks) == len(TOLD)
    assert all(remark.why.endswith(".") and remark.file == "poor.yaml" for remark in remarks)
    assert [remark.line for remark in remarks] == sorted(remark.line or 0 for remark in remarks)


def test_every_rule_is_provoked_by_the_poor_playbook() -> None:
    assert {rule.name for rule in RULES} == {rule for rule, _, _ in TOLD}


def test_a_new_playbook_reads_under_its_name_and_needs_no_remark() -> None:
    for name in ("New business", "Größe: # 1", "yes", "two\nlines"):
        text = new_playbook(name)
        playbook = parse_playbook(text)
        assert playbook.name == name
        assert lint(playbook, text, "new.yaml") == ()
        assert text.splitlines()[3:] == new_playbook("x").splitlines()[3:]
