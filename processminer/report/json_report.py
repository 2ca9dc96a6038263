"""The study as `audit.json`: the public, versioned contract that every other telling can be rebuilt from."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from itertools import starmap
from typing import TYPE_CHECKING, Any, cast

from processminer.findings.family import family_of
from processminer.report.effects_json import effects_document
from processminer.report.process_json import process_document, process_for_page
from processminer.report.stage_rows import stage_rows
from processminer.report.winners_json import winners_document

if TYPE_CHECKING:
    from collections.abc import Sequence

    from processminer.conformance.conformance import Alignment, Conformance, Deviation, Obligation
    from processminer.discovery.discovery import Variant
    from processminer.estimates.figures import StageGain, StageTime, WinRate
    from processminer.findings.finding import Finding
    from processminer.log.eventlog import EventLog
    from processminer.report.stage_rows import StageRow
    from processminer.revisions.revision import Revision
    from processminer.revisions.together import Together
    from processminer.statistics.interval import Interval
    from processminer.study import Study

Json = dict[str, Any]

SCHEMA = "processminer-audit/1"
"""Name and major version of the contract; `audit.schema.json` beside this file describes it."""

MOST_VARIANTS = 10_000
"""Beyond this nearly every deal has a path of its own; `variants_left_out` counts the rest."""

EXPLAINED_VARIANTS = 200
"""So many of the most frequent variants carry their alignment, and are embedded in the page."""

MEASURES = ("win_rate", "won_cycle_days")
"""Effects that every revision tells, null where they are not estimated."""

LIMITS = ("estimate", "low", "high")
QUARTILES = ("p10", "p25", "p50", "p75", "p90")


def render_json(study: Study) -> str:
    """Return the study as JSON text: the same bytes for the same study, numbers that do not exist as null."""
    return json.dumps(audit_document(study), ensure_ascii=False, allow_nan=False, indent=2) + "\n"


def render_conformance(study: Study, gate: Json | None = None) -> str:
    """Return the part of `audit.json` that says how deals stand to the playbook, with `gate` if one was set."""
    document = audit_document(study)
    told = ("schema", "generator", "as_of", "source", "playbook", "deals", "conformance", "metrics")
    part = {**{name: document[name] for name in told}, **({} if gate is None else {"gate": _plain(gate)})}
    return json.dumps(part, ensure_ascii=False, allow_nan=False, indent=2) + "\n"


def render_document(document: Json) -> str:
    """Return any document of values, records and moments as JSON text, in the manner of `audit.json`."""
    return json.dumps(_plain(document), ensure_ascii=False, allow_nan=False, indent=2) + "\n"


def audit_document(study: Study) -> Json:
    """Return the study as plain values that JSON can hold, shares between 0 and 1 and lengths in days."""
    found = study.discovery
    document: Json = {
        "schema": SCHEMA,
        "generator": {"name": "processminer", "version": study.version},
        "as_of": _moment(study.log.as_of),
        "source": _source(study.log),
        "playbook": _playbook(study),
        "deals": {
            "since": None if found.totals.since is None else _moment(found.totals.since),
            "total": found.totals.deals,
            "won": found.totals.won,
            "lost": found.totals.lost,
            "open": found.totals.open,
            "excluded": dict(sorted(found.totals.excluded.items())),
            "read": study.log.ingest.deals_read,
            "set_aside": dict(sorted(study.log.ingest.deals_set_aside.items())),
        },
        "win_rate": _win_rate(study.estimates.win_rate),
        "lead_times": found.lead_times,
        "stages": [_stage(row) for row in stage_rows(study)],
        "ends": [flow for flow in found.stages if flow.kind != "open"],
        "moves": _moves(study),
        "variants": _variants(study),
        "variants_left_out": _left_out(found.variants[MOST_VARIANTS:]),
        "tasks": found.tasks,
        "conformance": _conformance(study.conformance),
        "metrics": study.estimates.metrics,
        "effects": effects_document(study.estimates.effects, family_of(study.estimates)),
        "winners": winners_document(study.winners),
        **process_document(study),
        "findings": [_finding(finding) for finding in study.findings],
        "revisions": [_revision(revision) for revision in study.revisions],
        "together": _together(study.together),
        "undecided": study.undecided,
        "judged": study.judged,
        "team": study.team,
    }
    return cast("Json", _plain(document))


def _source(log: EventLog) -> Json:
    report = log.ingest
    return {
        "log": log.source,
        "words": log.words,
        "profile": report.profile,
        "title": report.title,
        "reasons": report.reasons,
        "files": report.files,
        "rows": report.rows_read,
        "rows_used": report.rows_used,
        "set_aside": dict(sorted(report.set_aside.items())),
        "problems": report.problems,
        "answers": report.answers,
        "treatments": dict(sorted(report.treatments.items())),
        "has_tasks": log.has_tasks,
        "attributes": log.attributes,
        "stage_order": log.stages,
    }


def _playbook(study: Study) -> Json:
    declared = study.declared
    return {
        "name": declared.playbook.name,
        "version": declared.playbook.version,
        "file": declared.file,
        "drafted": declared.drafted,
        "declared": declared.playbook.model_dump(mode="json", by_alias=True),
        "text": declared.text,
        "revised": study.revised,
    }


def _win_rate(win: WinRate) -> Json:
    row = _row(win)
    rate = _row(row.pop("rate"))
    return {**rate, "estimate": rate["estimate"] if win.closed else None, **row}


def _stage(row: StageRow) -> Json:
    moves = {"moves_back": row.moves_back, "moves_undeclared": row.moves_undeclared}
    return {**_row(row.flow), **moves, **_stage_time(row.time), "gain": _gain(row.gain)}


def _gain(gain: StageGain | None) -> Json | None:
    if gain is None:
        return None
    row = _row(gain)
    return {**_row(gain.gain), **{name: row[name] for name in row if name not in ("stage", "gain")}}


def _stage_time(time: StageTime | None) -> Json:
    told = ("median_days", "p90_days", "mean_days", "share_of_deal_days", "share_of_losses")
    if time is None:
        return dict.fromkeys((*told, "times"))
    row = _row(time)
    own = {name: row[name] for name in ("deals", "visits", "open", "late", "begin_unknown", "tau_days", "grid")}
    exits = [{"to": leave.target, "kind": leave.kind, "probability": leave.probability} for leave in time.exits]
    limits = dict(zip(("low", "high"), time.median_limits, strict=True))
    quartiles = dict(zip(QUARTILES, time.quartiles, strict=True))
    return {
        **{name: row[name] for name in told},
        "times": {**own, "quartiles": quartiles, "median_limits": limits, "exits": exits},
    }


def _moves(study: Study) -> list[Json]:
    declared = study.conformance.declared_moves
    return [
        {"from": row.pop("source"), "to": row.pop("target"), **row, "declared": move in declared}
        for row, move in ((_row(move), (move.source, move.target)) for move in study.discovery.moves)
    ]


def _variants(study: Study) -> list[Json]:
    explained = {(alignment.path, alignment.ending): alignment for alignment in study.conformance.alignments}
    ends = {flow.stage: flow.kind for flow in study.discovery.stages if flow.kind != "open"}
    return [
        {
            **_row(variant),
            "alignment": _explanation(variant.path, ends, explained) if place < EXPLAINED_VARIANTS else None,
        }
        for place, variant in enumerate(study.discovery.variants[:MOST_VARIANTS])
    ]


def for_page(document: Json) -> Json:
    """Return an audit with only the most frequent variants, small enough to be embedded in a page; the rest counted."""
    kept, left = document["variants"][:EXPLAINED_VARIANTS], document["variants"][EXPLAINED_VARIANTS:]
    before = document["variants_left_out"]
    left_out = {
        "variants": before["variants"] + len(left),
        "deals": before["deals"] + sum(variant["deals"] for variant in left),
    }
    return {**document, **process_for_page(document), "variants": kept, "variants_left_out": left_out}


def _explanation(
    path: tuple[str, ...], ends: Mapping[str, Any], explained: Mapping[tuple[tuple[str, ...], Any], Alignment]
) -> Json | None:
    ending = ends.get(path[-1], "open") if path else "open"
    alignment = explained.get((path if ending == "open" else path[:-1], ending))
    return None if alignment is None else {**_row(alignment), "fitness": alignment.fitness}


def _left_out(variants: Sequence[Variant]) -> Json:
    return {"variants": len(variants), "deals": sum(variant.deals for variant in variants)}


def _conformance(found: Conformance) -> Json:
    return {
        "fitness": found.fitness,
        "deals_conforming": found.deals_conforming,
        "deals_violating": found.deals_violating,
        "deals_pending": found.deals_pending,
        "deviations": [_deviation(deviation) for deviation in found.deviations],
        "obligations": [_obligation(obligation) for obligation in found.obligations],
        "declared_moves": [
            {"from": source, "to": target, "deals": found.move_counts.get((source, target), 0)}
            for source, target in sorted(found.declared_moves)
        ],
        "open_over_limit": found.over_limit,
        "versions": found.versions,
        "before_any": found.before_any,
        "fitness_accepted": found.fitness_accepted,
        "deals_accepted": found.deals_accepted,
        "accepted": found.accepted,
        "measures": found.measures,
        "example_deals": found.examples,
    }


def _deviation(deviation: Deviation) -> Json:
    share = deviation.share
    return {**_row(deviation), "share": share.estimate, "share_low": share.low, "share_high": share.high}


def _obligation(obligation: Obligation) -> Json:
    share = obligation.share
    limits = (None,) * 3 if share is None else (share.estimate, share.low, share.high)
    return {**_row(obligation), **dict(zip(("share", "share_low", "share_high"), limits, strict=True))}


def _finding(finding: Finding) -> Json:
    evidence = finding.evidence
    share = None if evidence.share is None else dict(zip(LIMITS, evidence.share, strict=True))
    numbers = dict(sorted(evidence.numbers.items()))
    return {**_row(finding), "evidence": {**_row(evidence), "share": share, "numbers": numbers}}


def _revision(revision: Revision) -> Json:
    return {**_row(revision), "effect": _effect(revision.effect)}


def _together(set_of: Together) -> Json:
    return {**_row(set_of), "effect": _effect(set_of.effect)}


def _effect(effect: Mapping[str, Interval]) -> Json:
    measures = (*MEASURES, *sorted(set(effect) - set(MEASURES)))
    return {measure: effect.get(measure) for measure in measures}


def _row(value: Any) -> Json:
    return {field.name: getattr(value, field.name) for field in fields(value)}


def _moment(moment: datetime) -> str:
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return aware.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _plain(value: object) -> object:
    if isinstance(value, float):
        # Sums taken in another order differ in the last digits: ten are told, so that the bytes agree.
        return float(f"{value:.10g}") if math.isfinite(value) else None
    if isinstance(value, datetime):
        return _moment(value)
    if is_dataclass(value):
        return _plain(_row(value))
    if isinstance(value, Mapping):
        entries = cast("Mapping[object, object]", value)
        return dict(starmap(_entry, entries.items()))
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in cast("Sequence[object]", value)]
    return value if value is None or isinstance(value, (bool, int, str)) else str(value)


def _entry(name: object, value: object) -> tuple[str, object]:
    return str(name), _plain(value)
