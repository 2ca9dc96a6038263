"""The book as pages for a browser: a site of small pages, and one page of the whole for the printer."""

from __future__ import annotations

import base64
import hashlib
import re
from importlib import resources
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from processminer.report.escape import plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from jinja2 import Template

    from processminer.report.book.book import Block, Book, Line, Page

MARK = '<meta name="generator" content="processminer playbook book">'
"""By which a page of a book is known again, so that one that its playbook no longer has can be taken away."""

INDEX, WHOLE = "index.html", "print.html"


WIDEST_DRAWING = 1500
"""Pixels; a wider one has letters below eight pixels when it is shrunk to the column beside the contents."""

NARROWEST_DRAWING = 896
"""Pixels, as the style has it; a narrower one is shown as large as it was drawn, and not blown up to that."""


LONGEST_WORD = 14
"""Letters; five words of so many stand beside each other on the narrowest page that has the contents beside it."""


def render_site(book: Book) -> dict[str, str]:
    """Return the files of a site, name to text: the index first, a file for each page, and the whole for the printer.

    Links are relative, nothing is asked of the network, and no script is needed.
    """
    template = _template("site.html.j2", lambda page: f"{page}.html")
    order: tuple[Page | None, ...] = (None, *book.pages)
    around = zip((None, *order[:-1]), order, (*order[1:], None), strict=True)
    files = {
        INDEX if page is None else f"{page.id}.html": template.render(
            book=book, page=page, before=before, after=after, first=page is None, **_frame("site.css")
        )
        for before, page, after in around
    }
    return {**files, WHOLE: render_whole(book)}


def render_whole(book: Book) -> str:
    """Return the book as one page that stands alone; printed, each of its pages begins a sheet."""
    template = _template("whole.html.j2", lambda page: f"#{page}")
    return template.render(book=book, **_frame("whole.css"))


def _template(name: str, place: Callable[[str], str]) -> Template:
    """Return a template; `place` says where in this form of the book the page of an id is."""
    environment = Environment(
        loader=PackageLoader("processminer.report.book", "page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    known = {
        "place": place,
        "kind": _kind,
        "drawing": _drawing,
        "as_drawn": _keeps_its_size,
        "torn": _is_torn,
        "mark": Markup(MARK),
    }
    return environment.get_template(name, globals=known)


def _frame(own: str) -> dict[str, Markup | str]:
    """Return the style of a page, and the policy that lets this style and nothing else in."""
    style = _asset("book.css") + _asset(own)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    return {"style": Markup(style), "policy": policy}


def _asset(name: str) -> str:
    return resources.files("processminer.report.book").joinpath("page", name).read_text(encoding="utf-8")


def _kind(block: Block) -> str:
    """Return the name of the macro that writes a block."""
    return type(block).__name__.lower()


def _drawing(svg: str) -> Markup:
    """Take over a drawing of the diagrams room, which escapes every name itself."""
    return Markup(svg[svg.index("<svg") :])


def _keeps_its_size(svg: str) -> bool:
    """Tell whether a drawing is shown as it was drawn and scrolls in its own box where that does not fit.

    One that is wide could not be read if it were shrunk, and a narrow one would be coarse if it were stretched.
    """
    width = re.match(r'<svg\b[^>]*\bwidth="([\d.]+)"', svg[svg.index("<svg") :])
    return width is not None and not NARROWEST_DRAWING <= float(width[1]) <= WIDEST_DRAWING


def _is_torn(cell: Line) -> bool:
    """Tell whether a cell holds a word that is too long to stay whole beside four others."""
    return max((len(word) for run in cell for word in run.text.split()), default=0) > LONGEST_WORD


def _shown(value: object) -> object:
    """Return a value as the page may show it: nothing that acts, a number and its unit kept on one line."""
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    return re.sub(r"(?<=\d) (?=(?:days?|hours?|minutes?|%)(?!\w))", "\u00a0", plain(value))
