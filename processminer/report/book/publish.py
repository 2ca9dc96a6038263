"""A book's files, written into a folder; pages that its playbook no longer has are taken away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.errors import InputError, Place
from processminer.report.book.html_book import MARK, render_site

if TYPE_CHECKING:
    from pathlib import Path

    from processminer.report.book.book import Book

_HEAD = 2000
"""The mark of a page stands within so many bytes of its beginning."""


def publish_site(book: Book, folder: Path) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
    """Write the site of a book into a folder (made if absent); return the files written and those taken away.

    Taken away are the pages of an earlier book that this one has no longer, known by their mark; nothing else is
    touched. Raises InputError where the folder cannot be written.
    """
    texts = render_site(book)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        old = tuple(path for path in sorted(folder.glob("*.html")) if path.name not in texts and _is_ours(path))
        for name, text in texts.items():
            (folder / name).write_bytes(text.encode())
        for path in old:
            path.unlink()
    except OSError as error:
        message = f"cannot be written: {error.strerror}."
        raise InputError(message, Place(str(folder)), "Name another folder with --out.") from error
    return tuple(folder / name for name in texts), old


def _is_ours(path: Path) -> bool:
    if path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as file:
        return MARK.encode() in file.read(_HEAD)
