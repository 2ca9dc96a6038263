"""What a status says of how a deal stands, where a win is a status and no stage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.log.words_known import outcome_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from processminer.engines.relations import Relations
    from processminer.log.eventlog import StageClass

ENDED = (
    "SELECT deal AS deal_id, any_value(stage) AS stage, any_value(ends) AS kind FROM {} "
    "WHERE ends IS NOT NULL GROUP BY deal"
)
"""The query of what `Source.ended` is, over made rows of which some are the ends of their deals."""


def name_statuses(relations: Relations, told: str, statuses: Mapping[StageClass, tuple[str, ...]]) -> None:
    """Make `status_words(raw, kind, label)`: what each status means, and what the stage is called that it ends in.

    `told` is the query of the statuses as they are written. `kind` is null for a word that nobody knows; `statuses` are
    words of the export's own, looked up first.
    """
    own: dict[str, StageClass] = {word.casefold(): kind for kind, words in statuses.items() for word in words}
    rows = relations.rows(f"SELECT DISTINCT raw FROM ({told}) AS told(raw) WHERE raw IS NOT NULL ORDER BY raw")
    raw = [str(word) for (word,) in rows]
    kinds: list[StageClass | None] = [own.get(word.casefold()) or outcome_of(word) for word in raw]
    labels = [_label(word, kind, own) for word, kind in zip(raw, kinds, strict=True)]
    relations.put(
        "status_words",
        {"raw": raw, "kind": kinds, "label": labels},
        {"raw": "VARCHAR", "kind": "VARCHAR", "label": "VARCHAR"},
    )


def _label(word: str, kind: StageClass | None, own: Mapping[str, StageClass]) -> str:
    """Return the name of the stage that a status ends in: its own word, save where that is a code."""
    if word.casefold() in own or kind is None:
        return (kind or word).capitalize()
    return word[:1].upper() + word[1:]
