"""Whether the metrics can be looked at, missed and computed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.playbook.lint.page import Found, Page, Rule
from processminer.playbook.targets import OF_A_STAGE, read_target

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_METRICS = 8
"""A page with more numbers than that is read by nobody; few enough to fit on one screen."""


def _too_many_metrics(page: Page) -> Iterator[Found]:
    """Find a list of metrics that is too long to look at."""
    count = len(page.playbook.metrics)
    if count > MOST_METRICS:
        mend = f"Take out {count - MOST_METRICS} by which nobody has decided anything of late."
        yield Found(("metrics",), f"the playbook has {count} metrics, more than {MOST_METRICS}.", mend)


def _metric_without_target(page: Page) -> Iterator[Found]:
    """Find metrics that nobody can miss."""
    for at, metric in enumerate(page.playbook.metrics):
        if metric.target is None:
            mend = "Write what to reach, such as `target: at least 25%` or `target: at most 60 days`."
            yield Found(("metrics", at), f"the metric {metric.name!r} has no target.", mend)


def _unreadable_target(page: Page) -> Iterator[Found]:
    """Find targets that do not fit what the metric measures."""
    for at, metric in enumerate(page.playbook.metrics):
        if metric.target is None or metric.measure is None:
            continue
        try:
            read_target(metric.target, metric.measure)
        except ValueError as error:
            reason, _, mend = str(error).rpartition("; ")
            message = f"the metric {metric.name!r} measures {metric.measure!r}: {reason}."
            yield Found(("metrics", at, "target"), message, f"{mend[:1].upper()}{mend[1:]}.")


def _metric_without_stage(page: Page) -> Iterator[Found]:
    """Find measures of a stage that name none."""
    for at, metric in enumerate(page.playbook.metrics):
        if metric.measure in OF_A_STAGE and metric.stage is None:
            message = f"the metric {metric.name!r} measures {metric.measure!r} and does not say of which stage."
            yield Found(("metrics", at), message, f"Write for example `stage: {page.playbook.names[0]}`.")


RULES = (
    Rule(
        "too-many-metrics",
        _too_many_metrics,
        "What has to be watched all at once is watched by nobody.",
    ),
    Rule(
        "metric-without-target",
        _metric_without_target,
        "A number without a target is looked at and never acted upon.",
    ),
    Rule(
        "unreadable-target",
        _unreadable_target,
        "A target in another unit than its measure can be neither met nor missed.",
    ),
    Rule(
        "metric-without-stage",
        _metric_without_stage,
        "What is measured stage by stage has no value for the whole.",
    ),
)
"""Rules on metrics."""
