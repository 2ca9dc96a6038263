"""The sentence that tells a change, in business words and standing alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from processminer.playbook.compare.phrases import Choice, Items, Pairs, Value, phrase_of
from processminer.playbook.compare.values_said import bare, lone, names, pair, quote
from processminer.playbook.parts.roles import Handover
from processminer.playbook.parts.stages import Criterion, Stage, Task
from processminer.words import say_count, say_days, say_list

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import BaseModel

    from processminer.playbook.compare.change import PartName
    from processminer.playbook.compare.phrases import Phrase

ORDER_DECIDES = {
    "stage": "the order of the stages decides which moves are allowed",
    "task": "tasks are done one after the other",
}
"""Lists in which the order of the definition means something, and what."""


def say_key(part: PartName, subject: str, key: str, before: BaseModel, after: BaseModel) -> str:
    """Say that a part says something else under one of its keys."""
    was, now = getattr(before, key), getattr(after, key)
    if isinstance(before, Criterion) and isinstance(after, Criterion) and key in ("at_least", "of", "uses"):
        said = _criterion(key, before, after)
    elif key == "next":
        said = _next(was, now)
    else:
        said = _predicate(phrase_of(part, _written(before, key)), key, was, now)
    # Without a subject the predicate begins the sentence; a name is written as its owner writes it.
    return f"{subject} {said}" if subject else said[:1].upper() + said[1:]


def _written(model: BaseModel, key: str) -> str:
    return type(model).model_fields[key].alias or key


def _predicate(phrase: Phrase | None, key: str, was: object, now: object) -> str:
    match phrase:
        case None:
            before, after = pair(was, now, lambda value: quote(_plainly(value)))
            return f"now says {after} of its {key.replace('_', ' ')} (was {before})"
        case Choice():
            return phrase.on if now else phrase.off
        case Items():
            return _items(phrase, cast("tuple[object, ...]", was), cast("tuple[object, ...]", now))
        case Pairs():
            return _pairs(phrase, _mapping(was), _mapping(now))
        case _:
            return _value(phrase, was, now)


def _plainly(value: object) -> str:
    """Say a value of a kind that no phrase knows."""
    if value is None:
        return "nothing"
    return ", ".join(map(_plainly, cast("tuple[object, ...]", value))) if isinstance(value, tuple) else str(value)


def _value(phrase: Value, was: object, now: object) -> str:
    if was is None:
        return phrase.gained.format(after=lone(now, phrase.say))
    if now is None:
        return phrase.lost.format(before=lone(was, phrase.say))
    before, after = pair(was, now, phrase.say)
    return phrase.changed.format(before=before, after=after)


def _items(phrase: Items, was: tuple[object, ...], now: tuple[object, ...]) -> str:
    came = tuple(item for item in dict.fromkeys(now) if item not in was)
    went = tuple(item for item in dict.fromkeys(was) if item not in now)
    said = [phrase.gained.format(items=phrase.say(came))] if came else []
    said += [phrase.lost.format(items=phrase.say(went))] if went else []
    return ", and ".join(said) or phrase.order.format(items=phrase.say(now))


def _mapping(value: object) -> Mapping[str, tuple[object, ...]]:
    return cast("Mapping[str, tuple[object, ...]]", value)


def _pairs(phrase: Pairs, was: Mapping[str, tuple[object, ...]], now: Mapping[str, tuple[object, ...]]) -> str:
    def said(keys: list[str], values: Mapping[str, tuple[object, ...]]) -> str:
        return say_list([f"{key} is {say_list(map(quote, values[key]), len(values[key]))}" for key in keys], len(keys))

    came = [key for key in now if key not in was]
    went = [key for key in was if key not in now]
    other = [key for key in now if key in was and now[key] != was[key]]
    parts = [phrase.gained.format(items=said(came, now))] if came else []
    parts += [phrase.changed.format(items=f"{said(other, now)} (was: {said(other, was)})")] if other else []
    parts += [phrase.lost.format(names=say_list(map(quote, went), len(went)))] if went else []
    return ", and ".join(parts)


def _next(was: tuple[object, ...], now: tuple[object, ...]) -> str:
    if not was:
        return f"may now be followed by {bare(now)} alone (was by whatever the order of the stages allows)"
    if not now:
        return f"may now be followed by whatever the order of the stages allows (was by {bare(was)} alone)"
    phrase = phrase_of("stage", "next")
    return _predicate(phrase, "next", was, now)


def _criterion(key: str, before: Criterion, after: Criterion) -> str:
    count = _asks(before) != _asks(after)
    asked = f"asks for {_asks(after)} (was {_asks(before)})"
    # How many it asks for is said once: by the first of these keys that changed.
    first = next(one for one in ("at_least", "uses", "of") if getattr(before, one) != getattr(after, one))
    also = f"and {asked}" if count and key == first else ""
    if key == "at_least":
        told = "says in figures how many it needs" if before.at_least is None else "leaves it open how many it needs"
        return f"now {asked}" if count else f"now {told}: {_asks(after)}, as it was"
    if key == "uses":
        was, now = before.uses or "its own list", after.uses or "its own list"
        return f"now goes by {now} (was by {was}) {also}".rstrip()
    said = _elements(before.of or {}, after.of or {})
    return f"{said}, {also}" if also else said


def _asks(criterion: Criterion) -> str:
    return f"{criterion.needed} of {len(criterion.elements)}"


def _elements(was: Mapping[str, str | None], now: Mapping[str, str | None]) -> str:
    came = tuple(one for one in now if one not in was)
    went = tuple(one for one in was if one not in now)
    said = [f"now also looks at {names(came)}"] if came else []
    said += [f"no longer looks at {names(went)}"] if went else []
    said += [
        f"now sees {quote(one)} in {now[one] or 'no column'} (was in {was[one] or 'no column'})"
        for one in now
        if one in was and now[one] != was[one]
    ]
    return ", and ".join(said) or "now lists what it looks at"


def say_part(part: PartName, subject: str, holder: str | None, model: BaseModel, *, came: bool) -> str:
    """Say that a part has come or is gone."""
    if isinstance(model, Handover):
        return _handover(model, came=came)
    if isinstance(model, Task):
        optional = "an optional task" if model.optional else "a task"
        return f"{quote(model.do)} {'is now' if came else 'is no longer'} {optional} of {holder}"
    if isinstance(model, Criterion):
        verb = "Entering" if part == "entry criterion" else "Leaving"
        how = f" ({_asks(model)})" if len(model.elements) > 1 else ""
        return f"{verb} {holder} {'now' if came else 'no longer'} asks for {quote(model.name)}{how}"
    return f"{subject} {'was added' if came else 'was removed'}"


def _handover(model: Handover, *, came: bool) -> str:
    within = "" if model.within is None else f" within {say_days(model.within)}"
    now = "now hands the deal" if came else "no longer hands the deal"
    return f"Entering {model.entering} {now} from {model.giver} to {model.taker}{within}"


def say_stage(stage: Stage, *, came: bool, behind: str | None) -> str:
    """Say that a stage has come, and where and with what, or that it is gone, and with what."""
    holds = (
        (stage.tasks, "task", "tasks"),
        (stage.entry_criteria, "entry criterion", "entry criteria"),
        (stage.exit_criteria, "exit criterion", "exit criteria"),
    )
    what = [say_count(len(parts), one, many) for parts, one, many in holds if parts]
    carrying = f", with {say_list(what)}" if what else ""
    if not came:
        return f"{stage.name} was removed{carrying}"
    limit = "" if stage.time_limit is None else f", for at most {say_days(stage.time_limit)}"
    kind = "an optional" if stage.optional else "a required"
    return f"{stage.name} is {kind} new stage {_place(behind)}{limit}{carrying}"


def say_kin(stage: Stage, kin: tuple[str, ...], *, came: bool) -> str:
    """Say that a stage was merged into others, or split off from others."""
    whole = say_list(kin, len(kin))
    return f"{stage.name} was split off from {whole}" if came else f"{stage.name} was merged into {whole}"


def say_moved(part: PartName, subject: str, was: str | None, now: str | None) -> str:
    """Say that a part stands elsewhere in its list; `was` and `now` name what stood and stands before it."""
    if part in ("task", "entry criterion", "exit criterion"):
        was, now = (None if name is None else quote(name) for name in (was, now))
    why = ORDER_DECIDES.get(part, "the order says nothing here")
    if was == now:
        return f"{subject} moved along with {now}, which it still follows; {why}"
    return f"{subject} now comes {_place(now)} (was {_place(was)}); {why}"


def say_renamed(before: str, after: str) -> str:
    """Say that a stage goes by another name."""
    return f"{before} is now called {after}"


def _place(behind: str | None) -> str:
    return "at the beginning" if behind is None else f"after {behind}"


def say_value(part: PartName, key: str, value: object) -> str:
    """Say the value of a key by itself, for a table; empty for nothing."""
    if value is None or value == ():
        return ""
    phrase = phrase_of(part, key)
    if isinstance(value, bool):
        said = {"optional": ("required", "optional")}.get(key, ("no", "yes"))
        return said[value]
    if isinstance(value, tuple):
        return ", ".join(map(str, cast("tuple[object, ...]", value)))
    if isinstance(value, dict):
        return "; ".join(f"{name}: {_plainly(one)}" for name, one in cast("dict[str, object]", value).items())
    say = phrase.say if isinstance(phrase, Value) and phrase.say is not quote else str
    return say(value)
