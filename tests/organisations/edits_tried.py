"""Whether the edits of a revision are any good: the diff applies, lint is content, and the finding is gone."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from processminer.log.options import Options
from processminer.playbook.lint.lint import lint
from processminer.playbook.read import parse_playbook
from processminer.report.json_report import render_json
from processminer.study import study_of

FILE = "playbook.yaml"


def faults_of(document: Mapping[str, Any], log: Path, book: Path) -> tuple[str, ...]:
    """Return what is wrong with the edits of an audit's revisions, each applied alone to the playbook as it was."""
    return tuple(fault for revision in document["revisions"] for fault in _faults(revision, document, log, book))


def _faults(revision: Mapping[str, Any], document: Mapping[str, Any], log: Path, book: Path) -> Iterator[str]:
    name = f"{revision['kind']} {revision['subject']}"
    before = book.read_text(encoding="utf-8")
    applied = book.parent / "revised" / FILE
    applied.parent.mkdir(exist_ok=True)
    applied.write_text(before, encoding="utf-8")
    done = subprocess.run(
        ["git", "apply", f"-p{_strip(revision['diff'])}", "--unsafe-paths", "-"],
        input=revision["diff"],
        text=True,
        cwd=applied.parent,
        capture_output=True,
        env={"GIT_CEILING_DIRECTORIES": str(applied.parents[1]), "PATH": "/usr/bin:/bin:/usr/local/bin"},
        check=False,
    )
    after = applied.read_text(encoding="utf-8")
    if done.returncode or after == before:
        yield f"the diff of {name} does not apply: {done.stderr.strip()}"
        return
    new = _remarks(after) - _remarks(before)
    if new:
        yield f"{name} makes lint remark {sorted(new)}"
    again = json.loads(render_json(study_of(log, applied, Options())))
    answered = {(one["rule"], one["subject"]) for one in document["findings"] if one["id"] in revision["because"]}
    left = answered & {(one["rule"], one["subject"]) for one in again["findings"]}
    if left:
        yield f"{name} leaves {sorted(left)}"
    back = {(one["kind"], one["subject"]) for one in again["revisions"]}
    if (revision["kind"], revision["subject"]) in back:
        yield f"{name} is proposed again"


def _strip(diff: str) -> int:
    """Return how many folders `git apply` must take off the names in a diff."""
    line = next(one for one in diff.splitlines() if one.startswith("+++ "))
    return line.removeprefix("+++ ").count("/")


def _remarks(text: str) -> set[tuple[str, str]]:
    return {(one.rule, one.message) for one in lint(parse_playbook(text, FILE), text, FILE)}
