"""Which columns of a list of deals hold the dates of stages, where every organisation names them in its own way."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from processminer.log.words_known import outcome_of, plain, stage_kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from processminer.log.tables.table import Table

FEWEST = 2
"""Columns whose headers are made alike; one date beside a deal may be any date."""

_DATED = ("VARCHAR", "DATE", "TIMESTAMP")

_OTHER = """
create created creation close closed closing modified modification updated update changed last latest next expected
forecast due birth birthday start end renewal contract subscription invoice payment activity login sync synced import
imported export exported target snapshot today current stage reminder follow delivery go live system
creazione creato chiusura modifica ultima ultimo prossima prevista création créé clôture modifié dernière dernier
prochaine prévue erstellt abschluss geändert letzte letzter nächste nächster creación creado cierre última último
próxima criação criado fechamento modificación modificação
"""
"""Words that make a date one of the deal or of the record, not of a stage."""

_OTHER_DATES = frozenset(plain(word) for word in _OTHER.split())


def stage_dates(table: Table, pattern: re.Pattern[str]) -> tuple[str, ...]:
    """Return the headers that hold stages' dates, in the table's order: at least two that are made alike.

    A header that speaks of entering, or that numbers its stage and speaks of a date, counts as it is; where headers
    speak of a date alone, half of those made alike must name what is known as a stage.
    """
    alike: defaultdict[str, list[re.Match[str]]] = defaultdict(list)
    for header, kind in table.columns.items():
        match = pattern.match(header) if kind.startswith(_DATED) else None
        if match is not None and _speaks_of_a_date(match) and not _is_other_date(match["stage"]):
            alike[_make(match)].append(match)
    chosen = {match.string for group in alike.values() if _of_stages(group) for match in group}
    return tuple(header for header in table.columns if header in chosen)


def _speaks_of_a_date(match: re.Match[str]) -> bool:
    return any(match[group] for group in ("entered", "date", "after"))


def _is_other_date(stage: str) -> bool:
    return outcome_of(_spaced(stage)) is None and bool(set(plain(_spaced(stage)).split()) & _OTHER_DATES)


def _make(match: re.Match[str]) -> str:
    """Return how a header is made: what stands around its stage, figures apart."""
    around = f"{match.string[: match.start('stage')]}*{match.string[match.end('stage') :]}"
    return re.sub(r"\d+", "0", around.casefold())


def _of_stages(group: list[re.Match[str]]) -> bool:
    if len(group) < FEWEST:
        return False
    if all(match["entered"] or match["number"] or "enter" in str(match["after"]).casefold() for match in group):
        return True
    known = sum(_is_known(_spaced(match["stage"])) for match in group)
    return known * 2 >= len(group) and known >= FEWEST


def _is_known(stage: str) -> bool:
    return stage_kind(stage) is not None or outcome_of(stage) in {"won", "lost"}


def stage_label(written: str, labels: Iterable[str]) -> str:
    """Return the stage that a header names: as the deals' own stage column spells it, else as a person would write it.

    >>> stage_label("technical_evaluation", ["3-Technical Evaluation", "Closed Won"]), stage_label("legal_review", [])
    ('3-Technical Evaluation', 'Legal review')
    """
    spaced = _spaced(written)
    for label in labels:
        if plain(label) == plain(spaced):
            return label
    return spaced[:1].upper() + spaced[1:] if written.islower() else spaced


def _spaced(written: str) -> str:
    return written if " " in written else written.replace("_", " ").strip()
