"""Two playbooks as one flow: every stage of either on one line, and every move that either allows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from processminer.diagrams.flow import Flow, Line, Station
from processminer.diagrams.markup import clean
from processminer.words import say_count, say_days, say_list, say_percent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from processminer.playbook.compare.change import Change, Comparison, Permission, Standing

Fate = Literal["kept", "changed", "added", "removed"]
"""What became of a stage or of a move."""

MOST_TAGS = 2
"""A card says so many changes of its stage one by one; whatever lists the changes says them all."""


@dataclass(frozen=True, slots=True)
class DiffFlow:
    """The flow, and what became of its stations and lines, each in the flow's order."""

    flow: Flow
    stations: tuple[Fate, ...]
    tags: tuple[tuple[str, ...], ...]
    """What became of each station, in a few words each."""
    lines: tuple[Fate, ...]

    def sentence(self, at: int) -> str:
        """Say a line as a sentence that stands alone."""
        line = self.flow.lines[at]
        source, target = (clean(self.flow.stations[place].name) for place in (line.source, line.target))
        said = {"added": "newly allowed", "removed": "no longer allowed"}.get(self.lines[at], "allowed as before")
        return f"{source} to {target}: {said}"


def diff_flow(comparison: Comparison) -> DiffFlow:
    """Return two playbooks as one flow; that a stage may follow itself is no line of it."""
    stages = comparison.stages
    changes = {one.name: tuple(each for each in comparison.changes if each.stage == one.name) for one in stages}
    won = (*comparison.new.outcomes.won, *comparison.old.outcomes.won, "Won")[0]
    stations = (
        Station("Start", "start", declared=True, deals=0),
        *(_station(one) for one in stages),
        Station(won, "won", declared=True, deals=0),
    )
    places: dict[str | None, int] = {one.name: at for at, one in enumerate(stages, start=1)}
    drawn: list[tuple[tuple[int, int], Fate]] = sorted(
        ((places.get(move.source, 0), places.get(move.target, len(stages) + 1)), _fate_of_move(move))
        for move in comparison.moves
        if move.source is None or move.source != move.target
    )
    flow = Flow(
        stations=stations,
        lines=tuple(
            Line(source, target, count=0, deals=0, median_days=None, declared=fate != "removed")
            for (source, target), fate in drawn
        ),
        measured=False,
        deals=0,
        moves=0,
        losses=0,
        repeats=0,
        reopenings=0,
        afterwards=0,
    )
    return DiffFlow(
        flow=flow,
        stations=("kept", *(_fate(one, changes[one.name]) for one in stages), "kept"),
        tags=((), *(tuple(_tags(one, changes[one.name])) for one in stages), ()),
        lines=tuple(fate for _, fate in drawn),
    )


def _station(one: Standing) -> Station:
    stage = one.after or one.before
    return Station(one.name, "stage", declared=one.after is not None, deals=0, stage=stage)


def _fate(one: Standing, changes: Sequence[Change]) -> Fate:
    if one.before is None or one.after is None:
        return "added" if one.before is None else "removed"
    return "changed" if changes else "kept"


def _fate_of_move(move: Permission) -> Fate:
    if move.before and move.after:
        return "kept"
    return "added" if move.after else "removed"


def _tags(one: Standing, changes: Sequence[Change]) -> Iterator[str]:
    if one.after is None:
        yield f"merged into {say_list(one.kin)}" if one.kin else "removed"
    elif one.before is None:
        yield f"new, out of {say_list(one.kin)}" if one.kin else "new"
    else:
        told = [tag for change in changes if (tag := _tag(change)) is not None]
        yield from told[:MOST_TAGS]
        rest = len(changes) - len(told[:MOST_TAGS])
        if rest:
            yield say_count(rest, "more change" if told else "change")


def _tag(change: Change) -> str | None:
    """Say in a few words what a stage was; None for what needs a sentence."""
    if change.part != "stage":
        return None
    if change.kind == "moved" and change.before == change.after:
        return "moved along"
    say = _WAS.get(change.key or change.kind)
    return None if say is None else say(change.before)


_WAS: dict[str, Callable[[object], str]] = {
    "renamed": lambda was: f"was {was}",
    "moved": lambda was: "stood at the beginning" if was is None else f"stood after {was}",
    "optional": lambda was: "was optional" if was else "was required",
    "time_limit": lambda was: f"limit was {say_days(was)}" if isinstance(was, float) else "had no limit",
    "probability": lambda was: f"chance was {say_percent(was)}" if isinstance(was, float) else "had no chance said",
    "owner": lambda was: f"owner was {was}" if was else "had no owner",
}
"""What changes of a stage look like on its card."""
