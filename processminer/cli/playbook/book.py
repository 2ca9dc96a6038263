"""`processminer playbook book`: a playbook as a handbook for the people who sell."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from processminer.cli import shipped
from processminer.cli.terminal import harmless, progress, say, told_by, write
from processminer.words import say_count

if TYPE_CHECKING:
    from datetime import datetime

    from processminer.report.book.book import Book

FORMATS = ("html", "markdown", "docx")
USUAL = {"html": Path("book"), "markdown": Path("book.md"), "docx": Path("book.docx")}
"""Where a book goes if nothing is said."""


@click.command("book")
@click.argument("playbook", metavar="PLAYBOOK")
@click.option("--format", "kind", type=click.Choice(FORMATS), help="Default: told by --out's ending, else html.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="A folder for a site of pages, or a file: .html (all on one page), .md or .docx. Default: book.",
)
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DAY",
    help="Say what is fresh, due or over on this day, as 2026-01-31; without it the book only names the days.",
)
def command(playbook: str, kind: str | None, out: Path | None, as_of: datetime | None) -> None:
    """Write PLAYBOOK as a handbook: a page for each stage and role, with checklists, limits and the map.

    A site has relative links only and needs no script; its print.html holds the whole for the printer.
    """
    kind = kind or _told_by(out)
    with progress("Writing the book"):
        from processminer.report.book.compose import compose_book
        from processminer.study import declare

        declared = declare(shipped.playbook(playbook)).playbook
        book = compose_book(declared, None if as_of is None else as_of.date())
        out = out or USUAL[kind]
        told = _written(book, kind, out)
    say(harmless(told))


def _told_by(out: Path | None) -> str:
    """Return the format that a name tells; a folder, also one whose name ends in a version, holds a site."""
    if out is not None and (out.is_dir() or out.suffix[1:].isdigit()):
        return "html"
    if out is not None and out.suffix.lower() in (".md", ".htm"):
        return "markdown" if out.suffix.lower() == ".md" else "html"
    return told_by(out, FORMATS, "html")


def _written(book: Book, kind: str, out: Path) -> str:
    if kind == "markdown":
        from processminer.report.book.markdown_book import render_markdown_book

        write(render_markdown_book(book), out)
        return f"Written to {out}."
    if kind == "docx":
        from processminer.report.book.word_book import render_word_book

        write(render_word_book(book), out)
        return f"Written to {out}."
    if out.suffix.lower() in (".html", ".htm") and not out.is_dir():
        from processminer.report.book.html_book import render_whole

        write(render_whole(book), out)
        return f"Written to {out}, all on one page."
    return _published(book, out)


def _published(book: Book, out: Path) -> str:
    from processminer.report.book.publish import publish_site

    written, old = publish_site(book, out)
    gone = f" {say_count(len(old), 'page')} of an earlier book taken away." if old else ""
    return f"Written to {out}: {say_count(len(written), 'page')}.{gone} Open {written[0]}, or {written[-1]} to print."
