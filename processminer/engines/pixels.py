"""The door to resvg: an SVG becomes a PNG without a browser or a system library."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from processminer.errors import EngineError


def svg_to_png(svg: str, width: int | None = None) -> bytes:
    """Return the PNG of an SVG, `width` pixels wide (its own width if None), on white ground.

    Letters that the bundled font lacks, Chinese ones for example, come from the fonts of the system; so two machines
    may differ in them. Raises EngineError for what is no SVG.
    """
    import resvg_py

    fonts = _bundled_fonts()
    try:
        return bytes(
            resvg_py.svg_to_bytes(
                svg_string=svg,
                width=width,
                background="#ffffff",
                dpi=96,  # without it a size in points, as graphviz writes it, counts as nothing
                font_files=[str(font) for font in fonts] or None,
                sans_serif_family="DejaVu Sans" if fonts else None,
            )
        )
    except ValueError as error:
        message = f"The drawing cannot be turned into pixels: {error}"
        raise EngineError(message, hint="Keep the SVG; every browser shows it.") from error


def _bundled_fonts() -> list[Path]:
    """Return font files that come with the plotting library, found without importing it."""
    spec = find_spec("matplotlib")
    places = [] if spec is None else spec.submodule_search_locations or []
    folders = [Path(place) / "mpl-data" / "fonts" / "ttf" for place in places]
    files = [folder / name for folder in folders for name in ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf")]
    return [file for file in files if file.is_file()]
