"""Every rule against its cases, and every case against the laws of a revision."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from ruamel.yaml import YAML

from processminer.errors import InputError
from processminer.findings.manual import explain, rules
from processminer.playbook.patch import difference
from processminer.playbook.read import parse_playbook
from processminer.report.facts import FACTS
from processminer.revisions.revise import compatible, revise
from tests.audits import FILE, audit, findings_of, many

if TYPE_CHECKING:
    from processminer.study import Study

FOLDER = Path(__file__).parent / "cases"
KEYS = {
    "title",
    "playbook",
    "deals",
    "tasks",
    "attributes",
    "changes",
    "as_of_day",
    "finds",
    "also_finds",
    "proposes",
    "cannot_tell",
    "revised",
}


@cache
def cases() -> list[Any]:
    told = []
    for file in sorted(FOLDER.glob("*.yaml")):
        content = YAML(typ="safe").load(file.read_text(encoding="utf-8"))
        rule, shared = content.pop("rule"), content.pop("playbook", None)
        told.extend(
            pytest.param(rule, {"title": title, "playbook": shared, **case}, id=f"{rule}: {title}")
            for title, case in content.items()
        )
    return told


def world_of(case: dict[str, Any]) -> dict[str, Any]:
    """What `audit` is told of a case; a stage with a day is written [Demo, 3.5]."""
    deals = {
        deal: [tuple(stop) if isinstance(stop, list) else stop for stop in stops]
        for deal, stops in many(case["deals"]).items()
    }
    same = {deal: deal.rpartition("-")[0] if deal not in case["deals"] else deal for deal in deals}
    tasks, attributes, changes = (case.get(key, {}) for key in ("tasks", "attributes", "changes"))
    return {
        "deals": deals,
        "tasks": {deal: [tuple(one) for one in tasks[group]] for deal, group in same.items() if group in tasks},
        "attributes": {deal: attributes[group] for deal, group in same.items() if group in attributes},
        "changes": {deal: [tuple(one) for one in changes[group]] for deal, group in same.items() if group in changes},
        "as_of_day": case.get("as_of_day"),
    }


@cache
def judged(rule: str, title: str) -> Study:
    """The audit of a case, made once for all the tests that look at it."""
    (case,) = (one.values[1] for one in cases() if one.id == f"{rule}: {title}")
    return audit(case["playbook"], **world_of(case))


@pytest.mark.parametrize(("rule", "case"), cases())
def test_a_rule_finds_what_its_case_says_and_nothing_else(rule: str, case: dict[str, Any]) -> None:
    assert set(case) <= KEYS
    told = judged(rule, case["title"])
    commands = [one.evidence.command.split() for one in told.findings]
    assert all(words[:2] == ["processminer", "show"] and words[2] in FACTS for words in commands)
    own = [f"{one.severity} {one.grade}: {one.message}" for one in told.findings if one.rule == rule]
    others = [f"{one.rule} {one.subject}" for one in told.findings if one.rule != rule]
    assert (own, others) == (case["finds"], case.get("also_finds", []))
    assert [f"{one.kind} {one.grade} {one.subject}" for one in told.revisions] == case.get("proposes", [])
    assert [f"{one.kind} {one.subject}: {one.needed_deals}" for one in told.undecided] == case.get("cannot_tell", [])
    assert revise(case["playbook"], compatible(told.revisions)) == case.get("revised", case["playbook"])


@pytest.mark.parametrize(("rule", "case"), [one for one in cases() if one.values[1].get("proposes")])
def test_a_revision_applied_removes_its_findings(rule: str, case: dict[str, Any]) -> None:
    world, text = world_of(case), case["playbook"]
    before = judged(rule, case["title"])
    named = {one.id: (one.rule, one.subject) for one in before.findings}
    for revision in before.revisions:
        revised = revise(text, [revision])
        assert revision.diff == difference(text, revised, FILE)
        assert parse_playbook(revised, FILE) != before.declared.playbook
        left = {(one.rule, one.subject) for one in findings_of(revised, **world)}
        assert revision.because
        assert not left & {named[finding] for finding in revision.because}
        assert {rule for rule, _ in left - set(named.values())} <= NEWLY_OWED.get(revision.kind, set())


NEWLY_OWED: dict[str, set[str]] = {
    "remove-stage": {"undeclared-stage"},
    "require-stage": {"required-stage-skipped"},
    "require-task": {"required-task-not-done"},
    "add-task": {"required-task-not-done"},
    "forbid-skip": {"required-stage-skipped", "stages-jumped"},
    "limit-returns": {"return-loop"},
    "add-exit-criterion": {"criterion-not-met"},
    "check-earlier": {"required-task-not-done", "task-done-late", "required-stage-skipped", "return-loop"},
    "give-up-rule": {"stage-over-limit"},
    "set-handover-limit": {"handed-over-late"},
    "set-time-limit": {"stage-over-limit", "task-done-late"},
}
"""What the deals so far break once a playbook asks for more, by the kind of the revision."""


def test_every_rule_has_cases_that_find_something_and_cases_that_do_not() -> None:
    told = [(one.values[0], bool(one.values[1]["finds"])) for one in cases()]
    assert {rule for rule, finds in told if finds} == set(rules())
    assert {rule for rule, finds in told if not finds} == set(rules())


@pytest.mark.parametrize("rule", list(rules()))
def test_a_rules_page_says_what_is_wrong_then_the_symptom_then_the_remedy(rule: str) -> None:
    title, page = explain(rule).split("\n\n", 1)
    assert title == rule
    assert page.split("\n\n")[0].endswith(".")
    assert 0 < page.index("**Symptom.**") < page.index("**Remedy.**")


def test_a_rule_that_does_not_exist_is_told_with_the_nearest_name() -> None:
    with pytest.raises(InputError) as told:
        explain("return-lop")
    assert str(told.value) == "'return-lop' is not a rule.\n  Did you mean 'return-loop'?"
    with pytest.raises(InputError, match="Known rules: required-stage-skipped, "):
        explain("xyz")
