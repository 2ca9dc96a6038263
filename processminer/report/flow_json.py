"""Bottlenecks, forecasts and what-ifs as JSON: the same bytes for the same figures, shares between 0 and 1, days."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from processminer.report.gains import NOT_KNOWN, longest_stage
from processminer.report.json_report import render_document
from processminer.report.process_json import (
    gate_document,
    give_ups_document,
    outlook_document,
    queue_document,
    whole_document,
)
from processminer.report.what_if_text import NOT_KNOWN as WHAT_IF_NOT_KNOWN

if TYPE_CHECKING:
    from processminer.discovery.discovery import Discovery
    from processminer.estimates.bottlenecks import Bottlenecks
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
            "queue": queue_document(found.queue),
            "whole_process": whole_document(found.whole),
            "silences": found.silences,
            "waiting": [{**asdict(one), "efficiency": one.efficiency} for one in found.waits],
            "groups": found.groups,
            "not_known": None if found.waits else NOT_KNOWN,
        }
    )


def render_forecast_json(discovery: Discovery, found: Outlook, *, anyway: bool = False) -> str:
    """Return the outlook as JSON; a forecast that is not to be believed is null unless it is wanted `anyway`."""
    told = outlook_document(found, anyway=anyway)
    given_up = give_ups_document(found.give_ups)
    return render_document({"schema": FORECAST, **_head(discovery), **told, "give_ups": given_up})


def render_what_if_json(found: Predicted) -> str:
    """Return what changes would do as JSON, the lower end of the range first."""
    return render_document(
        {
            "schema": WHAT_IF,
            **_head(found.discovery),
            "gate": gate_document(found.gate),
            "what_if": found.what_if,
            "not_known": WHAT_IF_NOT_KNOWN,
        }
    )


def _head(found: Discovery) -> Json:
    totals = found.totals
    return {
        "log": found.log.source,
        "as_of": found.log.as_of,
        "deals": {"total": totals.deals, "won": totals.won, "lost": totals.lost, "open": totals.open},
    }
