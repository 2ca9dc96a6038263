"""Whether the edits of a revision are any good: the diff applies, lint is content, and the finding is gone."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from processminer.log.options import Options
from processminer.playbook.lint.lint import lint
from processminer.playbook.read import parse_playbook
from processminer.report.json_report import render_json
from processminer.study import study_of

FILE = "playbook.yaml"


OPPOSITES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "make-stage-optional": ("require-stage",),
        "require-stage": ("make-stage-optional", "remove-stage"),
        "remove-stage": ("add-stage", "add-alias"),
        "add-stage": ("remove-stage", "merge-stages", "make-stage-optional", "require-stage"),
        "allow-skip": ("forbid-skip",),
        "forbid-skip": ("allow-skip",),
        "allow-return": ("limit-returns",),
        "limit-returns": ("allow-return",),
        "require-task": ("drop-task",),
        "add-task": ("drop-task", "require-task"),
        "drop-task": ("add-task", "require-task"),
        "merge-stages": ("add-stage",),
        "split-by-segment": ("make-stage-optional", "require-stage", "remove-stage"),
    }
)
"""What would take a revision back, or go on about its subject, at the next audit."""


def faults_of(document: Mapping[str, Any], revised: str, log: Path, book: Path) -> tuple[str, ...]:
    """Return what is wrong with the edits of an audit's revisions: each applied alone to the playbook, and all at once.

    `revised` is the playbook with all of them.
    """
    before = book.read_text(encoding="utf-8")
    alone = [fault for one in document["revisions"] for fault in _alone(one, document, log, book)]
    if len(document["revisions"]) < 2:
        return tuple(alone)
    clashing = {id_ for one in document["revisions"] for id_ in one["conflicts"]}
    applied = [one for one in document["revisions"] if one["id"] not in clashing]
    return (*alone, *_judged("all together", applied, document, log, _written(book, revised), before))


def _alone(revision: Mapping[str, Any], document: Mapping[str, Any], log: Path, book: Path) -> Iterator[str]:
    name = f"{revision['kind']} {revision['subject']}"
    before = book.read_text(encoding="utf-8")
    applied = _written(book, before)
    done = subprocess.run(
        ["git", "apply", f"-p{_strip(revision['diff'])}", "--unsafe-paths", "-"],
        input=revision["diff"],
        text=True,
        cwd=applied.parent,
        capture_output=True,
        env={"GIT_CEILING_DIRECTORIES": str(applied.parents[1]), "PATH": "/usr/bin:/bin:/usr/local/bin"},
        check=False,
    )
    if done.returncode or applied.read_text(encoding="utf-8") == before:
        yield f"the diff of {name} does not apply: {done.stderr.strip()}"
    else:
        yield from _judged(name, [revision], document, log, applied, before)


def _judged(
    name: str,
    revisions: Sequence[Mapping[str, Any]],
    document: Mapping[str, Any],
    log: Path,
    applied: Path,
    before: str,
) -> Iterator[str]:
    """Yield what is wrong with a playbook to which these revisions were applied."""
    new = _remarks(applied.read_text(encoding="utf-8")) - _remarks(before)
    if new:
        yield f"{name} makes lint remark {sorted(new)}"
    again = json.loads(render_json(study_of(log, applied, Options())))
    because = {id_ for one in revisions for id_ in one["because"]}
    answered = {(one["rule"], one["subject"]) for one in document["findings"] if one["id"] in because}
    left = answered & {(one["rule"], one["subject"]) for one in again["findings"]}
    if left:
        yield f"{name} leaves {sorted(left)}"
    for one in revisions:
        back = (one["kind"], *OPPOSITES.get(one["kind"], ()))
        for other in again["revisions"]:
            if other["kind"] in back and other["subject"] == one["subject"]:
                yield f"after {name}, {one['kind']} {one['subject']} is followed by {other['kind']}"


def _written(book: Path, text: str) -> Path:
    applied = book.parent / "revised" / FILE
    applied.parent.mkdir(exist_ok=True)
    applied.write_text(text, encoding="utf-8")
    return applied


def _strip(diff: str) -> int:
    """Return how many folders `git apply` must take off the names in a diff."""
    line = next(one for one in diff.splitlines() if one.startswith("+++ "))
    return line.removeprefix("+++ ").count("/")


def _remarks(text: str) -> set[tuple[str, str]]:
    return {(one.rule, one.message) for one in lint(parse_playbook(text, FILE), text, FILE)}
