"""The time tables of all stages as processminer finds them, from stays that lie in its database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from benchmarks.made_stays import LIMIT, LOOKED_AT, OUTCOMES, STAGES
from processminer.discovery.discovery import Discovery, StageFlow, Totals
from processminer.engines.relations import Relations, literal
from processminer.estimates.stage_times import stage_times
from processminer.log.eventlog import EventLog, IngestReport, StageName

if TYPE_CHECKING:
    from pathlib import Path

NOTHING = IngestReport("made", "made", (), (), 0, 0, {}, (), ())


def measure(path: Path) -> dict[str, Any]:
    """Return by stage its median, and where deals went from it with what chance; all by whole days."""
    relations = Relations()
    relations.run(
        "CREATE TABLE stays AS SELECT *, false AS after_close, false AS clicked, true AS timed "
        f"FROM read_parquet({literal(str(path))})"
    )
    relations.run("CREATE TABLE late_stays (deal INTEGER, began_at TIMESTAMP, seen_at TIMESTAMP)")
    stages = (
        *(StageName(name, "open") for name in STAGES),
        StageName(OUTCOMES[0], "won"),
        StageName(OUTCOMES[1], "lost"),
    )
    codes, kinds = range(len(stages)), [stage.kind for stage in stages]
    relations.put("stage_names", {"code": codes, "class": kinds}, {"code": "SMALLINT", "class": "VARCHAR"})
    as_of = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=LOOKED_AT)
    log = EventLog(relations, as_of, NOTHING, stages, "made", has_tasks=False, attributes=())
    flows = tuple(StageFlow(stage.name, stage.kind, 0, 0, 0, 0, 1, 0, 0, 0) for stage in stages)
    found = stage_times(Discovery(log, Totals(0, 0, 0, 0, {}), flows, (), (), (), ()), most_days=LIMIT)
    return {
        "medians": {one.stage: one.median_days for one in found},
        "exits": {
            one.stage: sorted((way.target, round(way.probability.estimate, 6)) for way in one.exits) for one in found
        },
        "means": {one.stage: round(one.mean_days.estimate, 6) for one in found},
    }
