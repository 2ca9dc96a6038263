"""What the colours, widths and dashes of the stage map mean, and what it leaves out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.diagrams.colours import (
    BLUE,
    DAYS_RAMP,
    FREQUENCY_RAMP,
    INK,
    QUIET,
    UNUSED,
    VERMILION,
    WON,
)
from processminer.diagrams.lettering import short_days, text_width, wrap
from processminer.diagrams.markup import add, number, write
from processminer.diagrams.painting import DASHES
from processminer.words import say_count, say_list, say_percent

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from xml.etree.ElementTree import Element

    from processminer.diagrams.colours import Colouring
    from processminer.diagrams.flow import Flow, Line
    from processminer.diagrams.scale import Scale

TEXT = 11.5
ROW = 19


def _samples(flow: Flow, shown: frozenset[Line], scale: Scale, colouring: Colouring) -> list[tuple[str, str, bool]]:
    """Return colour, meaning and dash of every sample that the colouring needs."""
    if not flow.measured:
        cycle = [(WON, "service cycle: begins there, or opens a new deal there", False)]
        return [(BLUE, "allowed by the playbook", False), *(cycle if any(line.service for line in flow.lines) else [])]
    if colouring == "playbook":
        samples = [(BLUE, "allowed and used", False), (UNUSED, "allowed, not used", False)]
        return [*samples, (VERMILION, "not in the playbook", True)]
    if colouring == "days":
        said = [f"median up to {short_days(limit)}" for limit in scale.days]
        limits, ramp, beyond = scale.days, DAYS_RAMP, "longer"
    else:
        said = [f"up to {say_count(int(limit), 'time')}" for limit in scale.counts]
        limits, ramp, beyond = scale.counts, FREQUENCY_RAMP, "more often"
    # Where both limits are equal the middle colour is never used.
    classes = [0, 2] if limits[0] == limits[1] else [0, 1, 2]
    samples = [(ramp[place], [*said, beyond][place], False) for place in classes]
    return [*samples, (INK, "not in the playbook", True)] if any(line.declared is False for line in shown) else samples


def sentences(flow: Flow, shown: frozenset[Line], colouring: Colouring, least_share: float, rows: int = 1) -> list[str]:
    """Say what is drawn, what is left out, and where the moves are that are no lines."""
    said = [_drawn(flow, shown, colouring, least_share)]
    counted = {
        say_count(flow.losses, "move into a lost state", "moves into a lost state"): flow.losses,
        say_count(flow.repeats, "move back into the same stage", "moves back into the same stage"): flow.repeats,
        say_count(flow.reopenings, "move out of a lost state", "moves out of a lost state"): flow.reopenings,
    }
    if any(counted.values()):
        said.append(f"Counted in the cards: {say_list(text for text, count in counted.items() if count)}.")
    if flow.afterwards:
        said.append(f"Not shown: {say_count(flow.afterwards, 'move', 'moves')} from one end of a deal to a lost one.")
    wide = " The wider a line, the more often it was taken." if flow.measured else ""
    across = " What runs between the rows leads from one to the other." if rows > 1 else ""
    last = f"{say_arcs(line.course for line in shown)}{across}{wide}".strip()
    return [*said, last] if last else said


def say_arcs(courses: Iterable[str]) -> str:
    """Say what the arcs mean that are drawn; nothing where every line is straight.

    >>> say_arcs(["next", "return"]), say_arcs(["skip", "return"])
    ('Arcs below the line go back.', 'Arcs above the line skip ahead, arcs below it go back.')
    """
    drawn = {*courses}
    if {"skip", "return"} <= drawn:
        return "Arcs above the line skip ahead, arcs below it go back."
    if "skip" in drawn:
        return "Arcs above the line skip ahead."
    return "Arcs below the line go back." if "return" in drawn else ""


def _drawn(flow: Flow, shown: frozenset[Line], colouring: Colouring, least_share: float) -> str:
    if not flow.measured:
        told = f"{say_count(flow.allowed, 'move')} that the playbook allows, starts and wins included."
        return f"{told} A deal may be lost from every stage."
    used = flow.used
    drawn = [line for line in used if line in shown]
    hidden = len(used) - len(drawn)
    if not hidden:
        return f"All {len(used):,} different moves between the stages are drawn, starts included."
    share = say_percent(sum(line.count for line in drawn) / sum(line.count for line in used))
    allowed = "allowed and " if colouring == "playbook" else ""
    return (
        f"{len(drawn):,} of {len(used):,} different moves between the stages are drawn, starts included: {share} of "
        f"the traffic. The {hidden:,} left out {'is' if hidden == 1 else 'are'} {allowed}rarer than "
        f"{say_percent(least_share)} of it{'' if hidden == 1 else ' each'}."
    )


def draw_legend(
    parent: Element,
    flow: Flow,
    scale: Scale,
    colouring: Colouring,
    shown: frozenset[Line],
    least_share: float,
    width: float,
    rows: int = 1,
) -> float:
    """Draw samples and sentences into `parent` from 0 on, and return where they end."""
    samples = _samples(flow, shown, scale, colouring)
    return write_legend(parent, samples, sentences(flow, shown, colouring, least_share, rows), width)


def write_legend(parent: Element, samples: Sequence[tuple[str, str, bool]], said: Sequence[str], width: float) -> float:
    """Draw samples (colour, meaning, whether dashed) and below them sentences, and return where they end."""
    x = y = 0.0
    for ink, text, dashed in samples:
        room = 33 + text_width(text, TEXT) + 20
        if x and x + room > width:
            x, y = 0.0, y + ROW
        line = add(parent, "path", d=f"M{number(x)} {number(y - 4)}h26", stroke=ink, stroke_width=3)
        write(line, {"stroke_dasharray": DASHES if dashed else None})
        add(parent, "text", text, x=x + 33, y=y, fill=QUIET, font_size=TEXT)
        x += room
    for sentence in said:
        for text in wrap(sentence, width, TEXT, lines=9):
            y += ROW
            add(parent, "text", text, x=0, y=y, fill=QUIET, font_size=TEXT)
    return y + ROW
