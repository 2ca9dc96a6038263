"""The rule for open deals that nobody closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.findings.finding import Evidence, Finding
from processminer.findings.pattern import ANECDOTE, ENOUGH, limits, say_part, weigh
from processminer.statistics.proportions import wilson
from processminer.words import say_days

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.findings.facts import Facts

QUIET = 90.0
"""A quarter without a call, a mail or a change: no forecast that counts such a deal was looked at since."""

OFTEN = 0.05
"""One forgotten deal in twenty is a slip; above that, the open pipeline is told too large."""


def stale_deals(facts: Facts) -> Iterator[Finding]:
    """Open deals are silent for so long that they are hardly open.

    **Symptom.** Deals are open in the log, yet have had no event of any kind for longer than a quarter, longer than
    nine in ten won deals take from start to end, and longer than any time limit that the playbook declares.

    **Remedy.** Go through the examples and close what is dead as lost, with the date it died. Until then the
    pipeline is told too large, the stages too slow and the win rate too high. Declare a time limit where these deals
    lie, so that they are asked about before they are forgotten.
    """
    if not facts.shows("path"):
        # Of a list with two dates everything open is silent since it began: that is the list's silence, not the deals'.
        return
    silence = facts.discovery.silence
    declared = [stage.time_limit for stage in facts.playbook.stages if stage.time_limit is not None]
    bound = max(QUIET, silence.won_p90_days or 0.0, *declared)
    stale = [one for one in silence.lengths if one.days > bound]
    deals = sum(one.deals for one in stale)
    share = wilson(deals, silence.open)
    if deals < ANECDOTE or share.low <= OFTEN:
        return
    few = silence.open < ENOUGH
    message = f"{say_part(deals, silence.open, 'open deal')} have been silent for more than {say_days(bound)}."
    yield Finding(
        id="",
        rule="stale-deals",
        subject="open deals",
        severity="low" if few else weigh(share),
        grade="D" if few else "C",
        message=f"{message} {silence.open} open deals are too few to act on it." if few else message,
        evidence=Evidence(
            population="Deals that are open, by the time since their last event of any kind.",
            n=deals,
            of=silence.open,
            share=limits(share),
            numbers={"silent_for_days": bound, "longest_days": stale[0].days, "won_p90_days": silence.won_p90_days},
            examples=tuple(deal for one in stale for deal in one.examples)[:5],
            command="processminer show silence LOG --playbook PLAYBOOK",
        ),
    )
