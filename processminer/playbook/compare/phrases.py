"""What is said of a part when one of its keys changes: predicates, to follow the name of the part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from processminer.playbook.compare.values_said import bare, days, names, people, quote, share, times

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Value:
    """Predicates for one value: said newly, said otherwise, said no longer."""

    gained: str
    changed: str
    lost: str
    say: Callable[[object], str] = str


@dataclass(frozen=True, slots=True)
class Choice:
    """Predicates for a switch."""

    on: str
    off: str


@dataclass(frozen=True, slots=True)
class Items:
    """Predicates for a list of names: what came into it, what went out of it, and what another order means."""

    gained: str
    lost: str
    order: str = "lists {items} in this order now, which means the same"
    say: Callable[[tuple[object, ...]], str] = names


@dataclass(frozen=True, slots=True)
class Pairs:
    """Predicates for names with values behind them."""

    gained: str
    lost: str
    changed: str


Phrase = Value | Choice | Items | Pairs


def _noun(noun: str, say: Callable[[object], str] = quote) -> Value:
    """Return the predicates of a thing that a part has or has not."""
    return Value(
        f"now has {noun}: {{after}}", f"has {noun} that reads {{after}} (was {{before}})",
        f"no longer has {noun} (was {{before}})", say,
    )  # fmt: skip


def _now(predicate: str, none: str, lost: str, say: Callable[[object], str] = str) -> Value:
    """Return the predicates of a value that is said in the same words whether it is new or another one."""
    return Value(f"{predicate} (was {none})", f"{predicate} (was {{before}})", f"{lost} (was {{before}})", say)


def _written(outcome: str) -> Items:
    """Return the predicates of the names that the log gives to an outcome."""
    return Items(
        f"{outcome} is now also written {{items}} in the log", f"{outcome} is no longer written {{items}} there"
    )


_OWNER = _now("is now owned by {after}", "owned by nobody", "is no longer owned by anybody")
_LIMIT = _now("now waits at most {after}", "without a limit", "may now wait for as long as it takes", days)
_ALIASES = Items("now also goes by {items} in the log", "no longer goes by {items} in the log")
_SEEN = Items("is now shown by {items} in the log", "is no longer shown by {items} in the log")
_OPTIONAL = Choice("became optional", "became required")
_REASON = _noun("a reason")

ANYWHERE: dict[str, Phrase] = {
    "owner": _OWNER,
    "goal": _noun("a goal"),
    "aliases": _ALIASES,
    "seen_as": _SEEN,
    "optional": _OPTIONAL,
    "time_limit": _LIMIT,
}
"""What keys mean in whatever part they stand."""

PHRASES: dict[tuple[str, str], Phrase] = {
    ("stage", "probability"): _now(
        "now has a win probability of {after}", "without one", "no longer has a win probability", share
    ),
    ("stage", "warn_after"): _now(
        "now warns after {after}", "without a warning", "no longer warns before its limit", days
    ),
    ("stage", "close_after"): _now("now gives deals up after {after}", "never", "no longer gives deals up", days),
    ("stage", "max_silence"): _now(
        "may now go at most {after} without an activity", "any time", "may now go any time without an activity", days
    ),
    ("stage", "min_contacts"): _now(
        "now needs at least {after} of the buyer", "none", "no longer needs people of the buyer", people
    ),
    ("stage", "max_visits"): _now(
        "may now be visited {after} at most", "without a limit", "may now be visited any number of times", times
    ),
    ("stage", "may_start"): Choice("may now be where a deal begins", "no longer says that deals may begin there"),
    ("stage", "next"): Items("may now be followed by {items}", "may no longer be followed by {items}", say=bare),
    ("stage", "may_skip_to"): Items(
        "may now skip ahead to {items}", "no longer says that it may skip ahead to {items}", say=bare
    ),
    ("stage", "may_return_to"): Items("may now go back to {items}", "may no longer go back to {items}", say=bare),
    ("stage", "advance_when"): Items("now moves on when {items}", "no longer moves on when {items}"),
    ("stage", "skip_cost"): Value("", "now weighs {after} where it is left out (was {before})", ""),
    ("stage", "extra_cost"): Value("", "now weighs {after} where it is one too many (was {before})", ""),
    ("task", "by"): _now("is now done by {after}", "nobody named", "no longer says who does it"),
    ("task", "how"): Value(
        "now says how it is done: {after}", "is to be done in another way: {after} (was {before})",
        "no longer says how it is done (was {before})", quote,
    ),
    ("task", "material"): _now("is now done with {after}", "nothing named", "no longer names its material"),
    ("task", "output"): Value(
        "now says what comes of it: {after}", "must now yield {after} (was {before})",
        "no longer says what comes of it (was {before})", quote,
    ),
    ("task", "within"): _now(
        "is now due within {after} of entering", "without a time", "is no longer due within a time", days
    ),
    ("task", "takes"): _now("now usually takes {after}", "not said", "no longer says how long it takes", days),
    ("task", "times"): Value("", "is now done {after} at least (was {before})", "", times),
    ("criterion", "field"): _now(
        "is now shown by the column {after}", "no column", "is no longer shown by a column"
    ),
    ("criterion", "values"): Items(
        "now counts when the log says {items}", "no longer counts when the log says {items}"
    ),
    ("criterion", "document"): _now("now needs the document {after}", "none", "no longer needs a document"),
    ("criterion", "approved_by"): _now(
        "now needs the approval of {after}", "nobody's", "no longer needs an approval"
    ),
    ("hand-over", "from"): Value("", "is now made by {after} (was by {before})", ""),
    ("hand-over", "to"): Value("", "now goes to {after} (was to {before})", ""),
    ("hand-over", "within"): _now(
        "now happens within {after}", "without a limit", "no longer has a limit of time", days
    ),
    ("hand-over", "passes"): Items("now passes on {items}", "no longer passes on {items}"),
    ("service stage", "begins_at"): _now("now begins at {after}", "not said", "no longer says when it begins"),
    ("service stage", "within"): _now(
        "now begins within {after} of that", "without a limit", "no longer begins within a time", days
    ),
    ("service stage", "opens"): _now("now opens a new deal in {after}", "none", "no longer opens a new deal"),
    ("metric", "target"): _now("now has the target {after}", "without one", "no longer has a target"),
    ("metric", "measure"): _now("is now measured as {after}", "by hand", "is no longer measured from the log"),
    ("metric", "stage"): _now("now looks at {after}", "no stage", "no longer looks at one stage"),
    ("role", "people"): Items("now includes {items}", "no longer includes {items}"),
    ("material", "where"): _now("now lies at {after}", "no place named", "no longer says where it lies"),
    ("material", "reviewed"): _now("was last reviewed on {after}", "not said", "no longer says when it was reviewed"),
    ("accepted deviation", "because"): Value("", "has another reason: {after} (was {before})", "", quote),
    ("accepted deviation", "until"): _now("is now accepted until {after}", "for good", "is now accepted for good"),
    ("accepted deviation", "where"): Pairs(
        "now holds only where {items}", "now holds whatever {names} says", "now holds where {items}"
    ),
    ("change log entry", "day"): _now("is now dated {after}", "without a day", "no longer has a day"),
    ("change log entry", "why"): Value("", "now gives as its reason {after} (was {before})", "", quote),
    ("change log entry", "evidence"): _noun("evidence"),
    ("outcomes", "won"): _written("won"),
    ("outcomes", "lost"): _written("lost"),
    ("outcomes", "no_decision"): _written("lost because nobody decided"),
    ("outcomes", "disqualified"): _written("lost because it was no fit"),
    ("outcomes", "loss_reason"): Value(
        "every lost deal must now say why in {after}", "every lost deal must now say why in {after} (was in {before})",
        "a lost deal need no longer say why (was in {before})",
    ),
    ("playbook", "name"): Value("", "is now called {after} (was {before})", "", quote),
    ("playbook", "version"): Value("", "is now version {after} (was {before})", ""),
    ("playbook", "valid_from"): _now("now holds from {after} on", "from any day on", "no longer says since when"),
    ("playbook", "replaces"): _now("now names the version before it: {after}", "none", "no longer names one"),
    ("playbook", "review_every"): _now(
        "is now to be reviewed every {after}", "at no fixed time", "is no longer to be reviewed at fixed times", days
    ),
    ("playbook", "reviewed"): _now("was last reviewed on {after}", "not said", "no longer says when it was reviewed"),
    ("playbook", "applies_to"): Pairs(
        "is now only for deals where {items}", "now disregards {names}", "is now for deals where {items}"
    ),
    ("playbook", "undeclared_cost"): Value("", "now weighs {after} where a stage is unknown to it (was {before})", ""),
}  # fmt: skip
"""What keys mean in one kind of part."""


def phrase_of(part: str, key: str) -> Phrase | None:
    """Return the predicates of a part's key, or None where there are none for it."""
    kind = "criterion" if part.endswith("criterion") else part
    return PHRASES.get((kind, key)) or ANYWHERE.get(key)
