"""Process flows that run beside a deal under an id of their own: their changes become the deal's."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from processminer.engines.relations import quoted
from processminer.log.columns import text_of

if TYPE_CHECKING:
    from processminer.engines.relations import Relations
    from processminer.log.sources.recognise import Part, Recognition


def with_flows(relations: Relations, found: Recognition) -> Recognition:
    """Return the recognition with each flow's id in the history replaced by its deal's, and its stage beside the deal.

    As it was, where the export has no table of flows.
    """
    flows = found.parts.get("flows")
    if flows is None:
        return found
    flow, deal = text_of(flows.columns["flow"]), text_of(flows.columns["deal"])
    stage = text_of(flows.columns.get("stage"))
    relations.run(
        f"CREATE OR REPLACE TABLE flow_deals AS SELECT {flow} AS flow, {deal} AS flow_deal, {stage} AS flow_stage "
        f"FROM {quoted(flows.table.name)} WHERE {flow} IS NOT NULL AND {deal} IS NOT NULL "
        f"QUALIFY row_number() OVER (PARTITION BY {flow} ORDER BY {flows.table.row_number} DESC) = 1"
    )
    parts = dict(found.parts) | {"history": _renamed(relations, found.parts["history"])}
    if "deals" in parts and "stage" not in parts["deals"].columns:
        parts["deals"] = _placed(relations, parts["deals"])
    return replace(found, parts=parts)


def _renamed(relations: Relations, part: Part) -> Part:
    deal = part.columns["deal"]
    relations.run(
        f"CREATE OR REPLACE VIEW flow_history AS SELECT history.* REPLACE (coalesce(flow_deal, {quoted(deal)}) "
        f"AS {quoted(deal)}) FROM (SELECT *, {part.table.row_number} AS flow_place FROM {quoted(part.table.name)}) "
        f"AS history LEFT JOIN flow_deals ON lower(flow) = lower({text_of(deal)})"
    )
    return replace(part, table=replace(part.table, name="flow_history", row_number="flow_place"))


def _placed(relations: Relations, part: Part) -> Part:
    deal = part.columns["deal"]
    relations.run(
        f"CREATE OR REPLACE VIEW deals_in_flows AS SELECT deals.*, flow_stage FROM (SELECT *, {part.table.row_number} "
        f"AS flow_place FROM {quoted(part.table.name)}) AS deals LEFT JOIN (SELECT flow_deal, "
        "arg_max(flow_stage, flow) AS flow_stage FROM flow_deals GROUP BY flow_deal) "
        f"ON lower(flow_deal) = lower({text_of(deal)})"
    )
    table = replace(
        part.table,
        name="deals_in_flows",
        row_number="flow_place",
        columns=dict(part.table.columns) | {"flow_stage": "VARCHAR"},
    )
    return replace(part, table=table, columns=dict(part.columns) | {"stage": "flow_stage"})
