"""An `audit.json` read back, so that its report can be made again without the log."""

from __future__ import annotations

import json
import math
from dataclasses import fields, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeVar, cast

from processminer.conformance.conformance import (
    Alignment,
    Conformance,
    Deviation,
    Obligation,
    OverLimit,
    OverNow,
    Step,
    VersionShare,
)
from processminer.discovery.discovery import Discovery, LeadTime, Move, StageFlow, TaskCount, Totals, Variant
from processminer.engines.relations import Relations
from processminer.errors import InputError, Place
from processminer.estimates.estimates import Estimates
from processminer.estimates.figures import Exit, StageGain, StageTime, ValueGain, WinRate
from processminer.estimates.held import HeldMetric
from processminer.findings.finding import Evidence, Finding
from processminer.log.eventlog import Answer, EventLog, IngestReport, Problem, SourceFile, StageName
from processminer.playbook.edits import Edit
from processminer.playbook.model import Playbook
from processminer.report.audit_measures import acceptance_of, measures_of, places_of, told_deal
from processminer.report.effects_json import effects_of
from processminer.report.json_report import LIMITS, QUARTILES, SCHEMA
from processminer.report.process_json import read_process
from processminer.report.since_file import read_judged
from processminer.report.winners_json import read_winners
from processminer.revisions.revision import Belief, Revision, TrialPlan, Undecided
from processminer.revisions.said import Said
from processminer.revisions.together import Together
from processminer.statistics.interval import Interval
from processminer.study import Declared, Study

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.report.json_report import Json

Kind = TypeVar("Kind")


def read_audit(text: str, name: str) -> tuple[Study, Json]:
    """Return the study that an `audit.json` tells, and the document itself; its log has no rows.

    Raises InputError for a text that is no audit, or one of another version; `name` is what the user calls it.
    """
    place = Place(name)
    hint = "Make it again with `processminer audit`."
    try:
        document = json.loads(text)
    except ValueError as error:
        message = f"not JSON: {error}"
        raise InputError(message, place, hint) from error
    found = cast("Json", document).get("schema") if isinstance(document, dict) else None
    if found != SCHEMA:
        message = f"not an audit of this version: its schema is {found!r}, not {SCHEMA!r}."
        raise InputError(message, place, hint)
    try:
        return _study(cast("Json", document)), cast("Json", document)
    except KeyError as error:
        message = f"an audit that lacks {error}."
        raise InputError(message, place, hint) from error
    except (TypeError, ValueError, AttributeError) as error:
        message = f"an audit that cannot be understood: {error}"
        raise InputError(message, place, hint) from error


def _study(document: Json) -> Study:
    log = _log(document)
    parts = read_process(document)
    playbook = document["playbook"]
    declared = Playbook.model_validate(playbook["declared"])
    return Study(
        log=log,
        declared=Declared(declared, playbook["text"], playbook["file"], playbook["drafted"]),
        discovery=_discovery(document, log),
        conformance=_conformance(document),
        estimates=replace(_estimates(document), queue=parts.pop("queue")),
        findings=tuple(_finding(row) for row in document["findings"]),
        revisions=tuple(_revision(row) for row in document["revisions"]),
        undecided=tuple(_undecided(row) for row in document["undecided"]),
        together=_together(document["together"]),
        judged=read_judged(document["judged"]),
        team=tuple(Said(one["asked"], one["answered"], tuple(one["about"])) for one in document.get("team", ())),
        revised=playbook["revised"],
        version=document["generator"]["version"],
        winners=read_winners(document["winners"]),
        **parts,
    )


def _log(document: Json) -> EventLog:
    source = document["source"]
    report = _one(
        IngestReport,
        source,
        files=_all(SourceFile, source["files"]),
        rows_read=source["rows"],
        deals_read=document["deals"]["read"],
        deals_used=document["deals"]["read"] - sum(document["deals"]["set_aside"].values()),
        deals_set_aside=document["deals"]["set_aside"],
        problems=_all(Problem, source["problems"]),
        answers=_all(Answer, source["answers"]),
    )
    return _one(
        EventLog,
        source,
        relations=Relations(),
        as_of=datetime.fromisoformat(document["as_of"]),
        ingest=report,
        stages=_all(StageName, source["stage_order"]),
        source=source["log"],
        tables=(),
        repeats=False,
    )


def _discovery(document: Json, log: EventLog) -> Discovery:
    order = {stage.name: place for place, stage in enumerate(log.stages)}
    flows = _all(StageFlow, [*document["stages"], *document["ends"]])
    said = document["deals"].get("since")
    since = None if said is None else datetime.fromisoformat(said)
    return Discovery(
        log=log,
        totals=_one(Totals, document["deals"], deals=document["deals"]["total"], since=since),
        stages=tuple(sorted(flows, key=lambda flow: order.get(flow.stage, len(order)))),
        moves=tuple(_one(Move, row, source=row["from"], target=row["to"]) for row in document["moves"]),
        variants=_all(Variant, document["variants"]),
        tasks=_all(TaskCount, document["tasks"]),
        lead_times=_all(LeadTime, document["lead_times"]),
    )


def _conformance(document: Json) -> Conformance:
    kept = document["conformance"]
    alignments = [row["alignment"] for row in document["variants"] if row["alignment"] is not None]
    over = kept["open_over_limit"]
    counts = {(row["from"], row["to"]): row["deals"] for row in kept["declared_moves"]}
    return _one(
        Conformance,
        kept,
        fitness=_number(kept["fitness"]),
        deviations=tuple(_deviation(row) for row in kept["deviations"]),
        obligations=_all(Obligation, kept["obligations"]),
        alignments=tuple(_one(Alignment, row, steps=_all(Step, row["steps"])) for row in alignments),
        declared_moves=frozenset(counts),
        move_counts=counts,
        over_limit=_one(OverLimit, over, longest=_all(OverNow, over["longest"])),
        versions=tuple(_version(row) for row in kept["versions"]),
        accepted=tuple(acceptance_of(row) for row in kept["accepted"]),
        measures=measures_of(kept["measures"]),
        examples=tuple(told_deal(row) for row in kept["example_deals"]),
    )


def _version(row: Json) -> VersionShare:
    return _one(VersionShare, row, valid_from=_day(row["valid_from"]))


def _deviation(row: Json) -> Deviation:
    share = Interval(_number(row["share"]), _number(row["share_low"]), _number(row["share_high"]))
    return _one(Deviation, row, share=share, **places_of(row))


def _estimates(document: Json) -> Estimates:
    win = document["win_rate"]
    return Estimates(
        stages=tuple(_stage_time(row) for row in document["stages"] if row["times"] is not None),
        win_rate=_one(WinRate, win, rate=_span(win), within=_maybe(win["within"])),
        metrics=_all(HeldMetric, document["metrics"]),
        effects=effects_of(document["effects"]),
        gains=tuple(sorted(_gains(document["stages"]), key=lambda one: -one.gain.estimate)),
    )


def _gains(stages: list[Json]) -> Iterator[StageGain]:
    for row in stages:
        told = row["gain"]
        if told is not None:
            week, value = _maybe(told["wins_a_week"]), _value_gain(told["value"])
            yield _one(StageGain, told, stage=row["stage"], gain=_span(told), wins_a_week=week, value=value)


def _value_gain(row: Json | None) -> ValueGain | None:
    if row is None:
        return None
    return _one(ValueGain, row, a_deal=_span(row["a_deal"]), a_week=_span(row["a_week"]))


def _stage_time(row: Json) -> StageTime:
    times = row["times"]
    exits = tuple(Exit(leave["to"], leave["kind"], _span(leave["probability"])) for leave in times["exits"])
    return _one(
        StageTime,
        {**row, **times},
        mean_days=_span(row["mean_days"]),
        quartiles=tuple(times["quartiles"][name] for name in QUARTILES),
        median_limits=(times["median_limits"]["low"], times["median_limits"]["high"]),
        exits=exits,
    )


def _finding(row: Json) -> Finding:
    share = row["evidence"]["share"]
    limits = None if share is None else tuple(share[name] for name in LIMITS)
    return _one(Finding, row, evidence=_one(Evidence, row["evidence"], share=limits))


def _revision(row: Json) -> Revision:
    effect = {measure: _span(change) for measure, change in row["effect"].items() if change is not None}
    plan = row["plan"]
    return _one(
        Revision,
        row,
        effect=effect,
        edits=_all(Edit, row["edits"]),
        crude=_maybe(row["crude"]),
        older=_maybe(row["older"]),
        beliefs={measure: _one(Belief, belief) for measure, belief in row["beliefs"].items()},
        plan=None if plan is None else _one(TrialPlan, plan, judged_on=_day(plan["judged_on"])),
    )


def _together(row: Json) -> Together:
    effect = {measure: _span(change) for measure, change in row["effect"].items() if change is not None}
    return _one(Together, row, effect=effect, conflicts=tuple((one, other) for one, other in row["conflicts"]))


def _undecided(row: Json) -> Undecided:
    return _one(Undecided, row, there_on=_day(row["there_on"]))


def _day(said: str | None) -> date | None:
    return None if said is None else date.fromisoformat(said)


def _one(kind: type[Kind], row: Json, **ready: object) -> Kind:
    """Return a value of this type from the row's entries of the same names; `ready` ones come first."""
    names = [field.name for field in fields(cast("Any", kind))]
    return kind(**{name: ready[name] if name in ready else _frozen(row[name]) for name in names})


def _all(kind: type[Kind], rows: list[Json]) -> tuple[Kind, ...]:
    return tuple(_one(kind, row) for row in rows)


def _frozen(value: object) -> object:
    return tuple(cast("list[object]", value)) if isinstance(value, list) else value


def _span(row: Json) -> Interval:
    return Interval(*(_number(row[name]) for name in LIMITS))


def _maybe(row: Json | None) -> Interval | None:
    return None if row is None else _span(row)


def _number(value: float | None) -> float:
    return math.nan if value is None else value
