"""The flow that really happens, for a terminal: stages, moves between them, and the paths that deals share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.discovery.graph import loops, must_pass, typical_path
from processminer.report.listing import paragraph, table
from processminer.report.telling import say_date
from processminer.words import say_count, say_days, say_share

if TYPE_CHECKING:
    from processminer.discovery.discovery import Discovery
    from processminer.estimates.estimates import Estimates

MOVES_SHOWN = 20
VARIANTS_SHOWN = 10


def render_flow(discovery: Discovery, estimates: Estimates, *, width: int = 100) -> str:
    """Return what deals do as text."""
    totals = discovery.totals
    times = {time.stage: time for time in estimates.stages}
    standing = f"{totals.won:,} won, {totals.lost:,} lost, {totals.open:,} open, as of {say_date(discovery.log.as_of)}"
    lines = [f"{say_count(totals.deals, 'deal')}: {standing}"]
    lines += [
        f"{say_count(count, 'deal')} left out of paths and times: {why}" for why, count in totals.excluded.items()
    ]
    stages = [
        (
            flow.stage,
            flow.deals,
            flow.visits - flow.deals,
            flow.open,
            flow.lost_here,
            say_days(times[flow.stage].median_days) if flow.stage in times else "",
            say_days(times[flow.stage].p90_days) if flow.stage in times else "",
        )
        for flow in discovery.stages
    ]
    lines += [
        "",
        *table(("Stage", "Deals", "Repeats", "Open", "Lost here", "Median stay", "9 in 10 within"), stages, width),
    ]
    moves = [(move.source, move.target, move.count, move.deals, say_days(move.median_days)) for move in discovery.moves]
    lines += ["", *table(("From", "To", "Times", "Deals", "Median"), moves, width, most=MOVES_SHOWN)]
    paths = [(one.deals, one.won, one.lost, one.open, " > ".join(one.path)) for one in discovery.variants]
    shown = sum(one.deals for one in discovery.variants[:VARIANTS_SHOWN])
    told = say_share(shown, sum(one.deals for one in discovery.variants))
    lines += [
        "",
        f"{say_count(len(paths), 'path')}; the first {min(len(paths), VARIANTS_SHOWN)} are those of {told} deals",
    ]
    lines += table(("Deals", "Won", "Lost", "Open", "Path"), paths, width, most=VARIANTS_SHOWN)
    lines += ["", *(line for said in _ways(discovery) for line in paragraph(said, width))]
    return "\n".join(lines).rstrip() + "\n"


def _ways(discovery: Discovery) -> list[str]:
    """Say what wins have in common, and where deals go round."""
    said: list[str] = []
    if usual := typical_path(discovery):
        passed = must_pass(discovery)
        said += [
            f"Every won deal passes: {', '.join(passed) if passed else 'no stage in common'}",
            f"The usual way: {' > '.join(usual)}",
        ]
    turns = [f"{', '.join(group)} ({say_count(deals, 'deal')})" for group, deals in loops(discovery) if deals]
    if turns:
        said.append(f"Deals go round in: {'; '.join(turns)}")
    return said
