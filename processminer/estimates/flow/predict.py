"""Changes said in plain words, such as `faster:Proposal:1.5`, read and predicted together."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from processminer.errors import InputError
from processminer.estimates.flow.backtest import gate
from processminer.estimates.flow.forecast import begun_lately
from processminer.estimates.flow.model import MOST_DAYS, flow_model, usual_horizon
from processminer.estimates.flow.what_if import (
    given_up_after,
    more_begun,
    passed_more,
    stage_faster,
    stage_removed,
    what_if,
)
from processminer.words import fold, say_list

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from processminer.discovery.discovery import Discovery
    from processminer.estimates.flow.backtest import Gate
    from processminer.estimates.flow.model import FlowModel
    from processminer.estimates.flow.what_if import Change, WhatIf

TRIED_DAYS = 90.0
"""Past periods of a quarter say whether deals go on as they went."""

EDITS: Mapping[str, str] = {
    "faster:STAGE:TIMES": "deals go on from the stage so many times as fast (faster:Proposal:1.5)",
    "remove:STAGE": "nobody stays in the stage (remove:Demo)",
    "give-up:STAGE:DAYS": "deals that have been in the stage for so many days are given up (give-up:Negotiation:60)",
    "pass:STAGE:TIMES": "so many times as many deals go on from the stage (pass:Discovery:1.1)",
    "arrivals:TIMES": "so many times as many deals begin (arrivals:1.2)",
}
"""How each change is said, and what it means."""


@dataclass(frozen=True, slots=True)
class Predicted:
    """What changes would do, and whether the log is steady enough to say so."""

    discovery: Discovery
    gate: Gate
    what_if: WhatIf


def is_edit(word: str) -> bool:
    """Tell whether a word begins like a change."""
    return any(word.startswith(f"{form.partition(':')[0]}:") for form in EDITS)


def predict(discovery: Discovery, edits: Sequence[str], aliases: Mapping[str, str] | None = None) -> Predicted:
    """Return what the changes of `EDITS` would do to new deals, all together, within the time most wins take.

    `aliases` leads other folded names of stages to those of the log. Raises InputError for what cannot be read, all
    faults at once, and where no stay of an open stage has a length.
    """
    log = discovery.log
    model = flow_model(log, usual_horizon(log))
    if model is None:
        message = "no deal was seen in an open stage for any time: nothing can be predicted."
        raise InputError(message)
    order = [stage.name for stage in log.stages]
    changes = _read(edits, _Reader(model, order, aliases or {}))
    return Predicted(discovery, gate(log, TRIED_DAYS, MOST_DAYS), what_if(model, changes, begun_lately(log)))


def _read(edits: Sequence[str], reader: _Reader) -> list[Change]:
    changes: list[Change] = []
    faults: list[InputError] = []
    for edit in edits:
        try:
            changes.append(reader.change(edit))
        except InputError as error:
            faults.append(error)
    if len(faults) == 1:
        raise faults[0]
    if faults:
        raise InputError("\n".join(str(fault) for fault in faults))
    return changes


@dataclass(frozen=True, slots=True)
class _Reader:
    model: FlowModel
    order: Sequence[str]
    aliases: Mapping[str, str]

    def change(self, edit: str) -> Change:
        """Return the change that an edit says. Raises InputError."""
        kind, _, rest = edit.partition(":")
        if kind == "arrivals":
            return more_begun(self._number(edit, rest, "TIMES"))
        if kind == "remove":
            return stage_removed(self.model, self.order, self._stage(edit, rest))
        numbered: dict[str, tuple[str, Callable[[str, float], Change]]] = {
            "faster": ("TIMES", lambda stage, times: stage_faster(self.model, self.order, stage, times)),
            "give-up": ("DAYS", lambda stage, days: given_up_after(self.model, stage, days)),
            "pass": ("TIMES", lambda stage, times: passed_more(self.model, self.order, stage, times)),
        }
        if kind not in numbered:
            raise _no_such_kind(edit, kind)
        unit, made = numbered[kind]
        # A stage may have a colon in its name: the number is what stands behind the last one.
        stage, _, number = rest.rpartition(":")
        return made(self._stage(edit, stage), self._number(edit, number, unit))

    def _stage(self, edit: str, said: str) -> str:
        known = {fold(stage): stage for stage in self.model.stages}
        own = fold(self.aliases.get(fold(said), said))
        if own in known:
            return known[own]
        close = get_close_matches(fold(said), list(known), 1)
        near = f"Did you mean {known[close[0]]!r}?" if close else f"Stages: {say_list(self.model.stages, 20)}."
        message = f"{edit!r}: no deal was seen in a stage called {said!r}." if said else f"{edit!r}: no stage is named."
        raise InputError(message, hint=near)

    @staticmethod
    def _number(edit: str, said: str, unit: str) -> float:
        try:
            number = float(said)
        except ValueError:
            number = 0.0
        if 0 < number < float("inf"):
            return number
        message = f"{edit!r}: {said!r} is not a number of {unit} above 0."
        raise InputError(message, hint=_said_as(edit.partition(":")[0]))


def _no_such_kind(edit: str, kind: str) -> InputError:
    kinds = [form.partition(":")[0] for form in EDITS]
    close = get_close_matches(kind, kinds, 1)
    near = f"Did you mean {close[0]!r}? " if close else ""
    return InputError(f"{edit!r} is no change that is known.", hint=f"{near}There are: {say_list(EDITS, 9)}.")


def _said_as(kind: str) -> str:
    return next(f"It is said as {form}: {meaning}." for form, meaning in EDITS.items() if form.startswith(f"{kind}:"))
