"""How a playbook writes lengths of time, shares, counts and names, what they are read as, and how editors know them."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

if TYPE_CHECKING:
    from pydantic import GetJsonSchemaHandler
    from pydantic_core import CoreSchema

_DAYS_IN = {"minute": 1 / 1440, "hour": 1 / 24, "day": 1.0, "week": 7.0, "month": 30.0, "year": 365.0}
_LENGTH = re.compile(r"(\d+(?:\.\d+)?) *([a-z]+?)s?", re.IGNORECASE | re.ASCII)


def read_days(value: object) -> float:
    """Read a length of time; a bare number means days, a month 30 of them and a year 365.

    >>> read_days("2 weeks"), read_days("36 hours"), read_days(3)
    (14.0, 1.5, 3.0)
    """
    days = 0.0
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        days = float(value)
    elif match := _LENGTH.fullmatch(str(value).strip()):
        days = float(match[1]) * _DAYS_IN.get(match[2].lower(), 0.0)
    if not 0 < days < math.inf:
        message = f"{value!r} is not a length of time; write for example '14 days' or '36 hours'"
        raise ValueError(message)
    return days


def read_share(value: object) -> float:
    """Read a share.

    >>> read_share("20%"), read_share(0.2)
    (0.2, 0.2)
    """
    text = str(value).strip()
    try:
        share = float(text.removesuffix("%")) / 100 if text.endswith("%") else float(text)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        message = f"{value!r} is not a share; write for example '20%'"
        raise ValueError(message)
    return share


def _filled(text: str) -> str:
    if not text.strip():
        message = "is empty; write something, or take it away"
        raise ValueError(message)
    return text


def _one_is_a_list(value: object) -> object:
    return (value,) if isinstance(value, str) else _nothing_is_a_list(value)


def _nothing_is_a_list(value: object) -> object:
    return () if value is None else value


def number_is_text(value: object) -> object:
    """Return a bare number as the text it is written as, and anything else as it is."""
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value


class _OrNothing:
    """Makes a schema say that nothing may stand where a list may."""

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"anyOf": [handler(core), {"type": "null"}]}


def in_any_case(word: str) -> str:
    """Return a pattern of a word in small and capital letters; a schema's patterns know no flag for it."""
    return "".join(f"[{letter.upper()}{letter}]" if letter.isalpha() else letter for letter in word)


_UNITS = "|".join(in_any_case(unit) for unit in _DAYS_IN)
_LENGTH_PATTERN = rf"^\s*(?!0+(?:\.0+)? *[A-Za-z])[0-9]+(?:\.[0-9]+)? *(?:{_UNITS})[sS]?\s*$"
_PERCENT = r"0*(?:100(?:\.0*)?|[0-9]{1,2}(?:\.[0-9]*)?|\.[0-9]+)\s*%"
_SHARE_PATTERN = rf"^\s*(?:{_PERCENT}|0*(?:1(?:\.0*)?|0\.?|0?\.[0-9]+))\s*$"

_NAME_SCHEMA: dict[str, Any] = {"type": "string", "pattern": r"\S"}
_NAMES_SCHEMA = {"anyOf": [_NAME_SCHEMA, {"type": "array", "items": _NAME_SCHEMA}, {"type": "null"}]}
# Editors show the message in place of the pattern.
_DAYS_SCHEMA = {
    "anyOf": [
        {
            "type": "string",
            "pattern": _LENGTH_PATTERN,
            "patternErrorMessage": "Not a length of time; write for example '14 days' or '36 hours'.",
        },
        {"type": "number", "exclusiveMinimum": 0},
    ]
}
_SHARE_SCHEMA = {
    "anyOf": [
        {
            "type": "string",
            "pattern": _SHARE_PATTERN,
            "patternErrorMessage": "Not a share; write for example '20%'.",
        },
        {"type": "number", "minimum": 0, "maximum": 1},
    ]
}

_Item = TypeVar("_Item")

Days = Annotated[float, BeforeValidator(read_days), WithJsonSchema(_DAYS_SCHEMA)]
"""A length of time in days, written as `14 days`, `36 hours` or `2 weeks`."""

Share = Annotated[float, BeforeValidator(read_share), WithJsonSchema(_SHARE_SCHEMA)]
"""A share between 0 and 1, written as `20%` or 0.2."""

Count = Annotated[int, Field(ge=1)]
"""A whole number from 1."""

Name = Annotated[str, AfterValidator(_filled), WithJsonSchema(_NAME_SCHEMA)]
"""Text that says something; its blanks are kept, since it must match what the log says."""

Names = Annotated[tuple[Name, ...], BeforeValidator(_one_is_a_list), WithJsonSchema(_NAMES_SCHEMA)]
"""A list of names; a single one may be written without brackets."""

Many = Annotated[tuple[_Item, ...], BeforeValidator(_nothing_is_a_list), _OrNothing()]
"""A list; a key with nothing behind it is an empty one."""

Text = Annotated[str, BeforeValidator(number_is_text), WithJsonSchema({"type": ["string", "number"]})]
"""Text for people; a bare number is taken as it is written."""

Cost = Annotated[int, Field(ge=1)]
"""What a deviation weighs in an alignment, from 1."""
