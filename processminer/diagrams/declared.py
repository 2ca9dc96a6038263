"""What the playbook says of the names and moves of a log, and its own flow without any log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.playbook.moves import allowed_moves
from processminer.words import fold

if TYPE_CHECKING:
    from processminer.conformance.conformance import Conformance
    from processminer.discovery.discovery import Discovery
    from processminer.playbook.model import Playbook
    from processminer.playbook.parts.stages import ServiceStage, Stage


class Declared:
    """What the playbook says of names and moves of the log; it says nothing where there is none."""

    def __init__(self, discovery: Discovery, conformance: Conformance | None, playbook: Playbook | None) -> None:
        self.known = conformance is not None or playbook is not None
        self.stages = () if playbook is None else playbook.stages
        self.won = () if playbook is None else playbook.outcomes.won
        self.cycle = () if playbook is None else playbook.service
        # A stage's own name wins over another one's alias.
        self._by_name = {fold(alias): stage for stage in self.stages for alias in stage.aliases}
        self._by_name |= {fold(stage.name): stage for stage in self.stages}
        self._serving = {fold(name): one for one in self.cycle for name in (*one.aliases, one.name)}
        self._won = {fold(name) for name in self.won}
        self.starts: frozenset[str] | None = None
        self.pairs: frozenset[tuple[str, str]] = frozenset()
        if playbook is not None:
            moves = allowed_moves(playbook)
            self.starts = moves.starts
            won = [flow.stage for flow in discovery.stages if flow.kind == "won"] or list(self.won[:1])
            self.pairs = moves.between | {(source, end) for source in moves.wins for end in won}
        if conformance is not None:
            self.pairs = conformance.declared_moves
        self._ends = {name for pair in self.pairs for name in pair}

    def of(self, name: str) -> Stage | None:
        """Return the declared stage of a stage of the log."""
        return self._by_name.get(fold(name))

    def service(self, name: str) -> ServiceStage | None:
        """Return the declared stage of the service cycle; a stage on the way to the sale wins over it."""
        return None if self.of(name) is not None else self._serving.get(fold(name))

    def name(self, name: str) -> str:
        """Return the declared name of a stage of the log, or the name itself."""
        stage = self.of(name)
        return name if stage is None else stage.name

    def stage(self, name: str) -> bool | None:
        """Tell whether the playbook knows a stage of the log."""
        if not self.known:
            return None
        if self.service(name) is not None:
            return True
        return self.of(name) is not None if self.stages else name in self._ends

    def move(self, source: str, target: str) -> bool | None:
        """Tell whether the playbook allows a move of the log."""
        if not self.known:
            return None
        if self.service(target) is not None or self.service(source) is not None:
            return self._in_cycle(source, target)
        return (source, target) in self.pairs or (self.name(source), self.name(target)) in self.pairs

    def _in_cycle(self, source: str, target: str) -> bool:
        """Tell whether a move into the service cycle, within it or out of it is as declared; it has no order."""
        comes, goes = self.service(target), self.service(source)
        if comes is None:
            return goes is not None and goes.opens is not None and goes.opens == self.name(target)
        # What was set off by the sale or a service stage may begin while others of its kind go on.
        return goes is not None or fold(source) in self._won or comes.begins_at == self.name(source)

    def start(self, name: str) -> bool | None:
        """Tell whether deals may begin at a stage of the log."""
        return None if self.starts is None else self.name(name) in self.starts
