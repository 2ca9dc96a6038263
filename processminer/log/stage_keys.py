"""What rows hold as their stage (an id, a label, with or without a pipeline) becomes the label that people know."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from processminer.log.dictionaries import BETWEEN, Dictionary, StageEntry
from processminer.log.names import Names, fold
from processminer.log.words_known import outcome_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from processminer.log.eventlog import StageClass


@dataclass(frozen=True, slots=True)
class Meanings:
    """What each key of a stage means by the export's own dictionary."""

    label_of: Mapping[str, str]
    """Key to label; a label that several pipelines use is told apart by its pipeline."""
    kind_of: Mapping[str, StageClass]
    """Folded label to how a deal stands there, where the dictionary says."""
    unknown: Mapping[str, int]
    """Ids that the dictionary does not hold, with their rows."""
    order: tuple[str, ...]
    """Labels in the order of the dictionary; those alone that the log uses."""


@dataclass(frozen=True, slots=True)
class _Key:
    raw: str
    rows: int
    stage: str
    pipeline: str | None
    """As people name it, where it is known."""
    entry: StageEntry | None


def meanings(counts: Mapping[str, int], dictionary: Dictionary, names: Names) -> Meanings:
    """Return the meanings of the keys, given with their rows.

    A key that the dictionary does not know is its own label; where the dictionary goes by ids and knows most rows, it
    is an id of a stage that was deleted, and called so, unless the user has a name for the id.
    """
    named = {fold(alias) for alias in names.aliases}
    keys = [_key(raw, rows, dictionary) for raw, rows in sorted(counts.items())]
    known = sum(key.rows for key in keys if key.entry is not None)
    ids = dictionary.by_id and 2 * known > sum(key.rows for key in keys)
    lost = {key.raw for key in keys if ids and _is_unknown(key) and fold(key.stage) not in named}
    plain = {key.raw: _label(key, lost=key.raw in lost) for key in keys}
    apart = _ambiguous(keys, plain, names)
    label_of = {key.raw: _apart(plain[key.raw], key.pipeline, apart) for key in keys}
    return Meanings(
        label_of=label_of,
        kind_of=_kinds(keys, label_of),
        unknown={key.stage: key.rows for key in keys if key.raw in lost},
        order=_order(keys, label_of, dictionary),
    )


def _key(raw: str, rows: int, dictionary: Dictionary) -> _Key:
    stage, _, pipeline = raw.partition(BETWEEN)
    entry = dictionary.find(stage, pipeline or None)
    named = dictionary.pipeline_name(pipeline) if pipeline else None
    return _Key(raw, rows, stage, (entry.pipeline_label if entry else None) or named, entry)


def _label(key: _Key, *, lost: bool) -> str:
    if key.entry is not None:
        return key.entry.label
    return f"stage {key.stage} (deleted)" if lost else key.stage


def _is_unknown(key: _Key) -> bool:
    """Tell whether the dictionary lacks a stage; where winning is no stage but a status, no dictionary holds it."""
    return key.entry is None and outcome_of(key.stage) is None


def _apart(label: str, pipeline: str | None, ambiguous: set[str]) -> str:
    return f"{label} ({pipeline})" if pipeline and fold(label) in ambiguous else label


def _ambiguous(keys: Iterable[_Key], plain: Mapping[str, str], names: Names) -> set[str]:
    """Return the folded labels that mean a stage in more than one pipeline.

    Not those that end a deal, nor those that the user or the playbook declares: they are one stage by their word.
    """
    declared = {fold(name) for name in (*names.order, *names.aliases, *names.won, *names.lost)}
    pipelines: defaultdict[str, set[str]] = defaultdict(set)
    for key in keys:
        ends = key.entry is not None and key.entry.kind in {"won", "lost"}
        label = fold(plain[key.raw])
        if key.rows and key.pipeline and not ends and label not in declared and outcome_of(label) is None:
            pipelines[label].add(key.pipeline)
    return {label for label, used in pipelines.items() if len(used) > 1}


def _kinds(keys: Iterable[_Key], label_of: Mapping[str, str]) -> dict[str, StageClass]:
    said: defaultdict[str, Counter[StageClass]] = defaultdict(Counter)
    for key in keys:
        if key.entry is not None and key.entry.kind is not None:
            said[fold(label_of[key.raw])][key.entry.kind] += 1 + key.rows
    return {label: max(sorted(votes), key=lambda kind: votes[kind]) for label, votes in said.items()}


def _order(keys: Iterable[_Key], label_of: Mapping[str, str], dictionary: Dictionary) -> tuple[str, ...]:
    # A stage may be named by its id in the history and by its label in the records: the history's name counts.
    by_rows = sorted(keys, key=lambda key: (key.rows > 0, key.raw))
    used = {key.entry: label_of[key.raw] for key in by_rows if key.entry is not None}
    return tuple(dict.fromkeys(used[entry] for entry in dictionary.entries if entry in used))
