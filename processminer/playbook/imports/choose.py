"""One of several pipelines or processes in a file: the only one, or the one that is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from processminer.playbook.imports.said import refuse
from processminer.words import fold, say_list

if TYPE_CHECKING:
    from collections.abc import Sequence

_Thing = TypeVar("_Thing")


def choose(
    things: Sequence[tuple[str, str, _Thing]], wanted: str | None, file: str, what: str, many: str
) -> tuple[_Thing, list[str]]:
    """Return the thing of the wanted name or id, and the names of the others; things are (id, name, thing).

    Raises PlaybookError where the choice is open or there is none of that name.
    """
    if not things:
        raise refuse(file, f"holds no {what}.", "Export it again.")
    titles = [name or key for key, name, _ in things]
    if wanted is None:
        if len(things) > 1:
            message = f"holds {len(things)} {many}."
            hint = f"Choose one with --pipeline: {say_list((repr(title) for title in titles), 20)}."
            raise refuse(file, message, hint)
        return things[0][2], []
    fitting = [
        place for place, (key, name, _) in enumerate(things) if key == wanted or (name and fold(name) == fold(wanted))
    ]
    if len(fitting) != 1:
        message = f"holds {'no' if not fitting else len(fitting)} {what if not fitting else many} called {wanted!r}."
        named = say_list((f"{title!r} (id {key!r})" for (key, _, _), title in zip(things, titles, strict=True)), 20)
        raise refuse(file, message, f"There are: {named}.")
    (place,) = fitting
    return things[place][2], [title for at, title in enumerate(titles) if at != place]
