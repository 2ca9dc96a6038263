"""The verdict of a log against its playbook, for a terminal: how many deals keep to it, and each way of leaving it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.conformance.checkable import lacking
from processminer.report.judged import say_judged, say_line
from processminer.report.listing import paragraph, table
from processminer.report.over_limit import over_row, say_over_limit, say_resting
from processminer.report.telling import DEVIATIONS, say_conformance, say_playbook, say_rows
from processminer.report.weighed import (
    group_row,
    groups_of,
    metric_row,
    say_metrics,
    say_places,
    say_unlisted,
    say_weighed,
    say_wins,
    say_worth,
)
from processminer.words import say_count

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from processminer.conformance.conformance import Obligation
    from processminer.study import Study


def render_check(study: Study, *, width: int = 100) -> str:
    """Return the deviations, the most frequent first, then every rule with how deals stand to it."""
    found = study.conformance
    lines = [
        *paragraph(f"{say_playbook(study)}; {say_rows(study)}", width, "Playbook  "),
        *paragraph(say_conformance(study), width, "Kept to   "),
        *(paragraph(judged, width, "Judged    ") if (judged := say_judged(study.log.ingest, found)) else ()),
        *(paragraph(over, width, "Over now  ") if (over := say_over_limit(found)) else ()),
        *(line for head, said in _beside(study) for line in paragraph(said, width, f"{head:<10}")),
    ]
    if not found.deviations:
        lines += ["", "No deviation."]
    for deviation in found.deviations:
        told = f"{DEVIATIONS[deviation.kind]}  ({deviation.kind}, {say_line(deviation) or 'undeclared'})"
        lines += ["", *paragraph(told, width), *paragraph(deviation.sentence, width, "    ")]
        lines += paragraph(", ".join(deviation.examples), width, "    for example ")
        for said in (say_worth(deviation), say_places(deviation), say_wins(deviation)):
            lines += paragraph(said, width, "    ") if said else ()
    lines += _rules(found.obligations, width)
    groups = [group_row(one) for one in groups_of(found)]
    if groups:
        lines += ["", *table(("By", "Of", "Deals", "Fitness", "Left the playbook", "95 % interval"), groups, width)]
        lines += paragraph(say_unlisted(found), width) if say_unlisted(found) else ()
    if study.estimates.metrics:
        heads = ("Metric", "Target", "Measured", "Which is", "Verdict")
        lines += ["", *table(heads, [metric_row(one) for one in study.estimates.metrics], width)]
    if found.over_limit.longest:
        titles = ("Over its limit now", "Stage", "Owner", "Worth", "There for", "Over by")
        lines += ["", *table(titles, [over_row(one) for one in found.over_limit.longest], width)]
    return "\n".join(lines) + "\n"


def _rules(rules: Sequence[Obligation], width: int) -> Iterator[str]:
    """Yield a table of the rules with a verdict, notes on them, and what would give the others one."""
    judged = [rule for rule in rules if rule.kept + rule.broken + rule.pending]
    rows = [(one.kind, one.subject, one.kept, one.broken, one.pending, one.unchecked) for one in judged]
    yield from ("", *table(("Rule", "Of", "Kept", "Broken", "Pending", "Unchecked"), rows, width))
    for one in judged:
        if said := say_resting(one):
            yield from paragraph(f"{one.kind}, {one.subject}: {said}.", width, "  ")
    for lack in lacking(rules):
        if lack.wholly:
            yield from paragraph(lack.sentence, width, "  ")
    idle = sum(not (rule.kept + rule.broken + rule.pending + rule.unchecked) for rule in rules)
    if idle:
        yield from paragraph(f"{say_count(idle, 'rule concerns', 'rules concern')} no deal of this log.", width, "  ")


def _beside(study: Study) -> Iterator[tuple[str, str]]:
    """Yield what is said of the whole beside the verdicts, each with its heading."""
    yield from say_weighed(study.conformance)
    metrics = say_metrics(study.estimates.metrics)
    if metrics:
        yield "Metrics", metrics
