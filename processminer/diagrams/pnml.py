"""A playbook as a Petri net in PNML, to hold logs against with pm4py, ProM and whatever else reads nets.

Billington et al., The Petri Net Markup Language (2003); ISO/IEC 15909-2. Final markings and silent transitions are
written as ProM and pm4py read them, since the standard has neither.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from processminer.diagrams.markup import legal, number
from processminer.diagrams.reach import moves_in_reach
from processminer.diagrams.slugs import slugs

if TYPE_CHECKING:
    from processminer.playbook.model import Playbook
    from processminer.playbook.moves import Moves

_SPACE = "http://www.pnml.org/version-2009/grammar/pnml"
_TYPE = "http://www.pnml.org/version-2009/grammar/ptnet"
_COLUMN, _ROW, _SIZE = 240.0, 60.0, 30.0

Spot = tuple[float, float]


@dataclass(frozen=True, slots=True)
class _Place:
    spot: Spot
    tokens: int = 0


@dataclass(frozen=True, slots=True)
class _Transition:
    spot: Spot
    label: str | None
    """None: silent."""
    takes: tuple[str, ...]
    gives: tuple[str, ...]


class _Net:
    """A net that grows: `start` holds a token at first, and `end` alone holds one at last.

    Each stage has a place before and a place behind it. Silent transitions lead from the place behind one stage to
    the place before another, to `winning` and to `losing`.
    """

    def __init__(self, playbook: Playbook) -> None:
        self.playbook = playbook
        self.moves, self.names = moves_in_reach(playbook)
        self.places: dict[str, _Place] = {}
        self.transitions: dict[str, _Transition] = {}
        self._ids = dict(zip(self.playbook.names, slugs(self.playbook.names), strict=True))
        self._x = {name: 120 + _COLUMN * place for place, name in enumerate(self.names)}
        self._far = 120 + _COLUMN * len(self.names)
        self._foot = _ROW * (len(self.names) + 2)
        self._limits = _limits(self.playbook, self.moves)
        self._add_stages()
        self._add_steps()
        self._add_ends()

    def _add_stages(self) -> None:
        self.places["start"] = _Place((0, 0), 1)
        taken = {*self.playbook.names, *self.playbook.outcomes.won, *self.playbook.outcomes.lost}
        for stage in self.playbook.stages:
            if stage.name not in self.names:
                continue
            slug, x = self._ids[stage.name], self._x[stage.name]
            self.places[f"before_{slug}"], self.places[f"after_{slug}"] = _Place((x, 0)), _Place((x + 120, 0))
            # A name wins over the alias of another stage.
            aliases = [alias for alias in dict.fromkeys(stage.aliases) if alias not in taken]
            taken.update(aliases)
            for place, label in enumerate((stage.name, *aliases)):
                known = f"stage_{slug}-{place}" if place else f"stage_{slug}"
                spot = (x + 60, -_ROW * place)
                self.transitions[known] = _Transition(spot, label, (f"before_{slug}",), (f"after_{slug}",))

    def _add_steps(self) -> None:
        """Add what leads from stage to stage; where visits are limited each entry takes a token of theirs."""
        for name, limit in self._limits.items():
            self.places[f"visits_{self._ids[name]}"] = _Place((self._x[name], self._foot), limit)
        for place, name in enumerate(self.names):
            if name in self.moves.starts:
                self._step(f"begin-{self._ids[name]}", "start", name, (0, 0), place + 1)
            for other, target in enumerate(self.names):
                if (name, target) in self.moves.between:
                    known, behind = f"go_{self._ids[name]}-{self._ids[target]}", f"after_{self._ids[name]}"
                    self._step(known, behind, target, self.places[behind].spot, other - place)

    def _step(self, known: str, source: str, target: str, spot: Spot, span: int) -> None:
        slug = self._ids[target]
        visit = (f"visits_{slug}",) if target in self._limits else ()
        rise = 0 if span == 1 else span if span > 1 else span - 1
        middle = ((spot[0] + self._x[target]) / 2, -_ROW * rise)
        self.transitions[known] = _Transition(middle, None, (source, *visit), (f"before_{slug}",))

    def _add_ends(self) -> None:
        self.places["end"] = _Place((self._far + 120, 0))
        outcomes = self.playbook.outcomes
        if self.moves.wins:
            self._end("winning", (self._far, 0), outcomes.won)
        self._end("losing", (self._far, self._foot), outcomes.lost)
        for name in self.names:
            slug, x = self._ids[name], self._x[name] + 120
            if name in self.moves.wins:
                self.transitions[f"win_{slug}"] = _Transition((x, -self._foot), None, (f"after_{slug}",), ("winning",))
            loss = _Transition((x, self._foot - _ROW), None, (f"after_{slug}",), ("losing",))
            self.transitions[f"lose_{slug}"] = loss
        self.transitions["lose"] = _Transition((0, self._foot - _ROW), None, ("start",), ("losing",))
        for name in self._limits:
            left = ("end", f"visits_{self._ids[name]}")
            spot = (self._far + 120, self._foot)
            self.transitions[f"unused_{self._ids[name]}"] = _Transition(spot, None, left, ("end",))

    def _end(self, name: str, spot: Spot, labels: tuple[str, ...]) -> None:
        self.places[name] = _Place(spot)
        for place, label in enumerate(dict.fromkeys(labels) or (None,)):
            beside = (spot[0] + 60, spot[1] + _ROW * place)
            self.transitions[f"{name}_{place + 1}"] = _Transition(beside, label, (name,), ("end",))


def draw_pnml(playbook: Playbook) -> str:
    """Return the playbook as PNML with its initial and its final marking.

    The net accepts a sequence of stages that ends in a name of won or lost if and only if `allowed_moves` allows it
    and no stage is visited more often than its `max_visits` says: each visit takes one of so many tokens, and those
    left over are taken away in the end. A deal may be lost from any stage, and before its first one. A stage may go
    by any of its aliases, an outcome by any of its names. A deal that is still open has no place in the net's
    language. Stages that no deal can come to are left out.
    """
    net = _Net(playbook)
    root = ET.Element("pnml", {"xmlns": _SPACE})
    drawn = ET.SubElement(root, "net", {"id": "playbook", "type": _TYPE})
    _name(drawn, playbook.name)
    page = ET.SubElement(drawn, "page", {"id": "page"})
    for known, place in net.places.items():
        element = _node(page, "place", known, place.spot, known)
        if place.tokens:
            ET.SubElement(ET.SubElement(element, "initialMarking"), "text").text = str(place.tokens)
    for known, transition in net.transitions.items():
        element = _node(page, "transition", known, transition.spot, transition.label or known)
        if transition.label is None:
            silent = {"tool": "ProM", "version": "6.4", "activity": "$invisible$"}
            ET.SubElement(element, "toolspecific", silent)
    ways = [
        way
        for known, one in net.transitions.items()
        for way in (*((place, known) for place in one.takes), *((known, place) for place in one.gives))
    ]
    for count, (source, target) in enumerate(ways, start=1):
        ET.SubElement(page, "arc", {"id": f"arc_{count}", "source": source, "target": target})
    final = ET.SubElement(ET.SubElement(drawn, "finalmarkings"), "marking")
    ET.SubElement(ET.SubElement(final, "place", {"idref": "end"}), "text").text = "1"
    ET.indent(root, space="  ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _node(page: ET.Element, kind: str, known: str, spot: Spot, said: str) -> ET.Element:
    element = ET.SubElement(page, kind, {"id": known})
    _name(element, said)
    graphics = ET.SubElement(element, "graphics")
    for part, (x, y) in (("position", spot), ("dimension", (_SIZE, _SIZE))):
        ET.SubElement(graphics, part, {"x": number(x), "y": number(y)})
    return element


def _name(element: ET.Element, text: str) -> None:
    ET.SubElement(ET.SubElement(element, "name"), "text").text = legal(text)


def _limits(playbook: Playbook, moves: Moves) -> dict[str, int]:
    """Return the limits on visits that can be passed at all: of stages that lie on a circle."""
    return {
        stage.name: stage.max_visits
        for stage in playbook.stages
        if stage.max_visits is not None and stage.name in _behind(stage.name, moves)
    }


def _behind(name: str, moves: Moves) -> set[str]:
    """Return the stages that can come after a stage, at once or later."""
    found: set[str] = set()
    ahead = {name}
    while ahead:
        ahead = {target for source, target in moves.between if source in ahead} - found
        found |= ahead
    return found
