"""The playbook as a model: stages in order, their tasks, criteria, limits, and the moves between them."""

from __future__ import annotations

import math
import re
from datetime import date  # noqa: TC003 - pydantic resolves it when the model is made
from typing import Annotated, Any, ClassVar, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

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
        message = "is empty"
        raise ValueError(message)
    return text


def _one_is_a_list(value: object) -> object:
    return (value,) if isinstance(value, str) else _nothing_is_a_list(value)


def _nothing_is_a_list(value: object) -> object:
    return () if value is None else value


_Item = TypeVar("_Item")

Days = Annotated[float, BeforeValidator(read_days)]
"""A length of time in days, written as `14 days`, `36 hours` or `2 weeks`."""

Share = Annotated[float, BeforeValidator(read_share)]
"""A share between 0 and 1, written as `20%` or 0.2."""

Name = Annotated[str, AfterValidator(_filled)]
"""Text that says something; its blanks are kept, since it must match what the log says."""

Names = Annotated[tuple[Name, ...], BeforeValidator(_one_is_a_list)]
"""A list of names; a single one may be written without brackets."""

Many = Annotated[tuple[_Item, ...], BeforeValidator(_nothing_is_a_list)]
"""A list; a key with nothing behind it is an empty one."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    called: ClassVar[str]
    """What a fault calls it."""


class Task(_Part):
    """A thing to be done in a stage, in the four parts of a good manual: who, how, material, output."""

    called = "a task"

    do: Name
    by: str | None = None
    how: str | None = None
    material: str | None = None
    output: str | None = None
    optional: bool = False
    seen_as: Names = ()
    """Activities of the log (their type or subject) that show it was done."""


class Criterion(_Part):
    """What must be true: a field that is filled, or at least so many of several fields."""

    called = "a criterion"

    name: Name
    field: Name | None = None
    at_least: int | None = None
    of: dict[str, Name] | None = None
    """What to establish, and the field of the log that shows it."""

    @model_validator(mode="after")
    def _is_one_or_the_other(self) -> Criterion:
        if self.of is not None and self.field is not None:
            message = "says both 'field' and 'of'; keep one"
            raise ValueError(message)
        if self.at_least is not None and (self.of is None or not 1 <= self.at_least <= len(self.of)):
            message = f"'at_least: {self.at_least}' needs 'of' with at least as many entries"
            raise ValueError(message)
        return self

    @property
    def fields(self) -> tuple[str, ...]:
        """Columns of the log that it looks at."""
        return (self.field,) if self.field is not None else tuple((self.of or {}).values())

    @property
    def needed(self) -> int:
        """How many of the fields must be filled."""
        return self.at_least if self.at_least is not None else len(self.fields)


class Stage(_Part):
    """One declared stage."""

    called = "a stage"

    name: Name
    aliases: Names = ()
    goal: str | None = None
    owner: str | None = None
    probability: Share | None = None
    optional: bool = False
    time_limit: Days | None = None
    may_start: bool = False
    """Deals may begin here; they always may at the first stage, and after it where all earlier ones are optional."""
    may_skip_to: Names = ()
    """Later stages that may follow directly although required ones lie between; or a name of won."""
    may_return_to: Names = ()
    """Earlier stages that deals may go back to."""
    tasks: Many[Task] = ()
    exit_criteria: Many[Criterion] = ()


class Outcomes(_Part):
    """The names that the log gives to the ends of a deal."""

    called = "the outcomes"

    won: Names = ("Closed Won",)
    lost: Names = ("Closed Lost",)


class Playbook(_Part):
    """The declared process. Made by `read_playbook`, which tells every fault with its line."""

    called = "a playbook"

    name: Name
    version: str = "1.0.0"
    valid_from: date | None = None
    owner: str | None = None
    review_every: Days | None = None
    applies_to: dict[str, Any] = Field(default_factory=dict)
    stages: tuple[Stage, ...] = Field(min_length=1)
    outcomes: Outcomes = Outcomes()

    def stage(self, name: str) -> Stage | None:
        """Return the stage of this declared name, or None."""
        return next((stage for stage in self.stages if stage.name == name), None)

    @property
    def names(self) -> tuple[str, ...]:
        """Declared stage names, in order."""
        return tuple(stage.name for stage in self.stages)
