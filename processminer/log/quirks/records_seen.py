"""What the deals' own records show of quirks: names, money, and dates of another zone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.engines.relations import quoted, read_sql
from processminer.log.columns import text_of
from processminer.log.eventlog import EXAMPLES
from processminer.log.quirks.sighting import Example, Sighting, told_by
from processminer.words import say_count, say_list, say_share

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.engines.relations import Relations
    from processminer.log.quirks.catalogue import Treatments
    from processminer.log.sources.recognise import Part

PACKAGE = "processminer.log.quirks"

ENOUGH_DATES = 10
"""Fewer close dates show no pattern of a time zone."""


def see_records(relations: Relations, treatments: Treatments) -> Iterator[Sighting]:
    """Yield what the records show before anything is made of them, and treat it. Needs `records`."""
    relations.run("CREATE OR REPLACE TABLE other_currencies (deal_id VARCHAR)")
    if not relations.row("SELECT count(*) FROM records")[0]:
        return
    yield from told_by(relations, "same_name.sql", {"most": EXAMPLES})
    yield from _zone(relations, treatments)
    yield from _currencies(relations, treatments)


def see_amounts(relations: Relations) -> Iterator[Sighting]:
    """Yield the deals without an amount, where others have one. Needs `deal_histories`."""
    rows = relations.rows(read_sql(PACKAGE, "no_amount.sql"), {"most": EXAMPLES})
    for count, lost, all_lost, examples in rows:
        if count:
            detail = f"Of the lost deals, {say_share(lost, all_lost)} have none." if lost else ""
            yield Sighting("no-amount", count, count, tuple(Example(str(deal)) for deal in examples), detail=detail)


def see_gaps(relations: Relations, part: Part | None) -> Iterator[Sighting]:
    """Yield what the records leave open, where others say it, and dates that cannot follow one another.

    Needs `deal_histories` and `task_rows`.
    """
    if part is None:
        return
    yield from told_by(relations, "gaps.sql", {"most": EXAMPLES})
    if "lost_reason" in part.columns:
        reason = text_of(part.columns["lost_reason"])
        count, known, examples = relations.row(
            "SELECT count(*) FILTER (WHERE reason IS NULL), count(reason), "
            "coalesce(min(deal_id, $most) FILTER (WHERE reason IS NULL), []) FROM "
            f"(SELECT {part.table.row_number} AS position, {reason} AS reason FROM {quoted(part.table.name)}) AS told "
            "JOIN records USING (position) JOIN deal_histories USING (deal_id) WHERE outcome = 'lost'",
            {"most": EXAMPLES},
        )
        if count and known:
            detail = f"{say_share(int(known), int(count) + int(known))} lost deals have one."
            told = tuple(Example(str(deal)) for deal in examples)
            yield Sighting("lost-without-reason", int(count), int(count), told, detail=detail)


def _zone(relations: Relations, treatments: Treatments) -> Iterator[Sighting]:
    dated, hours, examples = relations.row(read_sql(PACKAGE, "close_hours.sql"), {"most": EXAMPLES})
    if dated < ENOUGH_DATES or not hours:
        return
    detail = f"They stand at {say_list([f'{hour:02}:00' for hour in hours])} UTC."
    if treatments.of("close-date-zone") == "nearest-day":
        relations.run("UPDATE records SET close_date = date_trunc('day', close_date + INTERVAL 12 HOURS)")
    yield Sighting("close-date-zone", dated, dated, tuple(Example(str(deal)) for deal in examples), detail=detail)


def _currencies(relations: Relations, treatments: Treatments) -> Iterator[Sighting]:
    rows = relations.rows(
        "SELECT currency, count(*) AS deals FROM records WHERE amount IS NOT NULL AND currency IS NOT NULL "
        "GROUP BY currency ORDER BY deals DESC, currency"
    )
    if len(rows) < 2:
        return
    usual, most = rows[0]
    if treatments.of("mixed-currency") == "usual-only":
        for name in ("other_currencies", "without_amounts"):
            relations.run(read_sql(PACKAGE, f"{name}.sql"), {"usual": usual} if name == "other_currencies" else None)
    other = sum(int(deals) for _, deals in rows[1:])
    told = tuple(f"{currency} ({say_count(int(deals), 'deal')})" for currency, deals in rows)
    detail = f"{usual} is the most used, by {say_count(int(most), 'deal')}."
    yield Sighting("mixed-currency", other, other, told=told[:EXAMPLES], detail=detail)
