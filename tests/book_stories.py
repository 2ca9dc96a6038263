"""Playbooks that say everything, nothing or something hostile, and what a reader finds in a book of any format."""

from __future__ import annotations

import io
import re
from datetime import date
from html.parser import HTMLParser
from typing import Any

import docx
from markdown_it import MarkdownIt

from processminer.playbook.model import Playbook
from processminer.report.book.book import Book
from processminer.report.book.html_book import render_site, render_whole
from processminer.report.book.markdown_book import render_markdown_book
from processminer.report.book.word_book import render_word_book

AS_OF = date(2026, 6, 1)

TASK: dict[str, Any] = {
    "do": "Discovery call", "by": "SDR", "how": "Ask first.\nListen second.", "material": "call-script.md",
    "output": "Notes of the call", "optional": True, "within": "2 days", "takes": "36 hours", "times": 3,
    "seen_as": ["Call", "Meeting"],
}  # fmt: skip

FULL: dict[str, Any] = {
    "name": "New business",
    "version": "2.1.0",
    "valid_from": date(2026, 1, 1),
    "replaces": "v2.0.0.yaml",
    "owner": "Sales operations",
    "review_every": "90 days",
    "reviewed": date(2026, 4, 2),
    "applies_to": {"pipeline": ["Main pipeline"], "type": ["New", "Expansion"]},
    "roles": [{"name": "SDR", "aliases": ["Sales development"], "people": ["O'Hara, Ann", "u-17"]}],
    "stages": [
        {"name": "Lead", "goal": "They answer.", "may_skip_to": ["Offer"], "tasks": [{"do": "Write"}]},
        {
            "name": "Qualification",
            "aliases": ["2-Scoping"],
            "goal": "The need is real.",
            "owner": "SDR",
            "probability": "33.5%",
            "optional": True,
            "time_limit": "14 days",
            "warn_after": "10 days",
            "close_after": "60 days",
            "max_silence": "5 days",
            "min_contacts": 2,
            "max_visits": 4,
            "may_start": True,
            "next": ["Offer"],
            "may_skip_to": ["Signed", "Closed Won"],
            "may_return_to": ["Lead"],
            "tasks": [TASK],
            "entry_criteria": [{"name": "Fit", "field": "Fit__c", "values": ["good", "great"], "optional": True}],
            "exit_criteria": [
                {"name": "Our four", "uses": "BANT", "at_least": 2, "of": {"Budget": "Budget__c", "Need": None}},
                {"name": "Paper", "seen_as": ["Contract sent"], "document": "Order form", "approved_by": "Legal"},
            ],
            "advance_when": ["They ask for a price"],
            "skip_cost": 2,
            "extra_cost": 3,
        },
        {"name": "Offer", "goal": "They know the price."},
        {"name": "Signed"},
    ],
    "outcomes": {
        "won": ["Closed Won", "Gewonnen"], "lost": ["Closed Lost"], "no_decision": ["Went silent"],
        "disqualified": ["Not a fit"], "loss_reason": "Loss_Reason__c",
    },
    "handovers": [
        {
            "entering": "Qualification", "from": "Marketing", "to": "SDR", "within": "1 day",
            "passes": ["Source", "First answer"], "seen_as": ["Accepted"],
        }
    ],
    "service": [
        {
            "name": "Delivery", "aliases": ["Rollout"], "begins_at": "Closed Won", "within": "7 days",
            "goal": "It runs.", "owner": "Service manager", "time_limit": "30 days", "seen_as": ["Kick-off"],
            "tasks": [{"do": "Deliver it", "by": "Service manager"}], "opens": "Lead",
        }
    ],
    "metrics": [
        {
            "name": "Speed", "target": "at most 60 days", "owner": "Sales manager", "measure": "time in stage",
            "stage": "Offer",
        }
    ],
    "materials": [
        {
            "name": "call-script.md", "where": "https://example.org/scripts/call", "owner": "Enablement",
            "reviewed": date(2026, 1, 15),
        }
    ],
    "undeclared_cost": 4,
    "accepted": [
        {
            "deviation": "skipped", "subject": "Offer", "because": "Small deals need none.",
            "until": date(2026, 5, 31), "where": {"segment": ["SMB"]},
        }
    ],
    "changes": [
        {"version": "2.1.0", "day": date(2026, 1, 1), "why": "Offers came late.", "evidence": "audit of March"},
    ],
}  # fmt: skip
"""Every key of the model is said here once at least; a test holds that."""

HOSTILE_TEXTS = (
    "<script>alert(1)</script>", "../../x", "..\\..\\x", "CON", "A b", "a-b", "\x00\x1b[2J\u202egnp",
    "| a `b` **c** [d](javascript:alert(1)) @team #1", "</style><img src=x onerror=alert(1)>", "{{ 7 * 7 }}{% x %}",
    "]]> &amp; \"quoted\" 'single'", "x" * 300, "阶段 🎉", "\ufffe\ud800", "- [ ] 1. # ~~~", "=cmd|' /C calc'!A0",
)  # fmt: skip


def book_says(data: dict[str, Any]) -> Playbook:
    return Playbook.model_validate(data)


def hostile() -> Playbook:
    """A playbook in which every text tries to be something else, and every name is taken for a file's."""
    stages = [
        {
            "name": name, "goal": name, "owner": name, "aliases": [f"{name} 2"], "advance_when": [name],
            "tasks": [{"do": name, "by": name, "how": name, "material": name, "output": name, "seen_as": [name]}],
            "exit_criteria": [{"name": name, "of": {name: name, "b": None}, "approved_by": name, "document": name}],
        }
        for name in HOSTILE_TEXTS
    ]  # fmt: skip
    first, second = HOSTILE_TEXTS[0], HOSTILE_TEXTS[1]
    materials = [{"name": name, "where": f"javascript:{name}", "owner": name} for name in HOSTILE_TEXTS]
    return book_says(
        {
            "name": first, "version": second, "owner": second, "applies_to": {first: [second]}, "stages": stages,
            "handovers": [{"entering": first, "from": second, "to": first, "passes": [first]}],
            "service": [{"name": first + "!", "begins_at": "Closed Won", "goal": first}],
            "metrics": [{"name": first, "target": first}], "materials": materials,
            "accepted": [{"deviation": "skipped", "subject": first, "because": second, "where": {first: [second]}}],
            "changes": [{"version": second, "why": first}],
        }
    )  # fmt: skip


class Seen(HTMLParser):
    """What a reader finds on a page, and where its links lead."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._silent = 0
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._silent += tag in ("style", "script", "title", "svg")

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in ("style", "script", "title", "svg")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.texts.append(data)

    @property
    def text(self) -> str:
        return one_line("".join(self.texts))

    @property
    def links(self) -> list[str]:
        return [str(said["href"]) for tag, said in self.tags if tag == "a" and "href" in said]

    @property
    def ids(self) -> list[str]:
        return [str(said["id"]) for _, said in self.tags if "id" in said]


def one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("\u200b", ""))


FORMATS = {
    "site": lambda book: " ".join(Seen(page).text for name, page in render_site(book).items() if name != "print.html"),
    "whole": lambda book: Seen(render_whole(book)).text,
    "markdown": lambda book: Seen(markdown_page(book)).text,
    "docx": lambda book: word_text(render_word_book(book)),
}
"""What a reader finds in each format of a book, on one line."""


def markdown_page(book: Book) -> str:
    """Return the page that a host makes of the Markdown."""
    return MarkdownIt("commonmark", {"html": True}).enable("table").render(render_markdown_book(book))


def word_text(content: bytes) -> str:
    """Return the text of a Word document: paragraphs and cells in reading order, links and check boxes included."""
    body = docx.Document(io.BytesIO(content)).element.body
    pieces = body.iter("{*}t", "{*}tab", "{*}br", "{*}p")
    return one_line("".join(piece.text or "" if piece.tag.endswith("}t") else " " for piece in pieces))
