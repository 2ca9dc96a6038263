"""What is written on a card of the stage map, and how much room it needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from processminer.diagrams.lettering import short_count, short_days, text_width, wrap
from processminer.diagrams.markup import clean, named
from processminer.diagrams.told import handover_text, service_text, stage_rules
from processminer.words import say_count, say_days, say_percent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.diagrams.flow import Flow, Station
    from processminer.playbook.parts.stages import ServiceStage, Stage

TITLE = 13
"""Size of a card's name."""
ROW = 12
"""Size of the other text on a card."""
INSET = 9
"""Room between the text and the border."""
NARROWEST = {"start": 76, "stage": 112, "won": 76, "service": 112}
WIDEST_TEXT = 168
"""A name wider than this is broken, and then cut; it is whole in the card's title."""
WIDEST_LINE = 192
"""Other lines wider than this are cut: room for `from Customer success manager`."""


@dataclass(frozen=True, slots=True)
class Card:
    """The text of one card; every line fits into `width` less its margins."""

    title: tuple[str, ...]
    rows: tuple[str, ...]
    badges: tuple[str, ...]
    footer: str | None
    width: float
    sentence: str
    """Everything the card says, read out as one sentence."""


def card(station: Station, flow: Flow) -> Card:
    """Return the card of a station: with counts and times if there are deals, else with what is declared."""
    if flow.measured:
        rows, footer = _counted(station, flow)
    else:
        rows, footer = _declared(station)
    badges = _badges(station)
    lines = [*rows, *badges, *([footer] if footer else [])]
    room = max([NARROWEST[station.kind] - 2 * INSET, *(text_width(line, ROW) for line in lines)])
    name = named(station.name)
    longest = max(text_width(word, TITLE, bold=True) for word in name.split())
    half = text_width(name, TITLE, bold=True) / 2
    room = max(room, min(WIDEST_TEXT, max(longest, half)))
    return Card(
        title=tuple(wrap(name, room, TITLE, bold=True)),
        rows=rows,
        badges=badges,
        footer=footer,
        width=room + 2 * INSET,
        sentence=_sentence(name, station, flow),
    )


def _counted(station: Station, flow: Flow) -> tuple[tuple[str, ...], str | None]:
    if station.kind == "start":
        return (say_count(station.deals, "deal"),), None
    share = f" · {say_percent(station.deals / flow.deals)}" if flow.deals else ""
    if station.kind == "won":
        return (say_count(station.deals, "deal"), share.removeprefix(" · ")), None
    if not station.deals:
        return ("no deal came here", "in the playbook only"), None
    rows = [f"{short_count(station.deals)} {'deal' if station.deals == 1 else 'deals'}{share}"]
    if station.time is not None:
        median = station.time.median_days
        rows.append("median not reached" if median is None else f"median {short_days(median)}")
    lost = f"{short_count(station.lost)} lost · {say_percent(station.lost / station.deals)}"
    return tuple(rows), lost if station.lost else "none lost"


def _declared(station: Station) -> tuple[tuple[str, ...], str | None]:
    """Return what the playbook says of a station, and whether deals may leave it out."""
    if station.service is not None:
        return tuple(_serving(station.service)), None
    stage = station.stage
    if stage is None:
        return tuple(_given(station)), None
    rows = [*_line(stage.owner), *_limit(stage)]
    tasks = [say_count(len(stage.tasks), "task")] if stage.tasks else []
    criteria = len(stage.entry_criteria) + len(stage.exit_criteria)
    counted = [*tasks, *([say_count(criteria, "criterion", "criteria")] if criteria else [])]
    rows += [", ".join(counted)] if counted else []
    rows += [f"at most {say_count(stage.max_visits, 'visit')}"] if stage.max_visits is not None else []
    return (*rows, *_given(station)), "optional" if stage.optional else None


def _limit(stage: Stage | ServiceStage) -> list[str]:
    return [] if stage.time_limit is None else [f"within {say_days(stage.time_limit)}"]


def _line(text: str | None) -> list[str]:
    """Return a text as one line of a card, cut if need be; nothing for nothing."""
    return [line for line in wrap(clean(text), WIDEST_LINE, ROW, lines=1) if line] if text else []


def _serving(service: ServiceStage) -> Iterator[str]:
    yield from _line(service.owner)
    if service.begins_at:
        yield from _line(f"after {service.begins_at}")
    if service.within is not None:
        yield f"begins in {say_days(service.within)}"
    yield from _limit(service)
    if service.tasks:
        yield say_count(len(service.tasks), "task")
    if service.opens:
        yield from _line(f"opens {service.opens}")


def _given(station: Station) -> Iterator[str]:
    """Say what changes hands as deals come here: from whom, and by when."""
    for handover in station.handovers:
        yield from _line(f"from {handover.giver}" if station.is_card else f"to {handover.taker}")
        if handover.within is not None:
            yield f"handed over in {say_days(handover.within)}"


def _badges(station: Station) -> tuple[str, ...]:
    marks = ["may repeat"] if station.may_repeat else []
    marks += ["out of reach"] if station.out_of_reach else []
    said = {"open now": station.open, "repeated": station.repeats, "reopened": station.reopened}
    if not station.is_card:
        said = {"came back": station.repeats, "reopened": station.reopened}
    return (*marks, *(f"{short_count(count)} {what}" for what, count in said.items() if count))


def _sentence(name: str, station: Station, flow: Flow) -> str:
    if not flow.measured:
        return _declaration(name, station)
    if station.kind == "start":
        return f"Start: {say_count(station.deals, 'deal')} with a path"
    if not station.deals:
        return f"{name}: in the playbook; no deal came here"
    parts = [f"{_of_deals(station.deals, flow.deals)} came here"]
    if station.is_card:
        if station.time is not None:
            parts.append(f"median stay {say_days(station.time.median_days)}")
        parts.append(f"{_of_deals(station.lost, station.deals)} lost from here")
        parts.append(f"{station.open:,} here now")
    if station.repeats:
        parts.append(f"{say_count(station.repeats, 'repeated visit')}")
    if station.reopened:
        parts.append(f"{station.reopened:,} came here out of a lost state")
    stray = "; not in the playbook" if station.declared is False else ""
    return f"{name}: {', '.join(parts)}{stray}"


def _declaration(name: str, station: Station) -> str:
    """Say a card of a playbook alone: the whole of what it can only hint at."""
    if station.service is not None:
        return clean(f"Service {service_text(station.service)}")
    facts = [] if station.stage is None else list(stage_rules(station.stage))
    facts += ["Deals may come here straight from here"] if station.may_repeat else []
    facts += ["No deal can come here by what the playbook allows"] if station.out_of_reach else []
    facts += [handover_text(handover) for handover in station.handovers]
    return clean(f"{name}: {'; '.join(facts)}") if facts else name


def _of_deals(part: int, whole: int) -> str:
    return f"{part:,} of {say_count(whole, 'deal')} ({say_percent(part / whole)})"
