"""Compares two playbooks part by part and key by key, so that nothing that differs is left untold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from pydantic import BaseModel

from processminer.engines.yaml_text import YamlFault
from processminer.playbook.compare.change import Change, Comparison, PartName, Where
from processminer.playbook.compare.line_of_stages import line_of_stages, permissions
from processminer.playbook.compare.matching import match_items, out_of_order
from processminer.playbook.compare.sentences import (
    say_key,
    say_kin,
    say_moved,
    say_part,
    say_renamed,
    say_stage,
)
from processminer.playbook.compare.subjects import name_of_part, subject_of
from processminer.playbook.lines import line_of_location, tree_of
from processminer.playbook.parts.upkeep import Acceptance

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping, Sequence

    from processminer.engines.yaml_text import Node
    from processminer.playbook.compare.change import ChangeKind, Standing
    from processminer.playbook.model import Playbook
    from processminer.playbook.parts.stages import Stage

_CALLED: dict[str, PartName] = {
    "stages": "stage",
    "tasks": "task",
    "entry_criteria": "entry criterion",
    "exit_criteria": "exit criterion",
    "outcomes": "outcomes",
    "handovers": "hand-over",
    "service": "service stage",
    "metrics": "metric",
    "roles": "role",
    "materials": "material",
    "accepted": "accepted deviation",
    "changes": "change log entry",
}
"""What the parts under a key are called."""

_NAMING_STAGES = frozenset(
    {"next", "may_skip_to", "may_return_to", "entering", "begins_at", "opens", "stage", "subject"}
)
"""Keys whose values name stages: a stage that was renamed is no other stage there."""


def compare(old: Playbook, new: Playbook, old_text: str = "", new_text: str = "") -> Comparison:
    """Return everything that differs between two playbooks; nothing exactly if they say the same.

    The texts are what the playbooks were read from, for line numbers. A stage counts as renamed only where its old
    name became an alias or the two share names or aliases; else one stage is gone and another has come. Comparing the
    other way round tells as many changes.
    """
    stages = line_of_stages(old.stages, new.stages)
    renamed = {one.before.name: one.name for one in stages if one.before is not None and one.renamed}
    walk = _Walk(_Text(old_text), _Text(new_text), renamed)
    changes = (*walk.stages(old, new, stages), *walk.keys("playbook", _At(old), _At(new)))
    return Comparison(old, new, changes, stages, permissions(old, new, stages))


class _Text:
    """One of the two files."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tree: Node | None = None
        try:
            self._tree = tree_of(text)
        except YamlFault:  # whatever this text is, it has no lines to point at
            self._tree = None

    def where(self, at: _At, key: str | None = None) -> Where:
        keys = () if key is None else (key,)
        line = None if self._tree is None else line_of_location(self._text, self._tree, (*at.location, *keys))
        return Where((*at.path, *keys), line)


@dataclass(frozen=True, slots=True)
class _At:
    """A part of one of the playbooks, and where it stands there."""

    model: BaseModel
    path: tuple[str, ...] = ()
    location: tuple[str | int, ...] = ()
    stage: str | None = None
    holder: str | None = None
    """The stage or service stage around it, as sentences call it."""

    def child(self, key: str, place: int | None = None, *, stage: str | None = None, holder: str | None = None) -> _At:
        """Return the part under a key, or the one at a place of the list under it."""
        held = getattr(self.model, key)
        model: BaseModel = held if place is None else held[place]
        names = () if place is None else (name_of_part(model),)
        places = () if place is None else (place,)
        return _At(
            model, (*self.path, key, *names), (*self.location, key, *places), stage or self.stage, holder or self.holder
        )


@dataclass(frozen=True, slots=True)
class _Walk:
    """Goes through both playbooks at once."""

    old: _Text
    new: _Text
    renamed: Mapping[str, str]

    def stages(self, old: Playbook, new: Playbook, line: Sequence[Standing]) -> Iterator[Change]:
        """Yield what changed of each stage, in their order."""
        for one in line:
            was, now = _stage_in(old, one.before, one.name), _stage_in(new, one.after, one.name)
            if was is None or now is None:
                yield self._one_sided_stage(one, was, now)
                continue
            if one.renamed:
                names = name_of_part(was.model), name_of_part(now.model)
                yield self._change("renamed", "stage", was, now, say_renamed(*names), values=names)
            if one.moved:
                behind = one.stood_behind, one.stands_behind
                yield self._change("moved", "stage", was, now, say_moved("stage", one.name, *behind), values=behind)
            yield from self.keys("stage", was, now)

    def _one_sided_stage(self, one: Standing, was: _At | None, now: _At | None) -> Change:
        stage = one.after or one.before
        assert stage is not None  # a standing is a stage of one playbook at least
        came = now is not None
        if one.kin:
            return self._change("split" if came else "merged", "stage", was, now, say_kin(stage, one.kin, came=came))
        said = say_stage(stage, came=came, behind=one.stands_behind)
        return self._change("added" if came else "removed", "stage", was, now, said)

    def keys(self, part: PartName, was: _At, now: _At) -> Iterator[Change]:
        """Yield what changed under each key of a part that both playbooks have."""
        for key, field in type(now.model).model_fields.items():
            before, after = getattr(was.model, key), getattr(now.model, key)
            if self._same(key, before, after) or (part, key) in (("stage", "name"), ("playbook", "stages")):
                continue
            if isinstance(after, BaseModel):
                yield from self.keys(_CALLED[key], was.child(key), now.child(key))
            elif _are_parts(before) or _are_parts(after):
                yield from self._list(key, was, now)
            else:
                said = say_key(part, subject_of(part, now.model, now.holder), key, was.model, now.model)
                yield self._change("changed", part, was, now, said, key=field.alias or key, values=(before, after))

    def _same(self, key: str, before: object, after: object) -> bool:
        return before == after or (key in _NAMING_STAGES and self._translated(before) == after)

    def _translated(self, said: object) -> object:
        if isinstance(said, tuple):
            return tuple(self._translated(one) for one in cast("tuple[object, ...]", said))
        return self.renamed.get(said, said) if isinstance(said, str) else said

    def _list(self, key: str, was: _At, now: _At) -> Iterator[Change]:
        """Yield what changed of the parts in a list: those gone, those that both have, those that have come."""
        part = _CALLED[key]
        holder = name_of_part(now.model) if now.stage or key == "tasks" else None
        olds = [was.child(key, place, holder=holder) for place in range(len(getattr(was.model, key)))]
        news = [now.child(key, place, holder=holder) for place in range(len(getattr(now.model, key)))]
        pairs = match_items([self._identity(one, old=True) for one in olds], [self._identity(one) for one in news])
        moved = out_of_order(pairs)
        partners = dict(pairs)
        for place, one in enumerate(olds):
            partner = partners.get(place)
            if partner is None:
                yield self._one_sided(part, one, came=False)
                continue
            other = news[partner]
            if (place, partner) in moved:
                behind = (_behind(olds, place), _behind(news, partner))
                said = say_moved(part, subject_of(part, other.model, other.holder), *behind)
                yield self._change("moved", part, one, other, said, values=behind)
            yield from self.keys(part, one, other)
        there = set(partners.values())
        yield from (self._one_sided(part, one, came=True) for place, one in enumerate(news) if place not in there)

    def _one_sided(self, part: PartName, one: _At, *, came: bool) -> Change:
        said = say_part(part, subject_of(part, one.model, one.holder), one.holder, one.model, came=came)
        was, now = (None, one) if came else (one, None)
        return self._change("added" if came else "removed", part, was, now, said)

    def _identity(self, at: _At, *, old: bool = False) -> tuple[str, Hashable]:
        """Return all that a part says, and what it is called in the words of the new playbook."""
        model = at.model
        names = (model.deviation, model.subject) if isinstance(model, Acceptance) else (name_of_part(model),)
        called = tuple(self.renamed.get(name, name) for name in names) if old else names
        return repr(model), called

    def _change(
        self,
        kind: ChangeKind,
        part: PartName,
        was: _At | None,
        now: _At | None,
        sentence: str,
        *,
        key: str | None = None,
        values: tuple[object, object] | None = None,
    ) -> Change:
        last = now or was
        assert last is not None  # a change is of something
        return Change(
            kind=kind,
            part=part,
            name="" if part == "playbook" else name_of_part(last.model),
            key=key,
            stage=last.stage,
            old=None if was is None else self.old.where(was, key),
            new=None if now is None else self.new.where(now, key),
            before=values[0] if values else None if was is None else was.model,
            after=values[1] if values else None if now is None else now.model,
            sentence=sentence,
        )


def _stage_in(playbook: Playbook, stage: Stage | None, called: str) -> _At | None:
    if stage is None:
        return None
    return _At(playbook).child("stages", playbook.names.index(stage.name), stage=called)


def _are_parts(value: object) -> bool:
    return isinstance(value, tuple) and any(isinstance(one, BaseModel) for one in cast("tuple[object, ...]", value))


def _behind(parts: Sequence[_At], place: int) -> str | None:
    return name_of_part(parts[place - 1].model) if place else None
