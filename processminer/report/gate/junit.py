"""A check as JUnit XML: a suite for each stage, a case for each rule and each other way of leaving the playbook."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from processminer.conformance.merged import OWED
from processminer.report.escape import plain
from processminer.report.gate.checked import say_verdict
from processminer.words import say_share

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from processminer.conformance.conformance import Deviation, Obligation
    from processminer.report.gate.checked import Checked

BESIDE = "beside the stages"
"""The suite of what belongs to no declared stage."""

_ILLEGAL = re.compile("[^\\x09\\x0a\\x0d\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")


@dataclass(frozen=True, slots=True)
class _Case:
    suite: str
    kind: str
    name: str
    place: str
    failure: str = ""
    skipped: str = ""
    output: str = ""


def render_junit(checked: Checked) -> str:
    """Return the check as JUnit XML.

    A case fails where deals broke it and `--fail-on` names it, or nothing is named; else what deals broke is told as
    its output. One that this log cannot check at all is skipped, with what it would need. The suite `gate` holds a case
    for the fitness that is asked for. With a gate set there are failures exactly if it is not met.
    """
    cases = [*_gate_cases(checked), *_cases(checked)]
    suites = [BESIDE, *checked.stages]
    named = [*(one for one in ("gate", *checked.stages, BESIDE) if any(case.suite == one for case in cases))]
    named += sorted({case.suite for case in cases} - {"gate", *suites})
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f"<testsuites {_counts('processminer check', cases)}>"]
    for suite in named:
        own = [case for case in cases if case.suite == suite]
        lines += [
            f"  <testsuite {_counts(suite, own)}>",
            *(line for case in own for line in _lines(case)),
            "  </testsuite>",
        ]
    return "\n".join([*lines, "</testsuites>"]) + "\n"


def _gate_cases(checked: Checked) -> Iterator[_Case]:
    whole = [one for one in checked.missed if one.kind in {"fitness", "deals"}]
    failure = " ".join(one.message for one in whole)
    yield _Case("gate", "gate", "fitness", checked.file, failure=failure, output=say_verdict(checked))


def _cases(checked: Checked) -> Iterator[_Case]:
    """Yield a case for each rule, and for each deviation that breaks no rule of its own."""
    for rule in checked.found.obligations:
        place = _place(checked, rule.line, rule.version)
        broken = [one for one in checked.found.deviations if _breaks(one, rule)]
        told = " ".join(one.sentence for one in broken) or _say_broken(rule)
        failing = bool(rule.broken) and _fails(checked, [(rule.kind, rule.subject, rule.stage), *map(_key, broken)])
        only = not rule.reached and not rule.pending and rule.unchecked > 0
        yield _Case(
            suite=rule.stage or BESIDE,
            kind=rule.kind,
            name=rule.subject,
            place=place,
            failure=told if failing else "",
            skipped=f"Cannot be checked with this log: it would need {rule.needs}." if only else "",
            output="" if failing or not rule.broken else told,
        )
        if rule.now and any(one.kind == "over-limit" and one.subject == rule.subject for one in checked.missed):
            yield _Case(rule.stage or BESIDE, "over-limit", rule.subject, place, failure=told)
    rules = checked.found.obligations
    for one in checked.found.deviations:
        if not any(_breaks(one, rule) for rule in rules):
            failing = _fails(checked, [_key(one)])
            place = _place(checked, one.line, one.version)
            failure, output = (one.sentence, "") if failing else ("", one.sentence)
            yield _Case(one.stage or BESIDE, one.kind, one.subject, place, failure=failure, output=output)


def _breaks(deviation: Deviation, rule: Obligation) -> bool:
    if OWED.get(deviation.kind) != rule.kind:
        return False
    return rule.kind == "start" or (deviation.subject, deviation.stage) == (rule.subject, rule.stage)


def _key(deviation: Deviation) -> tuple[str, str, str | None]:
    return deviation.kind, deviation.subject, deviation.stage


def _say_broken(rule: Obligation) -> str:
    return f"Broken by {say_share(rule.broken, rule.reached)} deals."


def _fails(checked: Checked, keys: Sequence[tuple[str, str, str | None]]) -> bool:
    """Tell whether one of these fails: those that the gate names, or all where no gate is set."""
    return not checked.asked or any((one.kind, one.subject, one.stage) in keys for one in checked.missed)


def _place(checked: Checked, line: int | None, version: str | None) -> str:
    file = checked.file_of(version)
    return file if line is None else f"{file}:{line}"


def _counts(name: str, cases: Sequence[_Case]) -> str:
    failures, skipped = sum(bool(case.failure) for case in cases), sum(bool(case.skipped) for case in cases)
    return f'name={_attribute(name)} tests="{len(cases)}" failures="{failures}" errors="0" skipped="{skipped}"'


def _lines(case: _Case) -> Iterator[str]:
    head = f"    <testcase classname={_attribute(case.kind)} name={_attribute(case.name)}"
    inside: list[str] = []
    if case.failure:
        place = escape(_legal(f"{case.place}: {case.failure}"))
        inside.append(
            f"      <failure message={_attribute(case.failure)} type={_attribute(case.kind)}>{place}</failure>"
        )
    elif case.skipped:
        inside.append(f"      <skipped message={_attribute(case.skipped)}/>")
    if case.output:
        inside.append(f"      <system-out>{escape(_legal(case.output))}</system-out>")
    yield from [f"{head}>", *inside, "    </testcase>"] if inside else [f"{head}/>"]


def _attribute(text: str) -> str:
    return quoteattr(_legal(text))


def _legal(text: str) -> str:
    """Return a text without what XML cannot hold or a screen would act on."""
    return _ILLEGAL.sub("\N{REPLACEMENT CHARACTER}", plain(text))
