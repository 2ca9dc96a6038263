"""The stages, before the win and after it, with their tasks and the criteria to come in and to go on."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from processminer.playbook.frameworks import FRAMEWORKS
from processminer.playbook.parts.part import Part
from processminer.playbook.values import Cost, Count, Days, Many, Name, Names, Share


class Task(Part):
    """A thing to be done in a stage, in the four parts of a good manual: who, how, material, output."""

    called = "a task"

    do: Name
    """What is to be done, in a few words; the name by which audits and edits speak of it."""
    by: str | None = None
    """The role that does it."""
    how: str | None = None
    """How it is done, so that a newcomer could."""
    material: str | None = None
    """The script, form or page that it is done with."""
    output: str | None = None
    """What is there when it is done."""
    optional: bool = False
    """Whether deals may go on without it."""
    within: Days | None = None
    """The time after the stage is entered by which it is done."""
    takes: Days | None = None
    """How long it usually takes; tasks of a stage are done one after the other."""
    times: Count = 1
    """How often it is done at least."""
    seen_as: Names = ()
    """Activities of the log (their type or subject) that show it was done."""


class Criterion(Part):
    """What must be true: a field that is filled, an activity that happened, or at least so many of several fields.

    A document and an approval are for people to see; a field or an activity beside them lets a log show them too.
    """

    called = "a criterion"

    name: Name
    """What it is called."""
    field: Name | None = None
    """The column of the log that shows it by being filled."""
    values: Names = ()
    """What the fields may hold to count; any value but no or 0 if nothing is said."""
    seen_as: Names = ()
    """Activities of the log that show it."""
    uses: Literal["BANT", "MEDDIC", "MEDDPICC", "SPICED"] | None = None
    """A ready block of qualification: what to establish, and how many of it are enough."""
    at_least: int | None = None
    """How many of the elements are enough; all of them if nothing is said."""
    of: dict[str, Name | None] | None = None
    """What to establish, and the field of the log that shows it; nothing behind it where no field does."""
    optional: bool = False
    """Whether deals may go on although it is not met."""
    document: str | None = None
    """The paper that shows it to people."""
    approved_by: str | None = None
    """The role that has to agree."""

    @model_validator(mode="after")
    def _is_one_or_the_other(self) -> Criterion:
        if self.of is not None and self.field is not None:
            message = "says both 'field' and 'of'; keep one"
            raise ValueError(message)
        if self.uses is not None and self.field is not None:
            message = "says both 'field' and 'uses'; keep one"
            raise ValueError(message)
        if self.uses is not None:
            strange = [name for name in self.of or {} if name not in FRAMEWORKS[self.uses].elements]
            if strange:
                known = ", ".join(FRAMEWORKS[self.uses].elements)
                message = f"{strange[0]!r} is no part of {self.uses}; its parts are: {known}"
                raise ValueError(message)
        if self.at_least is not None and not 1 <= self.at_least <= len(self.elements if self.field is None else ()):
            message = f"'at_least: {self.at_least}' is more than there is to establish; name as many under 'of'"
            raise ValueError(message)
        return self

    @property
    def elements(self) -> dict[str, str | None]:
        """What is to be established, and the column that shows it; the whole criterion where it is one thing."""
        if self.field is not None:
            return {self.name: self.field}
        ready = () if self.uses is None else FRAMEWORKS[self.uses].elements
        return {**dict.fromkeys(ready), **(self.of or {})}

    @property
    def fields(self) -> tuple[str, ...]:
        """Columns of the log that it looks at."""
        return tuple(field for field in self.elements.values() if field is not None)

    @property
    def needed(self) -> int:
        """How many of the elements must be there."""
        if self.at_least is None and self.uses is not None:
            return FRAMEWORKS[self.uses].enough
        return self.at_least if self.at_least is not None else len(self.elements)


class Stage(Part):
    """One declared stage."""

    called = "a stage"

    name: Name
    """What the stage is called, in the playbook and usually in the log."""
    aliases: Names = ()
    """Other names of it in the log."""
    goal: str | None = None
    """What is true when it is done."""
    owner: str | None = None
    """The role that answers for deals in it."""
    probability: Share | None = None
    """The share of deals here that are won in the end, as `20%` or 0.2."""
    optional: bool = False
    """Whether deals may pass it by."""
    time_limit: Days | None = None
    """How long a deal may be in it, as `14 days`, `36 hours` or `2 weeks`."""
    warn_after: Days | None = None
    """Shorter than the time limit: when somebody should look."""
    close_after: Days | None = None
    """How long a deal is worked on in it before it is given up and closed as lost; no shorter than the time limit."""
    max_silence: Days | None = None
    """The longest time without an activity."""
    min_contacts: Count | None = None
    """How many people of the buyer take part at least."""
    max_visits: Count | None = None
    """How often a deal may be here, the first time included."""
    may_start: bool = False
    """Deals may begin here; they always may at the first stage, and after it where all earlier ones are optional."""
    next: Names = ()
    """The only stages that may follow, or a name of won; if nothing is said, the order of the list says it. What
    `may_skip_to` and `may_return_to` allow comes on top."""
    may_skip_to: Names = ()
    """Later stages that may follow directly although required ones lie between; or a name of won."""
    may_return_to: Names = ()
    """Earlier stages that deals may go back to."""
    tasks: Many[Task] = ()
    """What is done in it."""
    entry_criteria: Many[Criterion] = ()
    """What must be true as a deal comes to it."""
    exit_criteria: Many[Criterion] = ()
    """What must be true as a deal goes on from it."""
    advance_when: Names = ()
    """What the buyer does or says that moves a deal on."""
    skip_cost: Cost = 1
    """What it weighs that a deal leaves this stage out."""
    extra_cost: Cost = 1
    """What it weighs that a deal is here where the playbook does not have it."""

    @model_validator(mode="after")
    def _warns_in_time(self) -> Stage:
        if self.warn_after is not None and self.time_limit is not None and self.warn_after >= self.time_limit:
            message = "'warn_after' must be shorter than 'time_limit'; make it so, or take it away"
            raise ValueError(message)
        return self


class ServiceStage(Part):
    """A stage of the cycle after the win: delivery, follow-up, development, win-back."""

    called = "a service stage"

    name: Name
    """What it is called."""
    aliases: Names = ()
    """Other names of it in the log."""
    begins_at: Name | None = None
    """The stage, outcome or service stage that sets it off: where the two cycles must keep step."""
    within: Days | None = None
    """The time after that by which it begins."""
    goal: str | None = None
    """What is true when it is done."""
    owner: str | None = None
    """The role that answers for it."""
    time_limit: Days | None = None
    """How long it may take."""
    seen_as: Names = ()
    """Activities of the log that show that it has begun; its name and aliases as a stage do so too."""
    tasks: Many[Task] = ()
    """What is done in it."""
    opens: Name | None = None
    """The stage in which it opens a new deal: where the cycle closes."""
