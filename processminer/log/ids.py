"""One Salesforce id is written with 15 characters or with 18: the last three only repeat which letters are capitals."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from processminer.engines.relations import Relations


def same_id(deal: str) -> str:
    """Return the expression of a deal's id without the check letters of Salesforce's long form.

    Any other id stays as it is; ids of digits alone are no such ids (Zoho's have 18 of them).
    """
    long_form = f"regexp_full_match({deal}, '[A-Za-z0-9]{{15}}[A-Z0-5]{{3}}') AND regexp_matches({deal}, '[A-Za-z]')"
    return f"CASE WHEN length({deal}) = 18 AND {long_form} THEN left({deal}, 15) ELSE {deal} END"


def join_ids(relations: Relations) -> None:
    """Give the deals of the records and activities the ids that they have in the history, whichever form each has.

    Needs `stage_rows`, `records`, `deleted_records` and `task_rows`. A history that mixes both gets the short form.
    """
    history = _lengths(relations, "stage_rows")
    mixed = history == {15, 18}
    if mixed:
        relations.run(f"UPDATE stage_rows SET deal_id = {same_id('deal_id')} WHERE length(deal_id) = 18")
    for relation in ("records", "deleted_records", "task_rows"):
        if mixed or (history and _lengths(relations, relation) - history):
            relations.run(
                f"UPDATE {relation} SET deal_id = known.deal_id "
                f"FROM (SELECT DISTINCT deal_id, {same_id('deal_id')} AS same_id FROM stage_rows) AS known "
                f"WHERE known.same_id = {same_id(f'{relation}.deal_id')} AND known.deal_id <> {relation}.deal_id"
            )


def _lengths(relations: Relations, relation: str) -> set[int]:
    """Return which of the two lengths the deals' ids in a relation have, in bytes: such ids are plain letters."""
    short, long = relations.row(
        f"SELECT coalesce(bool_or(strlen(deal_id) = 15), false), coalesce(bool_or(strlen(deal_id) = 18), false) "
        f"FROM {relation}"
    )
    return {length for length, there in ((15, short), (18, long)) if there}
