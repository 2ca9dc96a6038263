"""Laws of the whole: what follows the playbook is left alone, and what is proposed can be applied together."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from processminer.playbook.read import parse_playbook
from processminer.revisions.open_questions import MOST
from processminer.revisions.revise import conflicts, revise
from tests.audits import FILE, audit, many
from tests.playout import LOOKED_AT, played_out

if TYPE_CHECKING:
    from pathlib import Path

PLAIN = """\
name: Plain
stages: [{name: Lead}, {name: Demo}, {name: Proposal}]
outcomes: {won: [Won], lost: [Lost]}
"""
RICH = """\
name: Rich
stages:
  - name: Lead
    time_limit: 10 days
    exit_criteria:
      - {name: BANT, at_least: 2, of: {Budget: Budget, Need: Need, Timeline: Timeline}}
  - name: Qualification
    time_limit: 2 weeks
    may_skip_to: [Proposal]
    tasks:
      - {do: Discovery call, seen_as: [Call]}
      - {do: Send the deck, seen_as: [Email], optional: true}
  - name: Demo
    optional: true
    may_start: true
    time_limit: 20 days
  - name: Proposal
    time_limit: 30 days
    may_return_to: [Qualification, Demo]
    tasks:
      - {do: Review with legal, seen_as: [Meeting]}
  - name: Negotiation
    time_limit: 5 days
    may_return_to: [Proposal]
outcomes: {won: [Won], lost: [Lost]}
"""
LONG = """\
name: Long
stages:
  - {name: A, time_limit: 3 days}
  - {name: B, optional: true}
  - {name: C, optional: true, time_limit: 40 days}
  - {name: D}
  - {name: E, may_return_to: [A, D]}
  - {name: F, optional: true}
outcomes: {won: [Won], lost: [Lost]}
"""


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("text", [PLAIN, RICH, LONG], ids=["plain", "rich", "long"])
def test_deals_played_out_from_the_playbook_yield_no_finding_and_no_revision(text: str, seed: int) -> None:
    told = audit(text, **played_out(parse_playbook(text), 600, seed), as_of_day=LOOKED_AT)
    assert told.conformance.deals_violating == 0
    assert [one.message for one in told.findings] == []
    assert (told.revisions, told.revised) == ((), text)
    # What it might ask next is left to people by the playbook, and takes more deals than there are.
    assert len(told.undecided) <= MOST
    assert {one.kind for one in told.undecided} <= {"require-stage", "require-task"}
    assert all(one.needed_deals > 30 for one in told.undecided)


MESSY = """\
# Kept by sales operations.
name: Messy
stages:
  - name: Lead
  - name: Demo          # thirty minutes
    time_limit: 5 days
  - name: Trial
  - name: Proposal
    may_return_to: [Trial]   # after a failed trial

  - name: Negotiation
    optional: true
outcomes: {won: [Won], lost: [Lost]}
"""


def messy() -> dict[str, list[str | tuple[str, float]]]:
    return many(
        {
            "plain * 400": ["Lead", "Demo", "Pilot", "Proposal", "Won"],
            "back * 100": ["Lead", "Demo", "Pilot", "Proposal", "Demo", "Pilot", "Proposal", "Won"],
            "slow * 150": ["Lead", "Demo", ("Pilot", 30), "Proposal", "Lost"],
            "late * 150": ["Proposal", "Legal", "Won"],
        }
    )


def test_all_revisions_together_leave_none_of_their_findings_and_propose_nothing_on_top() -> None:
    before = audit(MESSY, messy())
    kinds = {one.kind for one in before.revisions}
    assert kinds >= {"add-stage", "allow-return", "allow-skip", "give-up-rule"}
    assert conflicts(before.revisions) == ()
    after = audit(before.revised, messy())
    answered = {id_ for one in before.revisions for id_ in one.because}
    gone = {(one.rule, one.subject) for one in before.findings if one.id in answered}
    assert not gone & {(one.rule, one.subject) for one in after.findings}
    assert after.revisions == ()


def test_every_diff_is_one_that_git_applies(tmp_path: Path) -> None:
    told = audit(MESSY, messy())
    for revision in told.revisions:
        (tmp_path / FILE).write_text(MESSY, encoding="utf-8")
        git = ["git", "apply", "-p0", "-"] if "+++ b/" not in revision.diff else ["git", "apply", "-"]
        subprocess.run(git, input=revision.diff, text=True, cwd=tmp_path, check=True)
        assert (tmp_path / FILE).read_text(encoding="utf-8") == revise(MESSY, [revision])


def test_renaming_the_deals_changes_no_finding_but_its_examples() -> None:
    renamed = {f"z{index:04}": path for index, path in enumerate(messy().values())}
    one, other = audit(MESSY, messy()), audit(MESSY, renamed)
    assert [(f.id, f.rule, f.subject, f.message) for f in one.findings] == [
        (f.id, f.rule, f.subject, f.message) for f in other.findings
    ]
    assert [r.diff for r in one.revisions] == [r.diff for r in other.revisions]


def test_a_habit_that_only_follows_the_segment_changes_nothing_in_the_playbook() -> None:
    world = played_out(parse_playbook(RICH), 1500, 11)
    for number, (deal, said) in enumerate(world["attributes"].items()):
        mailed = number % 10 < (9 if dict(said)["Segment"] == "small" else 3)
        world["tasks"][deal] = [one for one in world["tasks"][deal] if one[0] != "Email" or mailed]
    told = audit(RICH, **world, as_of_day=LOOKED_AT)
    (deck,) = (one for one in told.estimates.effects if one.trial.subject == "Send the deck")
    assert deck.crude.low > 0, "counted naively, the habit looks useful"
    assert (told.findings, told.revisions, told.revised) == ((), (), RICH)
