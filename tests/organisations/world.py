"""What is true in an organisation: its stages, its people, what they do by choice, and what that changes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Choice:
    """How often something is done, and what that hangs on, on the scale of log odds."""

    share: float
    """0 is never and 1 is always, whatever it hangs on."""
    segment: Mapping[str, float] = field(default_factory=dict[str, float])
    source: Mapping[str, float] = field(default_factory=dict[str, float])
    amount: float = 0.0
    """For each standard deviation of the logarithm."""
    habit: float = 0.0
    """Spread of the owners' habits, which have nothing to do with their skill."""
    skill: float = 0.0
    """How much more often the skilled do it."""
    heat: float = 0.0
    """How much more often it is done for deals that feel good, which no log shows."""


@dataclass(frozen=True, slots=True)
class Phase:
    """A stage as it really is."""

    name: str
    loss: float
    """The share of usual deals that die in it."""
    days: float
    """Median stay."""
    spread: float = 0.5
    """Of the logarithm of a stay."""
    most: float = 4.0
    """Longest stay, in medians; 0 for no end."""
    taken: Choice = Choice(1.0)
    """Whether deals that come from before go through it."""
    starts: Choice | None = None
    """Whether deals begin here and not at the first stage."""
    helps: float = 0.0
    """What having been there takes off the log odds of dying in any later stage."""
    helps_segment: Mapping[str, float] = field(default_factory=dict[str, float])
    """The same on top, by segment."""
    rejects: float = 0.0
    """The share of unfit deals that die here, whatever else there is."""
    clicked: float = 0.0
    """The share of stays of a few seconds."""
    lingers: float = 0.0
    """Of deals that die here: the share that stays on as if alive, for as many days as `linger_days`."""
    linger_days: float = 240.0
    give_up: float = math.inf
    """Days after which a deal is closed as lost, whatever it still could become."""
    role: str = "Sales"
    """Who answers for it."""


@dataclass(frozen=True, slots=True)
class Act:
    """An activity that happens in stays of a stage, or does not."""

    name: str
    stage: str
    choice: Choice
    helps: float = 0.0
    """What it takes off the log odds of dying later on."""
    at_once: bool = False
    """Whether that begins in the very stay, or as it ends."""
    subject: str = ""
    rejects: float = 0.0
    """The share of unfit deals that it finds out, and that are lost within two days."""
    winners_only: bool = False
    """It is done by whoever is about to win, in the last three days: a sign, not a cause."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field that is filled in as deals leave a stage, or stays empty."""

    column: str
    stage: str
    choice: Choice
    value: str = "true"


@dataclass(frozen=True, slots=True)
class Loop:
    """A way back from a stage to an earlier one."""

    source: str
    target: str
    choice: Choice
    missing: Field | None = None
    """A field that this hangs on: without it, deals go back by `choice`; with it, a tenth as often."""
    hurts: float = 0.0
    """What it adds to the log odds of dying later on."""
    most: int = 1
    """How often a deal goes back at most."""
    tired: float = 0.0
    """How much likelier unfit or cold deals are to go back: a symptom. On the log odds, by the heat it lacks."""


@dataclass(frozen=True, slots=True)
class Leap:
    """A way forward over stages that lie between."""

    source: str
    target: str
    choice: Choice
    hurts: float = 0.0


@dataclass(frozen=True, slots=True)
class Passing:
    """A deal passes to another person as it enters a stage, and waits until that one has taken it."""

    entering: str
    giver: str
    taker: str
    days: float
    """Median wait."""
    spread: float = 1.0
    hurts: float = 0.0
    """What each day beyond the first adds to the log odds of dying in the stage entered and later."""
    most: float = 60.0
    slow: float = 0.0
    """How much longer deals wait that nobody believes in: on the logarithm, by the heat they lack."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A kind of customer."""

    name: str
    share: float
    amount: float
    """Median."""
    loss: float = 0.0
    """On the log odds of dying, in every stage."""
    pace: float = 1.0
    """How much longer stays last."""
    senior: float = 0.5
    """The share in the hands of the more skilled half."""


@dataclass(frozen=True, slots=True)
class World:
    """An organisation."""

    name: str
    phases: tuple[Phase, ...]
    segments: tuple[Segment, ...]
    sources: Mapping[str, tuple[float, float]]
    """Its share, and its part in the log odds of dying."""
    acts: tuple[Act, ...] = ()
    fields: tuple[Field, ...] = ()
    loops: tuple[Loop, ...] = ()
    leaps: tuple[Leap, ...] = ()
    passings: tuple[Passing, ...] = ()
    owners: int = 10
    skill: float = 0.3
    """Spread of the owners' skill, on the log odds of losing at each stage."""
    heat: float = 0.3
    """How much a deal's hidden quality takes off the log odds of dying at each stage."""
    unfit: float = 0.0
    """The share of deals that can never be won, as whoever checks would find."""
    days: float = 730.0
    """From the first deal to the day of the export."""
    growth: float = 0.0
    """Of arrivals a year."""
    abandoned: float = 0.0
    """Of lost deals: those that nobody closes."""
    deals: int = 3000
    seed: int = 1
    people: int = 1
    """Who works there: deals of another seed can come to the same people."""
    crm: str = "salesforce"
    touched: frozenset[str] = frozenset()
    """Stages in which something is planted."""

    def touching(self, *names: str) -> World:
        """Return the same organisation in which something is planted in these stages."""
        return replace(self, touched=self.touched | set(names))

    def phase(self, name: str) -> Phase:
        """Return the stage of this name."""
        return self.phases[self.place(name)]

    def place(self, name: str) -> int:
        """Return where it stands."""
        return [phase.name for phase in self.phases].index(name)

    def with_phase(self, name: str, **changes: object) -> World:
        """Return the same organisation with another stage of this name."""
        phases = tuple(
            replace(phase, **changes) if phase.name == name else phase  # type: ignore[arg-type]
            for phase in self.phases
        )
        return replace(self, phases=phases)

    def with_act(self, name: str, **changes: object) -> World:
        """Return the same organisation in which an activity is another."""
        acts = tuple(replace(act, **changes) if act.name == name else act for act in self.acts)  # type: ignore[arg-type]
        return replace(self, acts=acts)
