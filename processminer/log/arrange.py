"""Stage rows become paths: ordered, ties decided, rows without a change collapsed, and the outcome read off the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.engines.relations import read_sql

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from processminer.engines.relations import Relations
    from processminer.log.eventlog import StageName

PACKAGE = "processminer.log"


def pack(relations: Relations, as_of: datetime, *, file_order: bool) -> None:
    """Make `packed(deal_id, steps)` from the usable rows up to `as_of`; a step is `epoch_us * 1024 + code`."""
    name = "packed_in_file_order.sql" if file_order else "packed.sql"
    relations.run(read_sql(PACKAGE, name), {"as_of": as_of})


def settle_order(
    relations: Relations, stages: Sequence[StageName], declared: int, places: Mapping[str, float] | None = None
) -> tuple[int, ...]:
    """Return the places of the stages in the log's order.

    The first `declared` ones keep their order; any other open stage goes behind the last declared one that deals
    usually reach before it (by mean position in the paths), so equal times are decided in the direction of the flow.
    `places` are the mean positions where they are known already.
    """
    rows = relations.rows(read_sql(PACKAGE, "stage_positions.sql"))
    positions = {int(code): float(mean) for code, mean in rows}
    positions |= {code: places[stage.name] for code, stage in enumerate(stages) if places and stage.name in places}
    opened = [code for code, stage in enumerate(stages) if stage.kind == "open"]
    order = [code for code in opened if code < declared]
    for code in sorted(opened[len(order) :], key=lambda code: (positions.get(code, 0.0), code)):
        before = [at for at, other in enumerate(order) if positions.get(other, 0.0) <= positions.get(code, 0.0)]
        order.insert(before[-1] + 1 if before else 0, code)
    return (*order, *(code for code, stage in enumerate(stages) if stage.kind != "open"))


def arrange(relations: Relations, order: Sequence[int], *, file_order: bool, collapses: bool) -> int:
    """Renumber the steps of `packed` in that order of stages, and drop those that repeat the stage before them.

    Returns how many were dropped. Where the file's order does not decide between equal times, that of the stages does.
    """
    before = steps_of(relations)
    new_code = {old: new for new, old in enumerate(order)}
    values = {
        # A label that no stage was made of stands in no path.
        "recoded": [new_code.get(old, 0) for old in range(max(order, default=-1) + 1)],
        "file_order": file_order,
        "collapses": collapses,
    }
    relations.run(read_sql(PACKAGE, "arranged.sql"), values)
    return before - steps_of(relations)


def steps_of(relations: Relations) -> int:
    """Return how many steps `packed` holds."""
    (steps,) = relations.row("SELECT coalesce(sum(len(steps)), 0)::BIGINT FROM packed")
    return int(steps)


def close(relations: Relations, stages: Sequence[StageName], *, reopens: bool, first: bool = False) -> None:
    """Make `ends(deal_id, steps, reopened, outcome, close_step)`.

    The last terminal event decides. Where `reopens`, a later event at a stage of the pipeline opens the deal again; a
    stage that is mostly entered after an outcome (delivery, renewal) is no stage of the pipeline and reopens nothing.
    Where `first`, the first terminal event decides instead, whatever came after it.
    """
    opened = sum(stage.kind == "open" for stage in stages)
    won = sum(stage.kind == "won" for stage in stages)
    relations.run(
        read_sql(PACKAGE, "ends.sql"),
        {"open_codes": opened, "won_codes": won, "reopens": reopens, "first": first},
    )


def write_deals(relations: Relations, as_of: datetime, *, looks_back: bool) -> None:
    """Make `deal_histories` of `packed`, `ends` and the records, and the views `deals` and `paths` of it.

    Where one `looks_back`, a deal that its record closes without a date is open: it may have closed since.
    """
    relations.run(read_sql(PACKAGE, "known_deals.sql"), {"as_of": as_of})
    relations.run(read_sql(PACKAGE, "deals.sql"), {"as_of": as_of, "looks_back": looks_back})
    for view in ("paths", "deal_facts"):
        relations.run(read_sql(PACKAGE, f"{view}.sql"))
    for spent in ("packed", "ends"):
        relations.run(f"DROP TABLE {spent}")
