"""The verdict of a log against a BPMN or PNML model, for a terminal and as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from processminer.report.json_report import render_document
from processminer.report.listing import paragraph
from processminer.report.telling import say_part
from processminer.words import say_count, say_list

if TYPE_CHECKING:
    from processminer.conformance.reference import Compared
    from processminer.report.json_report import Json

SCHEMA = "processminer-model-check/1"
"""Name and major version of the JSON."""


def render_model_check(compared: Compared, *, width: int = 100) -> str:
    """Return how many deals fit the model, what was not decided, and each way of leaving it, most frequent first."""
    steps = f"{say_count(len(compared.steps), 'step')}: {say_list(compared.steps, 12)}"
    lines = [
        *paragraph(f"{compared.file} ({compared.kind}), {steps}", width, "Model     "),
        *paragraph(_read(compared), width, "Log       "),
        *paragraph(_kept_to(compared), width, "Kept to   "),
        *(paragraph(_undecided(compared), width, "Undecided ") if compared.undecided_deals else ()),
        "",
    ]
    if not compared.found.deviations:
        lines.append("No deviation.")
    for deviation in compared.found.deviations:
        lines += paragraph(deviation.sentence, width, f"{deviation.kind}  ")
        lines += paragraph(", ".join(deviation.examples), width, "    for example ")
    return "\n".join(lines) + "\n"


def _read(compared: Compared) -> str:
    ingest = compared.ingest
    aside = f"{ingest.rows_read - ingest.rows_used:,} set aside"
    return f"{say_count(ingest.rows_read, 'row')} read, {ingest.rows_used:,} used, {aside}"


def _kept_to(compared: Compared) -> str:
    found = compared.found
    decided = _decided(compared)
    if not decided:
        return "no deal has a path that was held against the model"
    fit, leave = say_part(found.deals_conforming, decided), f"{found.deals_violating:,} leave it"
    way = f"{found.deals_pending:,} are under way without a breach"
    return f"{fit} fit the model, {leave}, {way}; mean fitness of the paths {found.fitness:.3f}"


def _decided(compared: Compared) -> int:
    found = compared.found
    return found.deals_conforming + found.deals_violating + found.deals_pending


def _undecided(compared: Compared) -> str:
    deals = say_part(compared.undecided_deals, compared.undecided_deals + _decided(compared))
    paths = f"{compared.undecided_paths:,} of {say_count(compared.paths, 'path')}"
    return (
        f"{deals}, on {paths}: not decided in the {compared.seconds:g} seconds that each path had "
        f"(--time-limit-per-variant); they count nowhere above. For example {say_list(compared.examples)}"
    )


def render_model_check_json(compared: Compared, gate: Json | None = None) -> str:
    """Return the same as JSON, with `gate` if one was set: the same bytes for the same verdicts."""
    found = compared.found
    deviations = [
        {**asdict(one), "share": one.share.estimate, "share_low": one.share.low, "share_high": one.share.high}
        for one in found.deviations
    ]
    document = {
        "schema": SCHEMA,
        "model": {"file": compared.file, "kind": compared.kind, "steps": compared.steps},
        "fitness": found.fitness if _decided(compared) else None,
        "deals_conforming": found.deals_conforming,
        "deals_violating": found.deals_violating,
        "deals_pending": found.deals_pending,
        "undecided": {
            "deals": compared.undecided_deals,
            "paths": compared.undecided_paths,
            "of_paths": compared.paths,
            "seconds": compared.seconds,
            "examples": compared.examples,
        },
        "deviations": deviations,
        **({} if gate is None else {"gate": gate}),
    }
    return render_document(document)
