"""The book of a playbook, composed once for every format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.diagrams.mermaid import draw_playbook_mermaid
from processminer.diagrams.stage_map import draw_playbook_map
from processminer.playbook.lint.care import last_look
from processminer.report.book.book import Book, Bullets, Fact, Facts, Map, Paragraph, Run, Section, Table, runs_of
from processminer.report.book.checks import OPTIONAL
from processminer.report.book.closing_pages import deals_meant, keeping_pages, outcomes_page
from processminer.report.book.freshness import freshness, in_force, review_rhythm
from processminer.report.book.places import places_of
from processminer.report.book.role_page import role_pages
from processminer.report.book.service_page import service_page
from processminer.report.book.stage_page import stage_page
from processminer.report.book.wording import NOT_SAID, either, fact, length, line, listed, share, text
from processminer.words import say_count

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from processminer.playbook.model import Playbook
    from processminer.report.book.places import Places

ROOM = 1300
"""Pixels; a wider map has letters of less than eight pixels in the column beside the contents of a small screen."""


def compose_book(playbook: Playbook, as_of: date | None = None) -> Book:
    """Return the book of a playbook as of a day; without one nothing is called fresh, due or over."""
    places = places_of(playbook)
    pages = (
        *(stage_page(stage, places) for stage in playbook.stages),
        outcomes_page(places),
        *service_page(places),
        *role_pages(places),
        *keeping_pages(places, as_of),
    )
    opening = (Section("How to use this book", tuple(_use(places))), _way(places))
    cover = tuple(_cover(places, as_of, (*opening, *(part for page in pages for part in page.sections))))
    edition = f"version {text(playbook.version).text}"
    return Book(text(playbook.name).text, edition, Facts(cover), opening, pages)


def _cover(places: Places, as_of: date | None, sections: tuple[Section, ...]) -> Iterator[Fact]:
    playbook = places.playbook
    yield fact("Version", text(playbook.version))
    yield fact("Valid from", in_force(playbook.valid_from, as_of))
    if playbook.replaces is not None:
        yield fact("Replaces", text(playbook.replaces))
    yield fact("Owner", places.role(playbook.owner))
    yield fact("Applies to", deals_meant(playbook.applies_to))
    look = last_look(playbook)
    looked = None if look is None else look[1]
    yield fact("Review", review_rhythm(playbook), ": ", freshness(looked, playbook.review_every, as_of))
    if as_of is not None:
        yield fact("Stands as of", str(as_of))
    silent = sum(run.tone == "missing" for part in sections for block in part.blocks for run in runs_of(block))
    if silent:
        yield fact(
            "Left open",
            f"{say_count(silent, 'place')} of this book still ",
            "say" if silent > 1 else "says",
            " ",
            NOT_SAID,
        )


def _use(places: Places) -> Iterator[Paragraph | Bullets]:
    owner = places.playbook.owner
    teller = places.role(owner) if owner else Run("whoever keeps this book")
    yield Bullets(
        (
            line("Look up in the CRM which stage a deal is in, and open the page of that stage."),
            line("Work down its checklist. Whatever is not marked optional is done before the deal moves on."),
            line("Move the deal on when everything under “What must be true” is true, and not before."),
            line("Look at the limits: a deal that passes one is a decision to take, not a deal to wait for."),
            line("Ticks are for the screen or the sheet in your hand; nothing keeps them. What counts is in the CRM."),
            line("Where the work is done differently and better, tell ", teller, ": the book is meant to change."),
        )
    )


def _way(places: Places) -> Section:
    playbook = places.playbook
    rows = tuple(
        (
            line(Run(f"{place}. "), places.stage(stage.name), *([OPTIONAL] if stage.optional else [])),
            (either(stage.goal),),
            (places.role(stage.owner),),
            (NOT_SAID if stage.time_limit is None else Run(length(stage.time_limit)),),
            (NOT_SAID if stage.probability is None else Run(share(stage.probability)),),
        )
        for place, stage in enumerate(playbook.stages, 1)
    )
    drawn = Map(draw_playbook_map(playbook, ROOM), draw_playbook_mermaid(playbook), _told(places))
    table = Table(("Stage", "Goal", "Owner", "Time limit", "Chance"), rows)
    return Section("The way of a deal", (drawn, table), landscape=True)


def _told(places: Places) -> str:
    """Tell the map in sentences."""
    order, outcomes = places.playbook.names, places.playbook.outcomes
    told = [f"Deals begin in {_or(name for name in order if name in places.moves.starts)}."]
    for name in order:
        on = [target for target in order if (name, target) in places.moves.between]
        if name in places.moves.wins:
            on += outcomes.won[:1]
        if on:
            told.append(f"From {_or([name])} to {_or(on)}.")
    for stage in places.playbook.service:
        if stage.begins_at is not None:
            told.append(f"{_or([stage.name])} begins with {_or([stage.begins_at])}.")
    return " ".join(told)


def _or(names: Iterable[str]) -> str:
    return "".join(run.text for run in listed([text(name) for name in names], "or"))
