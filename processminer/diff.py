"""Two playbooks side by side in one function: what changed, and how past deals stand to each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from processminer.conformance.replay.replay import replay
from processminer.discovery.discover import discover
from processminer.errors import InputError
from processminer.log.read import read_log
from processminer.playbook.compare.compare import compare
from processminer.playbook.read import parse_playbook, read_text
from processminer.study import Declared, speaks_of, under_names

if TYPE_CHECKING:
    from pathlib import Path

    from processminer.conformance.replay.replayed import Replay
    from processminer.discovery.discovery import Discovery
    from processminer.log.options import Options
    from processminer.playbook.compare.change import Comparison


@dataclass(frozen=True, slots=True)
class PlaybookDiff:
    """Everything that differs between two playbooks; the report renders it and nothing else."""

    old: Declared
    new: Declared
    comparison: Comparison
    replay: Replay | None
    """How the deals of a log stand to both, where a log was given."""
    words: tuple[str, ...]
    """What stands for that log on a command line, and how it is to be read."""


def diff_of(old: str | Path, new: str | Path, source: str | Path | None, options: Options) -> PlaybookDiff:
    """Compare two playbook files, and replay the deals of a log against both if there is one.

    Each file is taken by itself, whatever versions it replaces, and judges every deal, whenever that began.
    """
    before, after = _alone(old), _alone(new)
    comparison = compare(before.playbook, after.playbook, before.text, after.text)
    if source is None:
        return PlaybookDiff(before, after, comparison, None, ())
    by_old = _found(source, before, options)
    if under_names(options, before) == under_names(options, after):
        by_new = by_old
    elif str(source) == "-":
        message = "The playbooks name stages otherwise, so that the log is read twice; standard input can be read once."
        raise InputError(message, hint="Write the log to a file, and name that.")
    else:
        by_new = _found(source, after, options)
    speaks_of(by_new.log, after)
    replayed = replay(by_old, by_new, comparison, before.text, after.text)
    return PlaybookDiff(before, after, comparison, replayed, by_new.log.words)


def _alone(file: str | Path) -> Declared:
    text = read_text(file)
    return Declared(parse_playbook(text, str(file)), text, str(file), drafted=False)


def _found(source: str | Path, declared: Declared, options: Options) -> Discovery:
    log = read_log(source, under_names(options, declared))
    speaks_of(log, declared)
    return discover(log)
