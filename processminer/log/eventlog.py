"""The event log: what every later room reads, whatever CRM it came from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from processminer.engines.relations import Relations

Outcome = Literal["won", "lost", "open"]
StageClass = Literal["open", "won", "lost"]
Question = Literal["path", "loops", "durations", "outcomes", "tasks", "money"]

EXAMPLES = 5
"""Deals or places that are named of each kind of problem."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One kind of defect or repair met while reading: how often, what was done, and where to look."""

    kind: str
    """A slug, such as `tied-timestamps`."""
    rows: int
    treatment: str
    """What was done about it, as a sentence."""
    examples: tuple[str, ...]
    """At most EXAMPLES: deals and where they are shown, as `006A (history.csv:17)`, or one of the two."""
    set_aside: bool = False
    """Whether the rows are left out of the log (else they are used, as treated)."""
    deals: int | None = None
    """In how many deals; None where it is not about deals."""
    counts: str = "rows"
    """What `rows` counts: rows, deals, steps (changes of stage in a path), stages or people."""
    quirk: str = ""
    """Its number in the list of known quirks, such as Q4."""
    title: str = ""
    """The same in a few words."""
    treated: str = ""
    """The name of the treatment."""
    others: tuple[str, ...] = ()
    """The names of the other treatments, for --treat."""
    harmless: bool = False
    """Whether nothing is wrong: it is said for completeness."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that was read, the part it played, and its rows."""

    name: str
    role: str
    rows: int


@dataclass(frozen=True, slots=True)
class TableRead:
    """A table as it was read: its part in the log, and which header was taken for which column."""

    role: str
    file: str
    columns: Mapping[str, str]
    headers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether this log can answer a kind of question, and why (not)."""

    question: Question
    verdict: Literal["yes", "partly", "no"]
    because: str
    instead: str = ""
    """What to export additionally to make it a yes; empty where it is one, or nothing can be done."""


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What was recognised, read, repaired and set aside. Rows read = rows used + rows set aside, and so for deals."""

    profile: str
    title: str
    reasons: tuple[str, ...]
    """Why this profile: the columns that told."""
    files: tuple[SourceFile, ...]
    rows_read: int
    rows_used: int
    set_aside: Mapping[str, int]
    """Rows left out, by reason."""
    problems: tuple[Problem, ...]
    answers: tuple[Answer, ...]
    deals_read: int = 0
    deals_used: int = 0
    deals_set_aside: Mapping[str, int] = field(default_factory=dict[str, int])
    """Deals left out, by reason; deals read = deals used + deals set aside."""
    treatments: Mapping[str, str] = field(default_factory=dict[str, str])
    """The treatments that were asked for, by quirk; the usual ones hold for the others."""


@dataclass(frozen=True, slots=True)
class StageName:
    """A stage as the log knows it, in the log's order (the declared order where one was given)."""

    name: str
    kind: StageClass


@dataclass(frozen=True, slots=True)
class EventLog:
    """Deals and what happened to them, as relations, seen at one moment.

    Relations (all times are TIMESTAMP in UTC; `deal` is a dense INTEGER in the order of deal_id):

    - `stage_names(code SMALLINT, stage VARCHAR, class VARCHAR)`: class is open, won or lost; code order is the
      log's stage order, terminal stages last.
    - `deals(deal, deal_id VARCHAR, name VARCHAR, pipeline VARCHAR, outcome VARCHAR, created_at, closed_at, first_at,
      last_at, amount DOUBLE, currency VARCHAR, owner VARCHAR, ...)`: one row a deal. outcome is won, lost or open;
      closed_at is null for open deals; first_at is the first stage event, null for a deal without any.
    - `paths(deal, steps BIGINT[], close_step INTEGER)`: the stage events of a deal in order, rows without a change
      of stage collapsed; each step packs `epoch_us(entered_at) * 1024 + code`. close_step is the 1-based position of
      the terminal event that decided the outcome, null for open deals.
    - `untimed_steps(deal, place, why)`: steps whose moment is not that of the deal's move (a clean-up, an import); they
      count for the path, and no length is measured from or to them. Usually empty.
    - `click_limit(us)`: one row; a stay that ended sooner than so many microseconds has no length of its own.
    - `pathless(deal_id, why)`: deals that count by outcome alone, as their path is not whole. Usually empty.
    - `task_events(deal, occurred_at, name VARCHAR, subject VARCHAR, actor VARCHAR)`: done activities (calls, mails,
      meetings), none later than `as_of`.
    - `attributes(deal, attribute VARCHAR, value VARCHAR)`: whatever else the export says of a deal, one row a value.
    - `field_rows(deal_id, occurred_at, field, old, new, actor, position)`: a view, computed when asked for, of changes
      of amount, close_date, owner, probability, forecast and other fields, none later than `as_of`; values as written.
    - `events(deal, occurred_at, position, kind, name, value, actor)`: a view of all that happened as one relation; kind
      is stage, task, owner or field.
    """

    relations: Relations
    as_of: datetime
    ingest: IngestReport
    stages: tuple[StageName, ...]
    source: str
    """What the user called the log: a path, or a sample's name."""
    has_tasks: bool
    """Whether the export carried any activities at all."""
    attributes: tuple[str, ...]
    """Names of the attributes kept, in alphabetical order."""
    tables: tuple[TableRead, ...] = ()
    """The tables that were read, for a mapping file."""
    repeats: bool = False
    """Whether an event that repeats the stage before it is an event of its own, as in an event log."""
    words: tuple[str, ...] = ()
    """What stands for this log on the command line: its source and the options that it was read by."""
