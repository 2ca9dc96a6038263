"""The door to python-docx, its frame: paper, letters, and what a document says of itself, which is never the time."""

# pyright: basic
# ruff: noqa: SLF001 - python-docx has no public way to the properties that it sets by itself

from __future__ import annotations

import io
import zipfile
from typing import Any

_INK = "1B2733"
_LETTERS = "Arial"
"""A face that every system has, or has another of the same widths for; so pages break at the same places."""
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The first moment that a ZIP archive can say; a file's own would differ from run to run."""


def shape(section: Any, *, wide: bool) -> None:
    """Make a section's paper A4, upright or on its side."""
    from docx.enum.section import WD_ORIENT
    from docx.shared import Cm

    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (Cm(29.7), Cm(21.0)) if wide else (Cm(21.0), Cm(29.7))
    section.left_margin = section.right_margin = section.top_margin = Cm(1.8)
    section.bottom_margin = Cm(1.6)


def style(document: Any) -> None:
    """Set letters, sizes and colours once, so that a team can change them in one place as well."""
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    looks = {
        "Normal": (9.5, 3),
        "Title": (28, 12),
        "Heading 1": (20, 3),
        "Heading 2": (12.5, 3),
        "TOC Heading": (12.5, 3),
        "List Bullet": (9.5, 2),
    }
    for name, (size, after) in looks.items():
        own = document.styles[name]
        own.font.name, own.font.size = _LETTERS, Pt(size)
        own.font.color.rgb = RGBColor.from_string(_INK)
        own.paragraph_format.space_after = Pt(after)
        fonts = own.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(theme), None)
        own.paragraph_format.space_before = Pt(10 if 12 < size < 28 else 0)
    for border in document.styles["Title"].element.findall(f".//{qn('w:pBdr')}"):
        border.getparent().remove(border)


def keep_no_clock(document: Any, title: str, author: str) -> None:
    """Say whose document it is, and take out when and by which program its template was made."""
    said = document.core_properties
    # Word takes no more than 255 letters.
    said.title, said.author, said.language, said.comments = title[:255], author[:255], "en", ""
    for element in list(said._element):
        if element.tag.endswith(("}created", "}modified")):
            said._element.remove(element)
    package = document.part.package
    for name, relation in list(package.rels.items()):
        if relation.reltype.endswith("/thumbnail"):
            del package.rels[name]


def without_clock(archive: bytes) -> bytes:
    """Return a ZIP archive with the same files, none of which says when it was written."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, _LONG_AGO)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # else it says on which system it was made
            new.writestr(entry, old.read(name))
    return written.getvalue()
