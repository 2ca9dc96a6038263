"""What was read of an export, how it was treated, and what the log can show, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.words import say_count, say_list

if TYPE_CHECKING:
    from processminer.log.eventlog import EventLog, IngestReport, Problem


def say_met(problem: Problem) -> str:
    """Say how often a quirk was met, and in how many deals.

    >>> from processminer.log.eventlog import Problem
    >>> say_met(Problem("x", 41, "", (), deals=12)), say_met(Problem("x", 3, "", (), counts="deals", deals=3))
    ('41 rows in 12 deals', '3 deals')
    >>> say_met(Problem("x", 0, "", (), counts="deals")), say_met(Problem("x", 2, "", (), counts="steps", deals=1))
    ('none', '2 moves in 1 deal')
    """
    if problem.rows == 0:
        return "none"
    spoken = {"people": ("person", "people"), "steps": ("move", "moves")}
    one, many = spoken.get(problem.counts, (problem.counts.removesuffix("s"), problem.counts))
    met = say_count(problem.rows, one, many)
    if problem.deals is None or problem.counts == "deals":
        return met
    return f"{met} in {say_count(problem.deals, 'deal')}"


def say_deals(ingest: IngestReport) -> str:
    """Say how many deals were read, used, and set aside for which reasons."""
    told = f"{say_count(ingest.deals_read, 'deal')} read, {ingest.deals_used:,} used"
    if not ingest.deals_set_aside:
        return f"{told}."
    reasons = ", ".join(f"{reason.replace('-', ' ')} {deals:,}" for reason, deals in ingest.deals_set_aside.items())
    return f"{told}, {sum(ingest.deals_set_aside.values()):,} set aside ({reasons})."


def say_switch(problem: Problem) -> str:
    """Say how a quirk is treated another way; nothing where there is none.

    >>> from processminer.log.eventlog import Problem
    >>> say_switch(Problem("x", 1, "", (), others=("keep", "drop")))
    '--treat x=keep or x=drop'
    """
    switches = " or ".join(f"{problem.kind}={other}" for other in problem.others)
    return f"--treat {switches}" if switches else ""


def say_shown(log: EventLog) -> str:
    """Say which questions this log can answer, and which only in part.

    Those it cannot answer are told by `say_hidden`, with the reason.
    """
    full = [answer.question for answer in log.ingest.answers if answer.verdict == "yes"]
    part = [answer.question for answer in log.ingest.answers if answer.verdict == "partly"]
    told = say_list(full, len(full)) or "nothing in full"
    return f"{told}; in part {say_list(part, len(part))}" if part else told


def say_hidden(log: EventLog) -> str:
    """Say what this log cannot show and why; empty where it shows everything."""
    return " ".join(f"{one.question}: {one.because}" for one in log.ingest.answers if one.verdict == "no")
