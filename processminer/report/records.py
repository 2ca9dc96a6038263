"""Records read back from JSON by the types that their fields have, so that each is declared once."""

from __future__ import annotations

import math
import sys
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

if TYPE_CHECKING:
    from collections.abc import Mapping

Kind = TypeVar("Kind")


def read_record(kind: type[Kind], row: Mapping[str, Any], kinds: Mapping[str, type]) -> Kind:
    """Return the record of a dataclass that `row` tells; entries that are no field are passed over.

    `kinds` names the types that the module of a record knows to type checkers only. Raises KeyError for a field that
    `row` lacks, TypeError for a type that no JSON tells.
    """
    told = hints(kind, kinds)
    return kind(**{one.name: _value(told[one.name], row[one.name], kinds) for one in fields(kind) if one.init})  # type: ignore[arg-type]


def hints(kind: type, kinds: Mapping[str, type]) -> dict[str, Any]:
    """Return the types of a record's fields."""
    return get_type_hints(kind, {**vars(sys.modules[kind.__module__]), **kinds})


def _value(kind: Any, value: Any, kinds: Mapping[str, type]) -> Any:
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return None if value is None else _value(_something(inner), value, kinds)
    if origin is tuple:
        many = [inner[0]] * len(value) if inner[-1] is Ellipsis else inner
        return tuple(_value(one, each, kinds) for one, each in zip(many, value, strict=True))
    if origin is Literal:
        return value
    return _single(kind, value, kinds)


def _something(kinds: tuple[Any, ...]) -> Any:
    """Return the type of what may also be missing."""
    (only,) = [kind for kind in kinds if kind is not NoneType]
    return only


def _single(kind: Any, value: Any, kinds: Mapping[str, type]) -> Any:
    if is_dataclass(kind) and isinstance(kind, type):
        return read_record(kind, value, kinds)
    if kind in (date, datetime):
        return kind.fromisoformat(value)
    if kind is float:
        # JSON has no word for what is not a number.
        return math.nan if value is None else float(value)
    if kind in (str, int, bool):
        return value
    message = f"no record can be read of {kind}"
    raise TypeError(message)
