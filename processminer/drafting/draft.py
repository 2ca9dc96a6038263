"""Writes the text of a drafted playbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.drafting.evidence import evidence_of
from processminer.drafting.head import head_lines
from processminer.drafting.role_lines import handover_lines, role_lines
from processminer.drafting.saying import counted, named
from processminer.drafting.shape import RARE, REQUIRED
from processminer.drafting.stage_lines import stage_lines
from processminer.engines.yaml_text import dump, dump_text
from processminer.words import say_count, say_percent, say_share

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.discovery.discovery import Discovery
    from processminer.drafting.evidence import Evidence


def draft_playbook(discovery: Discovery) -> str:
    """Return the text of a playbook that tells what the won deals of a log did, with the evidence behind each line.

    The same log gives the same text, in whatever order its rows stand.
    """
    return write_draft(evidence_of(discovery))


def write_draft(evidence: Evidence) -> str:
    """Return evidence as the text of a playbook."""
    lines = [*head_lines(evidence), "name: Drafted from won deals", "version: 0.1.0", ""]
    lines += [*role_lines(evidence), "stages:"]
    for at in range(len(evidence.shape.steps)):
        lines.extend(stage_lines(evidence, at))
    lines.extend(_left_out_lines(evidence))
    lines.extend(handover_lines(evidence))
    lines.extend(_outcome_lines(evidence))
    return "\n".join(lines) + "\n"


def _left_out_lines(evidence: Evidence) -> Iterator[str]:
    shape = evidence.shape
    if shape.left_out:
        yield f"  # Left out, for fewer than {say_percent(RARE)} of won deals were there:"
    for name, deals in shape.left_out:
        yield f"  #   {named(name)}: {say_share(deals, shape.won_deals)} won deals"


def _outcome_lines(evidence: Evidence) -> Iterator[str]:
    ends, totals = evidence.ends, evidence.totals
    yield ""
    yield "outcomes:"
    yield f"  won: {dump(list(ends.won))}  # {say_count(totals.won, 'deal')}"
    yield f"  lost: {dump(list(ends.lost))}  # {say_count(totals.lost, 'deal')}"
    for key, names in (("no_decision", ends.no_decision), ("disqualified", ends.disqualified)):
        if names:
            yield f"  {key}: {dump(list(names))}"
    if ends.reason is None or not totals.lost:
        return
    filled = f"{counted(ends.reasons_filled, totals.lost)} lost deals have it filled"
    if ends.reasons_filled >= REQUIRED * totals.lost:
        yield f"  loss_reason: {dump_text(ends.reason)}  # {filled}"
    else:
        yield f"  # No loss_reason: {named(ends.reason)} would be the column, but only {filled}."
