"""Stage rows become the paths of deals, as the chosen treatments have it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from processminer.engines.relations import read_sql
from processminer.log.arrange import arrange, close, pack, settle_order, steps_of, write_deals
from processminer.log.eventlog import EXAMPLES
from processminer.log.labelling import put_stages
from processminer.log.quirks.aside import NUMBER, leave_out
from processminer.log.quirks.chains import put_in_chains
from processminer.log.quirks.endings import date_closings, find_stale
from processminer.log.quirks.moments import write_untimed_steps
from processminer.log.quirks.paths_seen import fill_by_machine, look_at_paths, mark_short_deals, see_paths
from processminer.log.quirks.records_seen import see_amounts
from processminer.log.quirks.sighting import Example, Sighting, told_by
from processminer.log.quirks.stages_seen import renamed_stages, see_renamed
from processminer.log.quirks.whole_paths import leave_out_of_paths

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from processminer.engines.relations import Relations
    from processminer.log.eventlog import StageName
    from processminer.log.quirks.catalogue import Treatments
    from processminer.log.shapes.source import Source
    from processminer.log.stage_labels import Labels

QUIRKS = "processminer.log.quirks"


@dataclass(frozen=True, slots=True)
class Paths:
    """What came of the stage rows."""

    stages: tuple[StageName, ...]
    """In the log's order."""
    renamed: tuple[tuple[str, str, str], ...]
    """Older name, newer name and day, of stages that were probably renamed."""
    sightings: tuple[Sighting, ...]


def write_paths(
    relations: Relations,
    source: Source,
    labels: Labels,
    treatments: Treatments,
    as_of: datetime,
    *,
    looks_back: bool,
) -> Paths:
    """Make stage_names, deals, paths, untimed_steps and task_events; return the stages and what was seen of quirks."""
    # An event log is taken at its word: what it says twice happened twice.
    twice = source.collapses and not source.made
    collapses = source.collapses and treatments.of("no-stage-change") == "collapse"
    seen = list(_repeated(relations, treatments)) if twice and not collapses else []
    file_order = source.file_order or treatments.of("tied-timestamps") == "file-order"
    pack(relations, as_of, file_order=file_order)
    order = _own(relations, labels, settle_order(relations, labels.stages, labels.placed))
    stages = tuple(labels.stages[code] for code in order)
    put_stages(relations, "stage_names", stages)
    renamed = renamed_stages(relations, labels.stages) if source.collapses else ()
    chained = source.left is not None and not file_order and treatments.of("tied-timestamps") == "chain"
    chains, dropped = _arrange(relations, as_of, order, file_order=file_order, collapses=collapses, chained=chained)
    # Rows written twice collapse with those that change no stage: they are looked for only where some did.
    if twice and dropped:
        seen += _repeated(relations, treatments)
    first = treatments.of("reopened") == "first-outcome"
    close(relations, stages, reopens=source.collapses, first=first)
    seen += [*see_renamed(renamed), *_created_closed(relations, treatments)]
    write_deals(relations, as_of, looks_back=looks_back)
    seen += _treat_deals(relations, source, treatments, stages, as_of, looks_back=looks_back)
    repeated = sum(sighting.count for sighting in seen if sighting.kind == "repeated-row")
    seen += [*_unmoved(relations, dropped - repeated), *see_paths(relations, source, chains=chains)]
    relations.run(read_sql("processminer.log", "task_events.sql"), {"as_of": as_of})
    return Paths(stages, renamed, tuple(seen))


def _own(relations: Relations, labels: Labels, order: Sequence[int]) -> tuple[int, ...]:
    """Return the order without the stages of deals that are not looked at, those of other pipelines for example."""
    faults = f"{NUMBER['other-pipeline']}, {NUMBER['outside-the-playbook']}"
    sql = f"SELECT DISTINCT code FROM stage_rows WHERE fault IN ({faults}) AND code IS NOT NULL"
    foreign = {int(code) for (code,) in relations.rows(sql)}
    if foreign:
        used = "SELECT DISTINCT step & 1023 FROM (SELECT unnest(steps) AS step FROM packed)"
        foreign -= {int(code) for (code,) in relations.rows(used)}
    return tuple(code for code in order if code not in foreign or labels.stages[code].kind != "open")


def _arrange(
    relations: Relations,
    as_of: datetime,
    order: Sequence[int],
    *,
    file_order: bool,
    collapses: bool,
    chained: bool,
) -> tuple[tuple[int, int], int]:
    """Put the steps in order; return the tied moments with those settled by the stages left, and the steps dropped."""
    if not chained:
        return (0, 0), arrange(relations, order, file_order=file_order, collapses=collapses)
    arrange(relations, order, file_order=file_order, collapses=False)
    before = steps_of(relations)
    chains = put_in_chains(relations, as_of, order)
    arrange(relations, range(len(order)), file_order=True, collapses=collapses)
    return chains, before - steps_of(relations)


def _repeated(relations: Relations, treatments: Treatments) -> Iterator[Sighting]:
    """Yield the rows that repeat another one of their deal, stage and moment; they are set aside unless told not to."""
    relations.run(read_sql(QUIRKS, "repeated.sql"))
    yield from told_by(relations, "repeated_counts.sql", {"most": EXAMPLES})
    if treatments.of("repeated-row") == "set-aside":
        relations.run(read_sql(QUIRKS, "repeated_aside.sql"), {"fault": NUMBER["repeated-row"]})


def _treat_deals(
    relations: Relations,
    source: Source,
    treatments: Treatments,
    stages: Sequence[StageName],
    as_of: datetime,
    *,
    looks_back: bool,
) -> list[Sighting]:
    """Treat what can be told of whole deals only, and make `untimed_steps` of all that has no true moment."""
    look_at_paths(relations)
    seen = list(leave_out_of_paths(relations, source, treatments))
    mark_short_deals(relations, treatments)
    seen += fill_by_machine(relations, treatments)
    if not looks_back and relations.row("SELECT count(close_date) FROM records")[0]:
        seen += [*date_closings(relations, treatments), *find_stale(relations, treatments, stages, as_of)]
    seen += see_amounts(relations)
    write_untimed_steps(relations)
    return seen


def _created_closed(relations: Relations, treatments: Treatments) -> Iterator[Sighting]:
    """Set the deals aside that were created as closed, if asked for; else `see_paths` counts them."""
    if treatments.of("created-closed") != "set-aside":
        return
    rows = relations.rows("SELECT deal_id FROM ends WHERE close_step = 1 ORDER BY deal_id")
    if rows:
        relations.run(
            f"INSERT INTO deals_aside SELECT deal_id, {NUMBER['created-closed']} FROM ends WHERE close_step = 1"
        )
        leave_out(relations)
        relations.run("DELETE FROM ends WHERE close_step = 1")
        yield Sighting("created-closed", len(rows), len(rows), tuple(Example(str(deal)) for (deal,) in rows[:EXAMPLES]))


def _unmoved(relations: Relations, dropped: int) -> Iterator[Sighting]:
    if dropped:
        (deals, examples, rows) = relations.row(read_sql(QUIRKS, "unmoved.sql"), {"most": EXAMPLES})
        places = tuple(Example(str(deal), row) for deal, row in zip(examples, rows, strict=True))
        yield Sighting("no-stage-change", dropped, deals, places)
