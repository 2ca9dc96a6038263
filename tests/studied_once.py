"""Studies made once, for tests of what the verbs do with one: the same log and playbook give the same study."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from processminer.study import Study

_KEPT: dict[str, Study] = {}


def _seen(path: str | Path | None) -> list[tuple[str, int, int]]:
    """What can be told of a file or folder without reading it: changed files are other ones."""
    files = [] if path is None else sorted([Path(path), *Path(path).rglob("*")])
    return [(str(one.resolve()), one.stat().st_size, one.stat().st_mtime_ns) for one in files]


def once(real: Callable[..., Study]) -> Callable[..., Study]:
    """Return the function that makes studies, asked once for each log, playbook and options."""

    def study_of(source: str | Path, playbook: str | Path | None, *more: object) -> Study:
        key = repr((str(source), str(playbook), _seen(source), _seen(playbook), more))
        if key not in _KEPT:
            _KEPT[key] = real(source, playbook, *more)
        return _KEPT[key]

    return study_of


@pytest.fixture
def studied_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the verbs that a test runs share studies with each other, and with other tests of this worker."""
    module = import_module("processminer.study")  # as an attribute of the package it is the verb of that name
    monkeypatch.setattr(module, "study_of", once(module.study_of))
