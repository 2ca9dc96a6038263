"""The difference of two playbooks as JSON: a small public contract, described by `playbook_diff.schema.json`."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, cast

from pydantic import BaseModel

if TYPE_CHECKING:
    from processminer.conformance.replay.replayed import ChangedWay, Replay
    from processminer.diff import PlaybookDiff
    from processminer.playbook.compare.change import Change, Permission, Where
    from processminer.study import Declared

SCHEMA = "processminer-playbook-diff/1"
"""Name and major version of the contract."""

Json = dict[str, Any]


def render_diff_json(diff: PlaybookDiff) -> str:
    """Return the difference as JSON text, the same bytes each time; lengths in days, shares from 0 to 1."""
    return json.dumps(diff_document(diff), ensure_ascii=False, allow_nan=False, indent=2) + "\n"


def diff_document(diff: PlaybookDiff) -> Json:
    """Return the difference as plain values; parts of a playbook as they are written, without what is not said."""
    comparison = diff.comparison
    return {
        "schema": SCHEMA,
        "old": _playbook(diff.old),
        "new": _playbook(diff.new),
        "changes": [_change(change) for change in comparison.changes],
        "moves": {
            "newly_allowed": [_move(move) for move in comparison.newly_allowed],
            "no_longer_allowed": [_move(move) for move in comparison.no_longer_allowed],
        },
        "replay": None if diff.replay is None else _replay(diff.replay),
    }


def _playbook(declared: Declared) -> Json:
    playbook = declared.playbook
    return {
        "file": declared.file,
        "name": playbook.name,
        "version": playbook.version,
        "valid_from": _plain(playbook.valid_from),
    }


def _change(change: Change) -> Json:
    told = {field.name: getattr(change, field.name) for field in fields(change)}
    told |= {"old": _where(change.old), "new": _where(change.new)}
    return {name: _plain(value) for name, value in told.items()}


def _where(where: Where | None) -> Json | None:
    return None if where is None else {"path": list(where.path), "line": where.line}


def _move(move: Permission) -> Json:
    return {"from": move.source, "to": move.target}


def _replay(replay: Replay) -> Json:
    return {
        "source": replay.source,
        "as_of": f"{replay.as_of.isoformat()}Z",
        "compared": replay.compared,
        "standings": {name.replace(" ", "_"): _plain(tally) for name, tally in replay.standings.items()},
        "not_comparable": [{"reason": reason, **_plain(tally)} for reason, tally in replay.not_comparable.items()],
        "newly": [_way(one) for one in replay.newly],
        "no_longer": [_way(one) for one in replay.no_longer],
        "unseen": [
            {"kind": one.kind, "subject": one.subject, "stage": one.stage, "deals": one.unchecked, "needs": one.needs}
            for one in replay.unseen
        ],
    }


def _way(one: ChangedWay) -> Json:
    return {**_plain(one.way), **_plain(one.tally), "decisive": one.decisive}


def _plain(value: object) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in cast("dict[object, object]", value).items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in cast("tuple[object, ...]", value)]
    return value.isoformat() if isinstance(value, date) else value
