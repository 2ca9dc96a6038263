"""The top of a draft: what it rests on, how to read it, and won deals to look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.drafting.saying import named, walked
from processminer.drafting.shape import RARE, REQUIRED
from processminer.estimates.advance import SHARE
from processminer.words import say_count, say_days, say_list, say_percent, say_share

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.discovery.won_examples import WonExample
    from processminer.drafting.evidence import Evidence

FEW = 20
"""With fewer won deals no share of them is known to better than 20 points either way."""


def head_lines(evidence: Evidence) -> Iterator[str]:
    """Yield the comments that stand above everything."""
    shape, totals = evidence.shape, evidence.totals
    yield f"# Drafted from {say_count(shape.won_deals, 'won deal')}: what they did, not what is best."
    yield (
        f"# The log has {say_count(totals.deals, 'deal')}: {totals.won:,} won, {totals.lost:,} lost and"
        f" {totals.open:,} open by {evidence.as_of:%Y-%m-%d}."
    )
    if shape.won_deals == 0:
        why = "No won deal was seen before it was won" if totals.won else "No deal is won"
        yield f"# {why}, so nothing could be learned: every stage is optional, in the order of entry."
    elif shape.won_deals < FEW:
        yield f"# So few show what these {shape.won_deals} did, and no rule. From {FEW} on it begins to be one."
    yield "# Read it aloud with the people who sell, say who does what and how, and strike what is only habit."
    meant = list(_reading_lines(evidence))
    yield from ["#", *meant] if meant else []
    yield from _example_lines(evidence)


def _reading_lines(evidence: Evidence) -> Iterator[str]:
    """Say what the figures behind the lines mean."""
    shape = evidence.shape
    if shape.won_deals:
        required, rare = say_percent(REQUIRED), say_percent(RARE)
        yield f"# Required is what {required} of the won deals show or more; left out is what fewer than {rare} show."
    if shape.moves:
        forward = say_share(shape.forward, shape.moves)
        yield f"# {forward} moves of won deals from stage to stage go forward in this order."
    if any(time.days is not None for time in evidence.times.values()):
        yield f"# A time limit is what {say_percent(SHARE)} of the deals that went on kept to: one in five took longer."
        yield "# It is rounded up to whole days, hours or minutes; the figure behind it is not."
    if shape.won_deals:
        yield "# A probability is the share of the deals entering a stage that are won within the time said."
        yield "# In both, open deals count for as long as they have been followed. Ranges are 95 % limits."


def _example_lines(evidence: Evidence) -> Iterator[str]:
    examples = evidence.examples
    if not examples:
        return
    ways = {walked(evidence.shape.spellings.get(stage, stage) for stage in one.way): one.way for one in examples}
    yield "#"
    if len(ways) == 1:
        (said, way), *_ = ways.items()
        took = say_share(evidence.shape.ways[way], evidence.shape.won_deals)
        yield f"# Won deals to read. They went the most usual way, as {took} did:"
        yield f"#   {said}"
    else:
        yield "# Won deals to read, each with its way; no way is that of many:"
    for one in examples:
        yield f"# - {_told(one, evidence.segment)}"
        if len(ways) > 1:
            yield f"#   {walked(one.way)}"


def _told(example: WonExample, segment: str | None) -> str:
    said = f"{named(example.deal)}: {say_days(example.days)}"
    if segment is not None and example.segment is not None:
        said = f"{named(example.deal)} ({named(segment)}: {named(example.segment)}): {say_days(example.days)}"
    if not example.touch_points:
        return said
    done = say_list(f"{times} {named(name)}" for name, times in example.touches.items())
    return f"{said}, {say_count(example.touch_points, 'touch point')}: {done}"
