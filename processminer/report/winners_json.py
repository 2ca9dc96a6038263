"""What there is to learn from won deals, as values of `audit.json`, and read back from them."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from processminer.discovery.exemplars import Exemplar, Exemplars, ExemplarStay
from processminer.estimates.winners.before_advance import BeforeAdvance
from processminer.estimates.winners.rule_list import Part, Rule, RuleList
from processminer.estimates.winners.winners import Winners
from processminer.statistics.interval import Interval

if TYPE_CHECKING:
    from collections.abc import Mapping

Json = dict[str, Any]


def winners_document(found: Winners) -> Json:
    """Return it as records; shares between 0 and 1, lengths in days."""
    return {
        "exemplars": found.exemplars,
        "before_advance": [{**_row(one), "share": one.share} for one in found.before_advance],
        "rules": found.rules,
    }


def read_winners(document: Json) -> Winners:
    """Return what `winners_document` told."""
    examples, rules = document["exemplars"], document["rules"]
    return Winners(
        exemplars=Exemplars(examples["attribute"], tuple(_exemplar(row) for row in examples["deals"])),
        before_advance=tuple(
            BeforeAdvance(**_own(BeforeAdvance, {**row, "ratio": Interval(**row["ratio"])}))
            for row in document["before_advance"]
        ),
        rules=None
        if rules is None
        else RuleList(**_own(RuleList, {**rules, "rules": tuple(_rule(row) for row in rules["rules"])})),
    )


def _exemplar(row: Json) -> Exemplar:
    stays = tuple(ExemplarStay(stay["stage"], stay["days"], tuple(stay["touches"])) for stay in row["stays"])
    return Exemplar(**_own(Exemplar, {**row, "stays": stays}))


def _rule(row: Json) -> Rule:
    parts = tuple(Part(**_own(Part, part)) for part in row["parts"])
    return Rule(**_own(Rule, {**row, "parts": parts, "won": Interval(**row["won"])}))


def _own(kind: type, row: Mapping[str, Any]) -> Json:
    return {one.name: row[one.name] for one in fields(kind)}


def _row(value: Any) -> Json:
    return {one.name: getattr(value, one.name) for one in fields(value)}
