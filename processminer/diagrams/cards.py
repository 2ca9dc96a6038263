"""What is written on a card of the stage map, and how much room it needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from processminer.diagrams.lettering import short_count, short_days, text_width, wrap
from processminer.diagrams.markup import clean
from processminer.words import say_count, say_days, say_percent

if TYPE_CHECKING:
    from processminer.diagrams.flow import Flow, Station

TITLE = 13
"""Size of a card's name."""
ROW = 12
"""Size of the other text on a card."""
INSET = 9
"""Room between the text and the border."""
NARROWEST = {"start": 76, "stage": 112, "won": 76}
WIDEST_TEXT = 168
"""A name wider than this is broken, and then cut; it is whole in the card's title."""


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
    name = clean(station.name) or "(no name)"
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
    stage = station.stage
    if stage is None:
        return (), None
    owner = wrap(clean(stage.owner), WIDEST_TEXT, ROW, lines=1) if stage.owner else []
    limit = [] if stage.time_limit is None else [f"within {say_days(stage.time_limit)}"]
    tasks = [say_count(len(stage.tasks), "task")] if stage.tasks else []
    criteria = [say_count(len(stage.exit_criteria), "criterion", "criteria")] if stage.exit_criteria else []
    said = [*owner, *limit, ", ".join([*tasks, *criteria])]
    return tuple(line for line in said if line), "optional" if stage.optional else None


def _badges(station: Station) -> tuple[str, ...]:
    said = {"open now": station.open, "repeated": station.repeats, "reopened": station.reopened}
    if station.kind != "stage":
        said = {"came back": station.repeats, "reopened": station.reopened}
    return tuple(f"{short_count(count)} {what}" for what, count in said.items() if count)


def _sentence(name: str, station: Station, flow: Flow) -> str:
    if station.kind == "start":
        return f"Start: {say_count(station.deals, 'deal')} with a path"
    if not station.deals:
        return f"{name}: in the playbook; no deal came here" if flow.measured else f"{name}: in the playbook"
    parts = [f"{_of_deals(station.deals, flow.deals)} came here"]
    if station.kind == "stage":
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


def _of_deals(part: int, whole: int) -> str:
    return f"{part:,} of {say_count(whole, 'deal')} ({say_percent(part / whole)})"
