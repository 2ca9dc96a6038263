"""What the lint found: for a terminal, as JSON, and as the annotations of a pull request on GitHub."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from processminer.errors import Place
from processminer.report.escape import plain
from processminer.words import say_count, say_list

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from processminer.errors import Fault
    from processminer.playbook.lint.four_questions import Answer, Gap
    from processminer.playbook.lint.lint import Remark
    from processminer.playbook.model import Playbook


def render_lint(
    playbook: Playbook, remarks: Sequence[Remark], answers: Sequence[Answer], as_of: date | None, *, asked: bool
) -> str:
    """Return each remark on three lines (what, why, the mend), the sum, the day looked at, and the four questions."""
    lines: list[str] = []
    for remark in remarks:
        head = f"{Place(remark.file, remark.line)}: {remark.message} ({remark.rule})"
        lines += [plain(head), plain(f"  {remark.why}"), plain(f"  {remark.mend}")]
    counted = f"{say_count(len(playbook.stages), 'stage')}, no fault, {say_count(len(remarks), 'remark')}"
    lines += [plain(f"{playbook.name} {playbook.version}: {counted}."), _say_day(as_of, asked=asked), ""]
    return "\n".join([*lines, *render_questions(answers)]) + "\n"


def _say_day(as_of: date | None, *, asked: bool) -> str:
    if as_of is None:
        return "It names no day, so nothing could be overdue; --as-of 2026-01-31 looks at it as of a day."
    return f"As of {as_of}{'' if asked else ', the latest day that it names; --as-of looks at it as of another'}."


def render_questions(answers: Sequence[Answer]) -> list[str]:
    """Return the four questions, each with yes, or with exactly what is missing."""
    lines = ["A sales process must be teachable, scalable, measurable and predictable. This one is:"]
    for answer in answers:
        lines.append(f"  {answer.question:<12} {f'yes: {answer.asks}' if answer.yes else 'not yet'}.")
        lines += [plain(f"{'':15}{_say_gap(gap)}") for gap in answer.gaps]
    return lines


def _say_gap(gap: Gap) -> str:
    if not gap.places:
        return f"{gap.what}."
    return f"{len(gap.places)} of {gap.of} {gap.what}: {say_list(gap.places)}."


def render_lint_json(
    playbook: Playbook, remarks: Sequence[Remark], answers: Sequence[Answer], as_of: date | None
) -> str:
    """Return the same as JSON, in full."""
    told = {
        "playbook": {"name": playbook.name, "version": playbook.version, "stages": len(playbook.stages)},
        "as_of": None if as_of is None else as_of.isoformat(),
        "faults": [],
        "remarks": [asdict(remark) for remark in remarks],
        "questions": [{**asdict(answer), "yes": answer.yes} for answer in answers],
    }
    return json.dumps(told, indent=2, ensure_ascii=False) + "\n"


def render_faults_json(faults: Sequence[Fault]) -> str:
    """Return the faults of a playbook that cannot be read, in the same form."""
    told = [
        {"line": fault.place.line, "message": fault.message, "mend": fault.hint, "file": fault.place.file}
        for fault in faults
    ]
    empty: dict[str, object] = {"playbook": None, "as_of": None, "faults": told, "remarks": [], "questions": []}
    return json.dumps(empty, indent=2, ensure_ascii=False) + "\n"


def render_lint_github(remarks: Sequence[Remark]) -> str:
    """Return the remarks as commands of a GitHub workflow: warnings that stand beside their lines."""
    return "".join(
        _annotation("warning", remark.file, remark.line, remark.rule, (remark.message, remark.why, remark.mend))
        for remark in remarks
    )


def render_faults_github(faults: Sequence[Fault]) -> str:
    """Return faults as commands of a GitHub workflow: errors that stand beside their lines."""
    return "".join(
        _annotation("error", one.place.file, one.place.line, "fault", (one.message, one.hint or "")) for one in faults
    )


def _annotation(level: str, file: str, line: int | None, title: str, said: Sequence[str]) -> str:
    """Return one workflow command; line breaks and the signs that mean something in it are written as codes."""
    message = "%0A".join(plain(part).replace("%", "%25") for part in said if part)
    told = {"file": file, "line": None if line is None else str(line), "title": title}
    signs = {"%": "%25", ":": "%3A", ",": "%2C"}
    named = ",".join(
        f"{key}={''.join(signs.get(one, one) for one in plain(value))}"
        for key, value in told.items()
        if value is not None
    )
    return f"::{level} {named}::{message}\n"
