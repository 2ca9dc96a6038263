"""How long deals stay in each stage, group by group, and whether the groups go on at the same pace."""

from __future__ import annotations

from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING

import numpy as np

from processminer.discovery.segments import segments
from processminer.engines.relations import read_sql
from processminer.errors import InputError
from processminer.estimates.stage_times import SHARES
from processminer.statistics.log_rank import log_rank
from processminer.statistics.multiplicity import adjusted_p_values
from processminer.statistics.survival import horizon, quantile, restricted_mean, risk_table
from processminer.words import fold, say_list

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    from processminer.log.eventlog import EventLog
    from processminer.statistics.interval import Interval
    from processminer.statistics.log_rank import LogRank
    from processminer.statistics.survival import Floats, RiskTable

    Names = npt.NDArray[np.str_]

PACKAGE = "processminer.estimates"

NOBODY = "CREATE OR REPLACE TABLE stay_owners (deal INTEGER, position INTEGER, owner VARCHAR)"
"""Where owners are not asked for, their history need not be read."""

OWN = ("owner", "amount", "quarter", "outcome")
"""What stays are grouped by beside the attributes of deals."""

FEWEST = 20
"""Stays; a smaller group is told with the others."""

MOST_GROUPS = 12
"""The largest groups are told by themselves: more lines are not read."""

SURE = 0.05
"""A difference between groups is told as one up to this false discovery rate."""

OTHERS, NONE = "(others)", "(none)"


@dataclass(frozen=True, slots=True)
class GroupTime:
    """Stays of one group in a stage; lengths are days."""

    group: str
    stays: int
    open: int
    went_on: int
    mean_days: Interval
    """Restricted mean up to the `tau_days` of the stage, so that groups compare."""
    median_days: float | None
    quartiles: tuple[float | None, ...]
    """p10, p25, p50, p75, p90 (Kaplan-Meier); None where not reached."""


@dataclass(frozen=True, slots=True)
class StageGroups:
    """One stage by group, and the test of whether all go on at the same pace."""

    stage: str
    tau_days: float
    """Up to here enough stays of every group could be followed."""
    groups: tuple[GroupTime, ...]
    """The slowest first."""
    test: LogRank | None
    """Of the rates of going on; None where only one group ever did."""
    q: float | None
    """The false discovery rate over the stages tested at which the difference would still be told."""


@dataclass(frozen=True, slots=True)
class GroupTimes:
    """All stages by what `by` says."""

    by: str
    within: str | None
    """The attribute within whose values groups are compared; None where there is none."""
    stages: tuple[StageGroups, ...]
    """In the log's order."""


def group_times(log: EventLog, by: str) -> GroupTimes:
    """Return the times in every stage by group, and whether groups go on from it at the same pace.

    `by` is owner (at the entry of each stage, as far as the log has their history), amount (thirds of the deals),
    quarter (in which the stage was entered), outcome, or the name of an attribute of deals, which `source` is for
    LeadSource; raises InputError for another. What is compared is the rate of going on: deals that are lost, go back,
    or are there still, count for as long as they stayed. By outcome, which nobody knew in the stage, only deals are
    compared that went on from it and were closed since: whoever is lost in a stage never left it forward, so that any
    other comparison finds a difference where there is none. Tests are stratified by the attribute that says most
    plainly what a deal is (its segment, say), and corrected for the number of stages (Benjamini & Hochberg, 1995).
    Needs `stays`.
    """
    kind, attribute = _chosen(log, by)
    within = next((one for one in segments(log) if one != attribute), None)
    values = {"as_of": log.as_of.replace(tzinfo=None), "by": kind, "attribute": attribute, "stratum": within}
    log.relations.run(read_sql(PACKAGE, "stay_owners.sql") if kind == "owner" else NOBODY)
    rows = log.relations.rows(read_sql(PACKAGE, "group_stays.sql"), values)
    by_stage: dict[int, list[tuple[object, ...]]] = {}
    for row in rows:
        by_stage.setdefault(row[0], []).append(row[1:])
    found = [_stage(log.stages[code].name, _Cells.of(cells)) for code, cells in sorted(by_stage.items())]
    tested = [one.test.p for one in found if one.test is not None]
    told = iter(adjusted_p_values(tested))
    return GroupTimes(
        by=attribute or kind,
        within=within,
        stages=tuple(replace(one, q=next(told)) if one.test is not None else one for one in found),
    )


@dataclass(frozen=True, slots=True)
class GroupsCompared:
    """Every way in which the deals of a log are compared without being asked, all tests corrected together."""

    tests: int
    told: tuple[GroupTimes, ...]
    """With only those stages whose groups go on at different rates, beyond chance."""


def compared_groups(log: EventLog) -> GroupsCompared:
    """Return by which owners, amounts and segments stages are left at different rates, of all stages and all of these.

    Corrected over all of them (Benjamini & Hochberg, 1995): who looks at many is told less of each.
    """
    found = [group_times(log, by) for by in ("owner", "amount", *segments(log))]
    tested = [one.test.p for groups in found for one in groups.stages if one.test is not None]
    rates = iter(adjusted_p_values(tested))
    told = [replace(groups, stages=tuple(_sure(groups.stages, rates))) for groups in found]
    return GroupsCompared(len(tested), tuple(groups for groups in told if groups.stages))


def _sure(stages: Sequence[StageGroups], rates: Iterator[float]) -> Iterator[StageGroups]:
    for one in stages:
        if one.test is not None and (q := next(rates)) <= SURE:
            yield replace(one, q=q)


def _chosen(log: EventLog, by: str) -> tuple[str, str | None]:
    """Return what to group by, and the attribute if it is one."""
    known = {fold(name): name for name in log.attributes}
    if fold(by) in OWN:
        return fold(by), None
    if fold(by) in known:
        return "attribute", known[fold(by)]
    alike = [name for name in log.attributes if _loosely(name).endswith(_loosely(by))]
    if len(alike) == 1 and _loosely(by):
        return "attribute", alike[0]
    names = [*OWN, *log.attributes]
    close = get_close_matches(fold(by), [fold(name) for name in names], 1)
    near = next((name for name in names if close and fold(name) == close[0]), None)
    message = f"There is nothing called {by!r} to compare deals by."
    raise InputError(message, hint=f"Did you mean {near!r}?" if near else f"There are: {say_list(names, 30)}.")


def _loosely(name: str) -> str:
    """Return a name in small letters alone, without what a CRM hangs on its own fields.

    >>> _loosely("Lead_Source__c"), _loosely("source")
    ('leadsource', 'source')
    """
    return "".join(letter for letter in fold(name).removesuffix("__c") if letter.isalnum())


@dataclass(frozen=True, slots=True, eq=False)
class _Cells:
    """The stays of a stage, summed by group, stratum and length: arrays of equal length."""

    group: Names
    stratum: Names
    days: Floats
    counts: Floats
    """Columns: went on, left otherwise, are still there, and came to be seen (each of which is one of the others)."""

    @staticmethod
    def of(rows: Sequence[tuple[object, ...]]) -> _Cells:
        """Return the cells of a stage, small groups folded into one."""
        group, stratum, days, *counts = zip(*rows, strict=True)
        stays = np.array(counts, dtype=np.float64).T
        return _Cells(
            _folded(np.array(group, np.str_), stays), np.array(stratum, np.str_), np.array(days, np.float64), stays
        )

    def table(self, chosen: npt.NDArray[np.bool_], at: Floats) -> RiskTable:
        """Return who was at risk at all these times, of the chosen cells."""
        counts = np.zeros((len(at), 4))
        np.add.at(counts, np.searchsorted(at, self.days[chosen]), self.counts[chosen])
        return risk_table(at, counts[:, :2], counts[:, 2], counts[:, 3])


def _folded(group: Names, stays: Floats) -> Names:
    names, which = np.unique(group, return_inverse=True)
    many = np.bincount(which, stays[:, :3].sum(axis=1), minlength=len(names))
    largest = {int(at) for at in np.argsort(-many, kind="stable")[:MOST_GROUPS] if many[at] >= FEWEST}
    told = [(str(name) or NONE) if at in largest else OTHERS for at, name in enumerate(names)]
    return np.array(told, np.str_)[which]


def _stage(name: str, cells: _Cells) -> StageGroups:
    at = np.unique(cells.days)
    names = [str(one) for one in np.unique(cells.group)]
    tables = {one: cells.table(cells.group == one, at) for one in names}
    tau = min(horizon(table) for table in tables.values())
    groups = [_group(one, table, tau) for one, table in tables.items()]
    return StageGroups(
        stage=name,
        tau_days=tau,
        groups=tuple(sorted(groups, key=lambda one: (-round(one.mean_days.estimate, 9), one.group))),
        test=log_rank(_strata(cells, names, at)),
        q=None,
    )


def _group(name: str, table: RiskTable, tau: float) -> GroupTime:
    return GroupTime(
        group=name,
        stays=table.units,
        open=table.units - round(float(table.left.sum())),
        went_on=round(float(table.exits[:, 0].sum())),
        mean_days=restricted_mean(table, tau),
        median_days=quantile(table, 0.5).at,
        quartiles=tuple(quantile(table, share).at for share in SHARES),
    )


def _strata(cells: _Cells, names: Sequence[str], at: Floats) -> Iterator[tuple[Floats, Floats]]:
    """Yield who went on and who was at risk, by time and group, of each stratum."""
    for stratum in np.unique(cells.stratum):
        tables = [cells.table((cells.stratum == stratum) & (cells.group == one), at) for one in names]
        yield np.stack([one.exits[:, 0] for one in tables], axis=1), np.stack([one.at_risk for one in tables], axis=1)
