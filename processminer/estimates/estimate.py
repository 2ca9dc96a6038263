"""Everything with an interval, in one call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.estimates.by_segment.ways_apart import ways_apart
from processminer.estimates.conduct import Conduct, conduct
from processminer.estimates.effects.actions import action_effects
from processminer.estimates.effects.chosen import choose
from processminer.estimates.effects.edits import edit_effects
from processminer.estimates.effects.effects import effects
from processminer.estimates.estimates import Estimates
from processminer.estimates.metrics import Known, hold_metrics
from processminer.estimates.pass_throughs import pass_throughs
from processminer.estimates.stage_times import stage_times
from processminer.estimates.triage.triage import triage
from processminer.estimates.win_rate import win_rate

if TYPE_CHECKING:
    from processminer.conformance.conformance import Conformance
    from processminer.discovery.discovery import Discovery
    from processminer.playbook.model import Playbook


def estimate(
    discovery: Discovery, conformance: Conformance | None = None, playbook: Playbook | None = None
) -> Estimates:
    """Return stage times, win rate and what steps change of the share of deals won.

    Compared are stages, the tasks that the playbook declares for them, and activities that it does not mention but
    many deals have. Tasks that `conformance` could not check with this log are left out. The playbook's metrics are
    held against their targets, the fitness among them where `conformance` was weighed.
    """
    chosen = choose(discovery, conformance, playbook)
    stages, wins = stage_times(discovery), win_rate(discovery)
    known = None if playbook is None or conformance is None else Known(discovery, conformance, playbook, stages, wins)
    return Estimates(
        stages=stages,
        win_rate=wins,
        metrics=hold_metrics(known) if known else (),
        passing=pass_throughs(discovery.log),
        edits=edit_effects(discovery.log),
        ways=ways_apart(discovery.log),
        triage=triage(discovery.log),
        effects=chosen.told(effects(discovery.log, chosen.trials)),
        actions=action_effects(discovery.log, chosen.actions),
        conduct=Conduct() if playbook is None else conduct(discovery, playbook),
    )
