"""Bottlenecks, forecasts and what-ifs as JSON: the same bytes for the same figures, shares between 0 and 1, days."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.report.forecast_text import NOT_KNOWN as FORECAST_NOT_KNOWN
from processminer.report.forecast_text import refused
from processminer.report.gains import NOT_KNOWN, longest_stage
from processminer.report.json_report import render_document
from processminer.report.what_if_text import NOT_KNOWN as WHAT_IF_NOT_KNOWN

if TYPE_CHECKING:
    from processminer.discovery.discovery import Discovery
    from processminer.estimates.bottlenecks import Bottlenecks
    from processminer.estimates.flow.backtest import Gate
    from processminer.estimates.flow.outlook import Outlook
    from processminer.estimates.flow.predict import Predicted
    from processminer.report.json_report import Json

BOTTLENECKS = "processminer-bottlenecks/1"
FORECAST = "processminer-forecast/1"
WHAT_IF = "processminer-what-if/1"
"""Names and major versions of the documents."""


def render_bottlenecks_json(found: Bottlenecks) -> str:
    """Return where deals wait as JSON: stages in order, gains with the most first."""
    longest = longest_stage(found.estimates.stages)
    return render_document(
        {
            "schema": BOTTLENECKS,
            **_head(found.discovery),
            "stages": found.estimates.stages,
            "longest": None if longest is None else longest.stage,
            "gains": found.estimates.gains,
            "recent_changes": found.changes,
            "groups": found.groups,
            "not_known": NOT_KNOWN,
        }
    )


def render_forecast_json(found: Outlook, *, anyway: bool = False) -> str:
    """Return the outlook as JSON; a forecast that is not to be believed is null unless it is wanted `anyway`."""
    shut = refused(found)
    return render_document(
        {
            "schema": FORECAST,
            **_head(found.discovery),
            "days": found.days,
            "gate": _gate(found.gate),
            "refused": found.gate.because if shut and not anyway else None,
            "forecast": None if shut and not anyway else found.forecast,
            "quota": found.quota,
            "coverage": found.coverage,
            "chances": [
                {
                    "stage": one.stage,
                    "declared": one.declared,
                    "source": one.source,
                    "verdict": one.verdict,
                    "observed": one.observed,
                }
                for one in found.chances
            ],
            "stalled": found.stalled,
            "not_known": FORECAST_NOT_KNOWN,
        }
    )


def render_what_if_json(found: Predicted) -> str:
    """Return what changes would do as JSON, the lower end of the range first."""
    return render_document(
        {
            "schema": WHAT_IF,
            **_head(found.discovery),
            "gate": _gate(found.gate),
            "what_if": found.what_if,
            "not_known": WHAT_IF_NOT_KNOWN,
        }
    )


def _gate(gate: Gate) -> Json:
    return {
        "verdict": gate.verdict,
        "because": gate.because,
        "past": [
            {"origin": one.origin, "expected": one.expected, "won": one.won, "held": one.held} for one in gate.past
        ],
        "changes": gate.changes,
    }


def _head(found: Discovery) -> Json:
    totals = found.totals
    return {
        "log": found.log.source,
        "as_of": found.log.as_of,
        "deals": {"total": totals.deals, "won": totals.won, "lost": totals.lost, "open": totals.open},
    }
