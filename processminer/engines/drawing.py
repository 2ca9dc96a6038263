"""The door to graphviz: DOT becomes SVG where the `dot` program is installed."""

from __future__ import annotations

import re

from processminer.errors import EngineError

_INSTALL = "Install graphviz: `apt install graphviz`, `brew install graphviz` or `choco install graphviz`."
_NO_CONTENT = re.compile(r"<!--.*?-->\n?", re.DOTALL)


def dot_to_svg(dot: str) -> str:
    """Return the SVG that graphviz makes of a DOT text, without its comments and its outside document type.

    Raises EngineError where the program is missing or refuses the text.
    """
    import graphviz  # pyright: ignore[reportMissingTypeStubs]

    try:
        svg = graphviz.Source(dot, engine="dot").pipe(format="svg", encoding="utf-8")
    except graphviz.ExecutableNotFound as error:
        message = "The program `dot` of graphviz is not installed, or not on the PATH."
        raise EngineError(message, hint=_INSTALL) from error
    except graphviz.CalledProcessError as error:
        said = " ".join(str(error.stderr or error).split())
        message = f"graphviz refused the drawing: {said}"
        raise EngineError(message, hint="Save the DOT text and look at the place it names.") from error
    return _NO_CONTENT.sub("", svg[svg.index("<svg") :])
