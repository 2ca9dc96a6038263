"""Every figure by name: its rows, and the queries behind them."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, fields
from datetime import date
from difflib import get_close_matches
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, cast

from processminer.engines.relations import read_sql, translate
from processminer.errors import EngineError, InputError
from processminer.estimates.figures import ValueGain
from processminer.findings.family import family_of
from processminer.report.effect_rows import effect_rows
from processminer.report.escape import spreadsheet
from processminer.report.listing import table
from processminer.statistics.interval import Interval
from processminer.words import say_list

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from processminer.study import Study

LOG, DISCOVERY, ESTIMATES = "processminer.log", "processminer.discovery", "processminer.estimates"
FLOW, WINNERS = "processminer.estimates.flow", "processminer.estimates.winners"
HANDOVERS = "processminer.estimates.handovers"
EFFECTS = "processminer.estimates.effects"
WAYS, CONDITIONS = "processminer.estimates.ways", "processminer.estimates.conditions"
TRIAGE = "processminer.estimates.triage"
TASKS = "processminer.estimates.tasks_compared"
CONFORMANCE, RULES = "processminer.conformance", "processminer.conformance.rules"

_KNOWN = ((EFFECTS, "known_before"), (EFFECTS, "known_then"))

_BREACHES = (
    *((CONFORMANCE, name) for name in ("distinct_walks", "activity_labels")),
    *((RULES, name) for name in ("stage_dues", "rule_stays", "closings", "over_limit", "task_done")),
    *((RULES, name) for name in ("criterion_changes", "criterion_dues", "criteria", "owner_spans", "custody")),
    *((RULES, name) for name in ("handover_taken", "silent_stays", "contacts_met")),
    *((RULES, name) for name in ("service_signs", "service_begun", "service_soon", "loss_reasons")),
    (CONFORMANCE, "deal_breaches"),
)


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure that can be printed again."""

    told: str
    rows: Callable[[Study], Sequence[object]]
    """Frozen dataclasses, one a row."""
    queries: tuple[tuple[str, str], ...]
    """Rooms and query files, in the order in which they run."""
    portable: tuple[tuple[str, str], ...] = ()
    """The plain form for other engines, where the query that runs here is written for DuckDB alone."""


@dataclass(frozen=True, slots=True)
class Stay:
    """One visit of a deal to a stage, as `show stays` lists it."""

    deal: str
    position: int
    stage: str
    entered_at: str
    left_at: str | None
    next_stage: str | None


def _stays(study: Study) -> list[object]:
    rows = study.log.relations.rows(
        "SELECT deal_id, position, here.stage, entered_at::VARCHAR, left_at::VARCHAR, away.stage FROM stays "
        "JOIN deals USING (deal) JOIN stage_names AS here ON here.code = stays.stage "
        "LEFT JOIN stage_names AS away ON away.code = next_stage ORDER BY deal, position"
    )
    return [Stay(*row) for row in rows]


FACTS: Mapping[str, Fact] = MappingProxyType(
    {
        "totals": Fact(
            "How the deals stand.",
            lambda study: [study.discovery.totals],
            ((LOG, "packed"), (LOG, "arranged"), (LOG, "ends"), (LOG, "deals"), (DISCOVERY, "totals")),
        ),
        "stages": Fact(
            "What passed through each stage.",
            lambda study: study.discovery.stages,
            ((DISCOVERY, "variants"), (DISCOVERY, "stages")),
        ),
        "moves": Fact(
            "Which stage follows which, how often and after how long.",
            lambda study: study.discovery.moves,
            ((DISCOVERY, "variants"), (DISCOVERY, "stays"), (DISCOVERY, "moves")),
            ((DISCOVERY, "moves_window"),),
        ),
        "variants": Fact(
            "The paths that deals share.",
            lambda study: study.discovery.variants,
            ((DISCOVERY, "variants"),),
            ((DISCOVERY, "variants_window"),),
        ),
        "stays": Fact(
            "Each visit of a deal to a stage.",
            _stays,
            ((DISCOVERY, "stays"),),
            ((DISCOVERY, "stays_window"),),
        ),
        "touch-points": Fact(
            "The activities logged for deals.", lambda study: study.discovery.tasks, ((DISCOVERY, "touch_points"),)
        ),
        "lead-times": Fact(
            "How long closed deals took.", lambda study: study.discovery.lead_times, ((DISCOVERY, "lead_times"),)
        ),
        "silence": Fact(
            "How long open deals have been silent.",
            lambda study: study.discovery.silence.lengths,
            ((DISCOVERY, "silence"), (DISCOVERY, "won_lead_time")),
        ),
        "stage-times": Fact(
            "How long deals stay in each stage, open stays counted as unfinished.",
            lambda study: study.estimates.stages,
            ((DISCOVERY, "stays"), (DISCOVERY, "late_stays"), (ESTIMATES, "stage_days"), (ESTIMATES, "at_risk")),
        ),
        "gains": Fact(
            "What each stage would gain if deals went on from it faster, the most first.",
            lambda study: study.estimates.gains,
            ((DISCOVERY, "stays"), (FLOW, "usual_horizon"), (FLOW, "stays_by_group")),
        ),
        "chances": Fact(
            "The declared probability of each stage beside the share of its deals that is won.",
            lambda study: study.estimates.chances,
            ((DISCOVERY, "stays"), (ESTIMATES, "won_from_stage")),
        ),
        "handovers": Fact(
            "How soon deals are taken over, and what waiting for it changes.",
            lambda study: study.estimates.handovers,
            ((DISCOVERY, "stays"), *((HANDOVERS, name) for name in ("handed", "waits", "handover_decisions"))),
        ),
        "early-tasks": Fact(
            "What it changes that tasks are done soon after deals come to their stage.",
            lambda study: effect_rows(study.estimates.prompt, family_of(study.estimates)),
            (
                (DISCOVERY, "stays"),
                *((EFFECTS, name) for name in ("tasks_told", "early_shares", "early_decisions", "known_then")),
            ),
        ),
        "give-ups": Fact(
            "Ages at which deals in a stage are not worth their days any more.",
            lambda study: study.estimates.give_ups,
            ((DISCOVERY, "stays"), *((FLOW, name) for name in ("usual_horizon", "stays_by_group", "won_later"))),
        ),
        "win-rate": Fact(
            "The share of deals won.", lambda study: [study.estimates.win_rate], ((ESTIMATES, "won_in_time"),)
        ),
        "effects": Fact(
            "What steps change of the share of deals won, compared from the moment when deals had to decide.",
            lambda study: effect_rows(study.estimates.effects, family_of(study.estimates)),
            (
                (ESTIMATES, "stage_decisions"),
                (EFFECTS, "tasks_told"),
                (ESTIMATES, "task_decisions"),
                (EFFECTS, "known_before"),
                (EFFECTS, "known_then"),
                (EFFECTS, "work_pieces"),
                (EFFECTS, "task_moments"),
                (EFFECTS, "action_cells"),
            ),
        ),
        "ways": Fact(
            "What jumps and returns change of the share of deals won, compared from when deals left a stage.",
            lambda study: effect_rows(
                [
                    effect
                    for way in study.estimates.conduct.ways
                    for effect in (way.effect, way.among_live)
                    if effect is not None
                ],
                family_of(study.estimates),
            ),
            ((WAYS, "way_decisions"), (WAYS, "ways_taken"), (WAYS, "first_at_target"), *_KNOWN),
        ),
        "triage": Fact(
            "How far deals of two attributes' values are won beyond what the two promise each by itself.",
            lambda study: [each for one in study.estimates.triage for each in one.combinations],
            ((TRIAGE, "first_traits"),),
        ),
        "conditions": Fact(
            "What fields filled and tasks done at the exit of a stage change of the share of deals won.",
            lambda study: effect_rows(
                [one.wins for one in study.estimates.conduct.conditions if one.wins is not None],
                family_of(study.estimates),
            ),
            ((CONDITIONS, "field_states"), (CONDITIONS, "field_decisions"), *_KNOWN),
        ),
        "comebacks": Fact(
            "What the same change of the share of deals that come back to the stage; those stand where wins do.",
            lambda study: effect_rows(
                [one.returns for one in study.estimates.conduct.conditions if one.returns is not None],
                family_of(study.estimates),
            ),
            ((CONDITIONS, "field_states"), (CONDITIONS, "field_decisions"), *_KNOWN, (CONDITIONS, "returned_after")),
        ),
        "thresholds": Fact(
            "How deals did by how many elements of a criterion were there when they went on.",
            lambda study: study.estimates.conduct.thresholds,
            ((CONDITIONS, "field_states"), (CONDITIONS, "elements_met")),
        ),
        "checks": Fact(
            "How stays end soon after each task, and otherwise.",
            lambda study: study.estimates.conduct.checks,
            ((EFFECTS, "tasks_told"), (TASKS, "checks"), (TASKS, "done_where")),
        ),
        "orders": Fact(
            "What it changes to begin with the other one of two tasks.",
            lambda study: effect_rows(
                [one.effect for one in study.estimates.conduct.orders], family_of(study.estimates)
            ),
            ((EFFECTS, "tasks_told"), (TASKS, "tasks_first_done"), (TASKS, "order_decisions"), *_KNOWN),
        ),
        "exemplars": Fact(
            "Won deals to follow, some of each segment.",
            lambda study: study.winners.exemplars.deals,
            tuple((DISCOVERY, name) for name in ("exemplars", "exemplar_stays", "exemplar_touches")),
        ),
        "before-advance": Fact(
            "What was done before deals went on from a stage, beside deals that had been there as long.",
            lambda study: study.winners.before_advance,
            ((WINNERS, "doings"), (WINNERS, "before_advance")),
        ),
        "deviations": Fact(
            "Each way in which deals leave the playbook.",
            lambda study: study.conformance.deviations,
            (*_BREACHES, (CONFORMANCE, "deal_deviations"), (CONFORMANCE, "breach_counts")),
        ),
        "obligations": Fact(
            "Each rule of the playbook and how deals stand to it.",
            lambda study: study.conformance.obligations,
            (*_BREACHES, (RULES, "rule_counts")),
        ),
        "over-limit": Fact(
            "Open deals over the limit of their stage right now, the longest first.",
            lambda study: study.conformance.over_limit.longest,
            ((CONFORMANCE, "distinct_walks"), *((RULES, name) for name in ("rule_stays", "over_limit", "over_now"))),
        ),
        "verdicts": Fact(
            "How many deals keep to the playbook.",
            lambda study: [study.conformance],
            (*_BREACHES, (CONFORMANCE, "deal_verdicts"), (CONFORMANCE, "verdict_counts")),
        ),
    }
)


def fact(name: str) -> Fact:
    """Return a fact by name. Raises InputError for an unknown one, naming the nearest."""
    if name not in FACTS:
        close = get_close_matches(name, list(FACTS), 1)
        hint = f"Did you mean {close[0]!r}?" if close else f"There are: {say_list(FACTS, 20)}."
        message = f"There is no figure called {name!r}."
        raise InputError(message, hint=hint)
    return FACTS[name]


def render_queries(name: str, dialect: str | None) -> str:
    """Return the queries behind a fact, in order; in another dialect where it can say them."""
    asked = fact(name)
    foreign = dialect not in (None, "duckdb")
    queries = asked.portable if foreign and asked.portable else asked.queries
    return "\n".join(_query(room, file, dialect if foreign else None) for room, file in queries)


def _query(room: str, file: str, dialect: str | None) -> str:
    sql = read_sql(room, f"{file}.sql").strip()
    head = f"-- {room.rpartition('.')[2]}/{file}.sql"
    if dialect is None:
        return f"{head}\n{sql};\n"
    try:
        return f"{head}, in {dialect}\n{translate(sql, dialect)};\n"
    except EngineError as error:
        return f"{head}, in DuckDB's dialect: it {error.message}\n{sql};\n"


def render_rows(name: str, study: Study, *, kind: str, width: int) -> str:
    """Return the rows of a fact as a table for the terminal, or as CSV."""
    known: Sequence[Any] = fact(name).rows(study)
    flat = [_flat(row) for row in known]
    # A field may be absent of some rows: limits that are unknown, or a list that holds more than texts.
    untold = {one.name for row, told in zip(known, flat, strict=True) for one in fields(row) if one.name not in told}
    titles = [title for title in dict.fromkeys(title for row in flat for title in row) if title not in untold]
    rows = [[row.get(title) for title in titles] for row in flat]
    if kind == "csv":
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(titles)
        writer.writerows([[spreadsheet(cell) for cell in row] for row in rows])
        return out.getvalue()
    if not rows:
        return "Nothing.\n"
    return "\n".join(table(titles, rows, width)) + "\n"


def _flat(row: Any) -> dict[str, object]:
    """Return the fields of a row that a table can show; an interval becomes three columns, a list a text."""
    flat: dict[str, object] = {}
    for field in fields(row):
        value = getattr(row, field.name)
        if isinstance(value, Interval):
            limits = {f"{field.name}_low": value.low, f"{field.name}_high": value.high}
            flat |= {field.name: value.estimate, **limits}
        elif isinstance(value, ValueGain):
            flat |= {f"{field.name}_{name}": cell for name, cell in _flat(value).items()}
        elif value is None or isinstance(value, (bool, int, float, str)):
            flat[field.name] = value
        elif isinstance(value, date):
            flat[field.name] = value.isoformat()
        elif isinstance(value, tuple):
            parts = [part for part in cast("tuple[object, ...]", value) if isinstance(part, str)]
            if parts or not value:
                flat[field.name] = (" > " if field.name == "path" else ", ").join(parts)
    return flat
