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


def _number_is_text(value: object) -> object:
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value


_Item = TypeVar("_Item")

Days = Annotated[float, BeforeValidator(read_days)]
"""A length of time in days, written as `14 days`, `36 hours` or `2 weeks`."""

Share = Annotated[float, BeforeValidator(read_share)]
"""A share between 0 and 1, written as `20%` or 0.2."""

Count = Annotated[int, Field(ge=1)]
"""A whole number from 1."""

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
    """What must be true: a field that is filled, or at least so many of several fields.

    What only people can see (a document, an approval) may be said as well; without a field no log can show it.
    """

    called = "a criterion"

    name: Name
    field: Name | None = None
    at_least: int | None = None
    of: dict[str, Name] | None = None
    """What to establish, and the field of the log that shows it."""
    document: str | None = None
    approved_by: str | None = None
    """The role that has to agree."""

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
    warn_after: Days | None = None
    """Shorter than the time limit: when somebody should look."""
    max_silence: Days | None = None
    """The longest time without an activity."""
    min_contacts: Count | None = None
    """How many people of the buyer take part at least."""
    max_visits: Count | None = None
    """How often a deal may be here, the first time included."""
    may_start: bool = False
    """Deals may begin here; they always may at the first stage, and after it where all earlier ones are optional."""
    may_skip_to: Names = ()
    """Later stages that may follow directly although required ones lie between; or a name of won."""
    may_return_to: Names = ()
    """Earlier stages that deals may go back to."""
    tasks: Many[Task] = ()
    entry_criteria: Many[Criterion] = ()
    exit_criteria: Many[Criterion] = ()
    advance_when: Names = ()
    """What the buyer does or says that moves a deal on."""

    @model_validator(mode="after")
    def _warns_in_time(self) -> Stage:
        if self.warn_after is not None and self.time_limit is not None and self.warn_after >= self.time_limit:
            message = "'warn_after' must be shorter than 'time_limit'"
            raise ValueError(message)
        return self


class Handover(_Part):
    """A deal passes from one role to another as it enters a stage."""

    called = "a handover"

    entering: Name
    """The stage, or the name of won."""
    giver: Name = Field(alias="from")
    taker: Name = Field(alias="to")
    within: Days | None = None
    passes: Names = ()
    """What is handed over: notes, documents, answers."""


class ServiceStage(_Part):
    """A stage of the cycle after the win: delivery, follow-up, development, win-back."""

    called = "a service stage"

    name: Name
    begins_at: Name | None = None
    """The stage, outcome or service stage that sets it off: where the two cycles must keep step."""
    goal: str | None = None
    owner: str | None = None
    time_limit: Days | None = None
    tasks: Many[Task] = ()


class Metric(_Part):
    """A number that the people who work by the playbook look at."""

    called = "a metric"

    name: Name
    target: Annotated[str, BeforeValidator(_number_is_text)] | None = None
    owner: str | None = None


class Amendment(_Part):
    """An entry of the playbook's change log."""

    called = "a change"

    version: str
    day: date | None = None
    why: Name


class Outcomes(_Part):
    """The names that the log gives to the ends of a deal."""

    called = "the outcomes"

    won: Names = ("Closed Won",)
    lost: Names = ("Closed Lost",)
    """All names of lost deals, those of the two kinds below included."""
    no_decision: Names = ()
    """Lost to nobody: the buyer did not decide."""
    disqualified: Names = ()
    """Lost because it should not have been pursued."""

    @model_validator(mode="after")
    def _kinds_of_lost_are_lost(self) -> Outcomes:
        kinds = (name for name in (*self.no_decision, *self.disqualified) if name not in self.lost)
        # The model is frozen for its readers; this completes it while it is made.
        object.__setattr__(self, "lost", (*self.lost, *dict.fromkeys(kinds)))
        return self


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
    handovers: Many[Handover] = ()
    service: Many[ServiceStage] = ()
    metrics: Many[Metric] = ()
    changes: Many[Amendment] = ()

    def stage(self, name: str) -> Stage | None:
        """Return the stage of this declared name, or None."""
        return next((stage for stage in self.stages if stage.name == name), None)

    @property
    def names(self) -> tuple[str, ...]:
        """Declared stage names, in order."""
        return tuple(stage.name for stage in self.stages)
