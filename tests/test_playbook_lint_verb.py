"""`playbook lint` on a terminal, for programs and for pull requests: ten faults at once, ten remarks at once."""

from __future__ import annotations

import json
import unicodedata
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from processminer.cli import main
from processminer.playbook.new import new_playbook

if TYPE_CHECKING:
    from pathlib import Path

TEN_FAULTS = """\
name: New business
version: 2.1
review_every: 3 fortnights
stages:
  - name: Lead
    tme_limit: 14 days
    may_skip_to: [Ofer]
  - name: Demo
    aliases: [LEAD]
    optional: maybe
    next: [Lead]
  - name: Offer
    probability: 130%
    tasks:
      - by: AE
    exit_criteria:
      - {name: BANT, uses: BNT}
"""

TEN_FAULTS_TOLD = """\
Error: book.yaml:2: version: is read as a number, not as text. Put it in quotation marks: '2.1'
book.yaml:3: review_every: '3 fortnights' is not a length of time. Write for example '14 days' or '36 hours'.
book.yaml:6: stages[0].tme_limit: not a key of a stage. Did you mean 'time_limit'?
book.yaml:7: stages[0].may_skip_to[0]: 'Ofer' is not a stage of this playbook. Did you mean 'Offer'?
book.yaml:9: stages[1].aliases[0]: 'LEAD' is already a name of the stage 'Lead'. Keep one.
book.yaml:10: stages[1].optional: must be true or false. Write one of the two, without quotation marks.
book.yaml:11: stages[1].next[0]: 'Lead' is an earlier stage. Say so with 'may_return_to'.
book.yaml:13: stages[2].probability: '130%' is not a share. Write for example '20%'.
book.yaml:15: stages[2].tasks[0].do: is missing. Write 'do: ...' here.
book.yaml:17: stages[2].exit_criteria[0].uses: 'BNT' is nothing that may stand here. Did you mean 'BANT'?
"""

TEN_REMARKS = """\
name: New business
owner: Sales operations
review_every: 30 days
reviewed: 2026-01-01
stages:
  - name: Lead
    owner: Anna Rossi
    time_limit: 3 days
    next: Offer
    tasks:
      - {do: Call, by: SDR, how: By phone, output: A date, seen_as: Call, within: 5 days}
  - name: Demo
    goal: They have seen it.
    owner: Account executive
    time_limit: 7 days
  - name: Offer
    goal: They can say yes.
    owner: Account executive
    exit_criteria:
      - name: Budget
metrics:
  - {name: Win rate, measure: win rate, target: soon}
"""

TEN_REMARKS_TOLD = """\
book.yaml:4: the playbook is to be reviewed every 30 days, and was last looked at on 2026-01-01: 60 days before \
2026-03-02. (review-due)
  What was true when it was written is followed less every month, and nobody notices who does not look.
  Review it, and write `reviewed: 2026-03-02`.
book.yaml:6: 'Lead' has no goal. (no-goal)
  Who does not know what a stage is for cannot tell when it is done.
  Write under 'Lead' what is true when it is done: `goal: The buyer has agreed to ...`.
book.yaml:7: 'Anna Rossi' hands over to 'Account executive' as a deal enters 'Offer', and nothing says how. \
(undeclared-handover)
  Between two owners deals are dropped, and what the first one learnt is asked again.
  Write `- {entering: Offer, from: Anna Rossi, to: Account executive, within: 2 days}` under `handovers`.
book.yaml:7: 'Anna Rossi' looks like a person, not a role. (person-not-role)
  People leave and change desks; what belongs to a person has to be rewritten each time, and mostly is not.
  Write the role, and who has it in one place: `roles: [{name: Account executive, people: [Anna Rossi]}]`.
book.yaml:11: the task 'Call' has 5 days, longer than a deal may be in 'Lead' (3 days). (tight-limit)
  A limit that ends before the work can be done is broken by everybody, and soon ignored.
  Write at most 3 days here, or a longer `time_limit` under 'Lead'.
book.yaml:11: the task 'Call' does not say 'material'. (incomplete-task)
  A task can be taught and handed over when it says who does it, how, with what material, and what comes out.
  Write `material: ...` under 'Call'.
book.yaml:12: no way leads to 'Demo': no stage before it goes on to it. (unreachable-stage)
  A stage that deals cannot come to by the playbook makes each one that is there a deviation.
  Let a stage before it name it in `next`, write `may_start: true` under 'Demo', or take it out.
book.yaml:16: 'Offer' has no time limit. (no-time-limit)
  Without a limit nobody can say when a deal has stayed too long, and no audit can.
  Write for example `time_limit: 14 days` under 'Offer'.
book.yaml:20: the criterion 'Budget' names no field and no activity. (criterion-without-field)
  Without a column of the log that shows it, nobody can check whether the criterion was met.
  Write the column that is filled when it is met, `field: ...`, or the activity, `seen_as: ...`.
book.yaml:22: the metric 'Win rate' measures 'win rate': 'soon' is no share to reach. (unreadable-target)
  A target in another unit than its measure can be neither met nor missed.
  Write for example 'at least 25%'.
New business 1.0.0: 3 stages, no fault, 10 remarks.
As of 2026-03-02.

A sales process must be teachable, scalable, measurable and predictable. This one is:
  teachable    not yet.
               1 of 1 tasks without 'material': Call.
  scalable     not yet.
               1 of 4 owners who are people: Anna Rossi.
               1 of 1 changes of hands that no handover declares: Lead to Offer.
  measurable   not yet.
               1 of 1 required criteria that no log can show: Budget.
               1 of 1 metrics without a target that can be met or missed: Win rate.
  predictable  not yet.
               1 of 3 stages without a time limit: Offer.
               3 of 3 stages without a probability: Lead, Demo and Offer.
"""


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path / "book.yaml"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["playbook", "lint", "book.yaml", *arguments])


def test_ten_faults_are_told_in_one_run_each_with_line_reason_and_mend(book: Path) -> None:
    book.write_text(TEN_FAULTS)
    result = run()
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", TEN_FAULTS_TOLD)
    assert len(TEN_FAULTS_TOLD.splitlines()) == 10


def test_ten_remarks_are_told_in_one_run_each_with_line_reason_and_mend(book: Path) -> None:
    book.write_text(TEN_REMARKS)
    result = run("--as-of", "2026-03-02")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == TEN_REMARKS_TOLD
    told = [line for line in TEN_REMARKS_TOLD.splitlines() if line.startswith("book.yaml:")]
    assert len({line.rpartition("(")[2] for line in told}) == len(told) == 10


def test_the_day_looked_at_is_said(book: Path) -> None:
    book.write_text(TEN_REMARKS)
    result = run()
    assert "As of 2026-01-01, the latest day that it names; --as-of looks at it as of another." in result.stdout
    assert "review-due" not in result.stdout
    book.write_text(TEN_REMARKS.replace("reviewed: 2026-01-01\n", ""))
    assert "It names no day, so nothing could be overdue" in run().stdout
    assert run("--as-of", "yesterday").exit_code == 2


def test_strict_is_a_gate(book: Path) -> None:
    book.write_text(TEN_REMARKS)
    assert run().exit_code == 0
    strict = run("--strict")
    assert (strict.exit_code, strict.stdout) == (1, run().stdout)
    book.write_text(new_playbook("x"))
    assert run("--strict").exit_code == 0
    book.write_text(TEN_FAULTS)
    assert run("--strict").exit_code == 2


def test_programs_get_all_of_it(book: Path) -> None:
    book.write_text(TEN_REMARKS)
    result = run("--format", "json", "--as-of", "2026-03-02")
    told = json.loads(result.stdout)
    assert told["playbook"] == {"name": "New business", "version": "1.0.0", "stages": 3}
    assert (told["as_of"], told["faults"], len(told["remarks"])) == ("2026-03-02", [], 10)
    text = run("--as-of", "2026-03-02").stdout
    for remark in told["remarks"]:
        head = f"{remark['file']}:{remark['line']}: {remark['message']} ({remark['rule']})"
        assert f"{head}\n  {remark['why']}\n  {remark['mend']}\n" in text
    assert [(one["question"], one["yes"]) for one in told["questions"]] == [
        ("teachable", False), ("scalable", False), ("measurable", False), ("predictable", False),
    ]  # fmt: skip
    assert told["questions"][3]["gaps"][0] == {"what": "stages without a time limit", "places": ["Offer"], "of": 3}


def test_programs_get_faults_in_the_same_form(book: Path) -> None:
    book.write_text(TEN_FAULTS)
    result = run("--format", "json")
    assert (result.exit_code, result.stderr) == (2, TEN_FAULTS_TOLD)
    told = json.loads(result.stdout)
    assert told["playbook"] is None
    said = [f"{one['file']}:{one['line']}: {one['message']} {one['mend']}" for one in told["faults"]]
    assert "\n".join(said) + "\n" == TEN_FAULTS_TOLD.removeprefix("Error: ")


def test_a_pull_request_gets_annotations_beside_the_lines(book: Path) -> None:
    book.write_text(TEN_REMARKS)
    lines = run("--format", "github").stdout.splitlines()
    assert len(lines) == 9
    assert lines[0] == (
        "::warning file=book.yaml,line=6,title=no-goal::'Lead' has no goal.%0A"
        "Who does not know what a stage is for cannot tell when it is done.%0A"
        "Write under 'Lead' what is true when it is done: `goal: The buyer has agreed to ...`."
    )
    book.write_text(TEN_FAULTS)
    result = run("--format", "github")
    assert result.exit_code == 2
    assert result.stdout.splitlines()[1] == (
        "::error file=book.yaml,line=3,title=fault::review_every: '3 fortnights' is not a length of time.%0A"
        "Write for example '14 days' or '36 hours'."
    )


def test_no_text_of_a_playbook_can_begin_a_command_of_its_own(tmp_path: Path) -> None:
    folder = tmp_path / "100%, a:b"
    folder.mkdir()
    file = folder / "book.yaml"
    file.write_text('name: x\nstages: [{name: "a\\n::error::gone\\r%0A::set-env name=X::\\e[2J"}]\n')
    result = CliRunner().invoke(main, ["playbook", "lint", str(file), "--format", "github"])
    lines = result.stdout.splitlines()
    assert len(lines) >= 4
    place = str(file).replace("%", "%25").replace(":", "%3A").replace(",", "%2C")
    assert all(line.startswith(f"::warning file={place},line=") for line in lines)
    assert "%250A" in result.stdout
    assert not any(unicodedata.category(letter) in {"Cc", "Cf"} for letter in result.stdout.replace("\n", ""))


def test_a_file_that_is_not_there_is_said_in_every_form(book: Path) -> None:
    for kind in ("text", "json", "github"):
        result = run("--format", kind)
        assert result.exit_code == 2
        assert result.stderr == "Error: book.yaml: there is no such file. Check the path.\n"
    assert result.stdout == "::error file=book.yaml,title=fault::there is no such file.%0ACheck the path.\n"
    assert not book.exists()
