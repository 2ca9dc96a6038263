"""The playbook as a model: stages in order, their tasks, criteria, limits, and the moves between them."""

from __future__ import annotations

from datetime import date  # noqa: TC003 - pydantic resolves it when the model is made
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from processminer.playbook.frameworks import FRAMEWORKS
from processminer.playbook.values import Cost, Count, Days, Many, Name, Names, Share, Text

Measure = Literal[
    "win rate", "won lead time", "time in stage", "conversion", "deals over limit", "no decision", "fitness"
]
"""What the log can say of a metric: the win rate, the days to a win, the days in a stage, the share of deals that go
on from a stage, the share of open deals over their limit, the share of lost deals that nobody decided, the fitness."""

DeviationKind = Literal[
    "skipped",
    "not-repeated",
    "undeclared",
    "returned",
    "started-late",
    "over-time",
    "task-missing",
    "task-late",
    "criterion-missing",
    "entry-criterion-missing",
    "too-many-visits",
    "too-long-silent",
    "too-few-contacts",
    "wrong-owner",
    "late-handover",
    "no-loss-reason",
    "service-late",
]
"""The ways in which a deal can leave a playbook."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    called: ClassVar[str]
    """What a fault calls it."""


class Task(_Part):
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


class Criterion(_Part):
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


class Stage(_Part):
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


class Handover(_Part):
    """A deal passes from one role to another as it enters a stage."""

    called = "a handover"

    entering: Name
    """The stage, or the name of won."""
    giver: Name = Field(alias="from")
    """The role that had the deal."""
    taker: Name = Field(alias="to")
    """The role that has it from then on."""
    within: Days | None = None
    """The time after that by which it is taken."""
    passes: Names = ()
    """What is handed over: notes, documents, answers."""
    seen_as: Names = ()
    """Activities of the log that show that it was taken; else a change of owner shows it."""


class ServiceStage(_Part):
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


class Metric(_Part):
    """A number that the people who work by the playbook look at."""

    called = "a metric"

    name: Name
    """What it is called."""
    target: Text | None = None
    """What to reach, as `at least 25%` or `at most 60 days`."""
    owner: str | None = None
    """The role that answers for it."""
    measure: Measure | None = None
    """What the log can say of it; without one people count it themselves."""
    stage: Name | None = None
    """The stage that is meant by a measure of a stage."""


class Amendment(_Part):
    """An entry of the playbook's change log."""

    called = "a change"

    version: str
    """The version that it led to, in quotation marks where it looks like a number."""
    day: date | None = None
    """The day of the change, as 2026-01-31."""
    why: Name
    """Why it was made."""
    evidence: str | None = None
    """The audit or observation that it rests on."""


class Role(_Part):
    """A role that owns stages and does tasks, and how the log writes it."""

    called = "a role"

    name: Name
    """What the role is called wherever the playbook speaks of it."""
    aliases: Names = ()
    """Its names in the log's column of roles or teams."""
    people: Names = ()
    """Owners of the log who have it, by name or id."""


class Material(_Part):
    """A script, form or page that tasks are done with."""

    called = "a material"

    name: Name
    """As tasks write it in `material`."""
    where: str | None = None
    """Where it is found: a path or an address."""
    owner: str | None = None
    """The role that keeps it up to date."""
    reviewed: date | None = None
    """The day on which somebody last looked whether it still holds, as 2026-01-31."""


class Acceptance(_Part):
    """A deviation that is accepted for a time, with its reason."""

    called = "an acceptance"

    deviation: DeviationKind
    """The kind of deviation, as the audit calls it."""
    subject: Name
    """The stage, task, criterion or move, as the audit calls it."""
    because: Name
    """Why it is accepted."""
    until: date | None = None
    """The last day on which it is accepted."""
    where: dict[str, Names] = Field(default_factory=dict[str, Names])
    """The deals it is accepted for: attribute to its values; all if nothing is said."""


class Outcomes(_Part):
    """The names that the log gives to the ends of a deal."""

    called = "the outcomes"

    won: Names = ("Closed Won",)
    """All names of won deals."""
    lost: Names = ("Closed Lost",)
    """All names of lost deals, those of the two kinds below included."""
    no_decision: Names = ()
    """Lost to nobody: the buyer did not decide."""
    disqualified: Names = ()
    """Lost because it should not have been pursued."""
    loss_reason: Name | None = None
    """The column that says why a deal was lost; every lost deal must have it filled."""

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
    """What the playbook is called."""
    version: str = "1.0.0"
    """Raised whenever a definition changes; in quotation marks where it looks like a number."""
    valid_from: date | None = None
    """The first day on which deals that begin are judged by this version."""
    replaces: Name | None = None
    """The file of the version before this one, seen from this file; older deals are judged by it."""
    owner: str | None = None
    """The role that answers for it."""
    review_every: Days | None = None
    """How often somebody is to look whether it still holds, as `90 days`."""
    reviewed: date | None = None
    """The day on which somebody last did, as 2026-01-31."""
    applies_to: dict[str, Names] = Field(default_factory=dict[str, Names])
    """The deals it is for: attribute of the log to its values."""
    roles: Many[Role] = ()
    """Who owns stages and does tasks."""
    stages: tuple[Stage, ...] = Field(min_length=1)
    """The stages in their order."""
    outcomes: Outcomes = Outcomes()
    """What the log calls the ends of a deal."""
    handovers: Many[Handover] = ()
    """Where a deal passes from one role to another."""
    service: Many[ServiceStage] = ()
    """The cycle after the win."""
    metrics: Many[Metric] = ()
    """The few numbers to look at."""
    materials: Many[Material] = ()
    """What tasks are done with, so that each piece has an owner and is looked at in time."""
    undeclared_cost: Cost = 1
    """What a stage weighs that the playbook does not know."""
    accepted: Many[Acceptance] = ()
    """Deviations that are accepted for a time."""
    changes: Many[Amendment] = ()
    """What changed from version to version."""

    def stage(self, name: str) -> Stage | None:
        """Return the stage of this declared name, or None."""
        return next((stage for stage in self.stages if stage.name == name), None)

    @property
    def names(self) -> tuple[str, ...]:
        """Declared stage names, in order."""
        return tuple(stage.name for stage in self.stages)
