"""Whether a change was lived at all: the share of deals that follow each new rule, before it held and since."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from processminer.statistics.proportions import newcombe, wilson

if TYPE_CHECKING:
    import pandas as pd

    from processminer.estimates.did_it_work.deals import Judged
    from processminer.statistics.interval import Interval

SIGMAS = 3.0
"""Of a p-chart (Shewhart, 1931): beyond it chance hardly ever takes a month."""

MONTH = 30.4375


@dataclass(frozen=True, slots=True)
class Adoption:
    """One rule that the new version has otherwise, among the deals that it was changed for."""

    how: Literal["asked", "allowed"]
    """Whether following it is to keep what is asked now, or to use what is allowed now."""
    kind: str
    """The deviation that it is about, as conformance calls it."""
    subject: str
    stage: str | None
    before: Interval
    """The share of the deals coming to it that follow it; Wilson."""
    after: Interval
    deals_before: int
    deals_after: int
    months_above: int
    """Months since in which more followed it than chance allows by the time before (three sigma)."""
    months: int

    @property
    def rose(self) -> bool:
        """Whether more deals follow it since than before, chance set aside (Newcombe, 1998, 95 %)."""
        told = (self.before.estimate, self.deals_before), (self.after.estimate, self.deals_after)
        if min(self.deals_before, self.deals_after) == 0:
            return False
        (share0, n0), (share1, n1) = told
        return newcombe(round(share1 * n1), n1, round(share0 * n0), n0).low > 0


def adoption(followed: pd.DataFrame, judged: Judged) -> tuple[Adoption, ...]:
    """Return how each rule was followed before and since, of the deals that it was changed for, by rule.

    `followed` has the columns how, kind, subject, stage, deal_id and follows.
    """
    import pandas as pd

    units = judged.deals
    deals = pd.DataFrame({"deal_id": judged.ids, "begun": units.begun, "changed": units.changed, "after": units.after})
    table: Any = followed.merge(deals[deals["changed"]], on="deal_id")
    table = table.assign(stage=table["stage"].fillna(""))
    told = [_one(key, rows) for key, rows in table.groupby(["how", "kind", "subject", "stage"], sort=True)]
    return tuple(told)


def _one(key: Any, rows: Any) -> Adoption:
    how, kind, subject, stage = key
    after = rows["after"].to_numpy(dtype=bool)
    follows = rows["follows"].to_numpy(dtype=bool)
    n0, n1 = int((~after).sum()), int(after.sum())
    k0, k1 = int((follows & ~after).sum()), int((follows & after).sum())
    above, months = _months_above(rows["begun"].to_numpy(dtype=np.float64)[after], follows[after], k0, n0)
    return Adoption(how, kind, subject, stage or None, wilson(k0, n0), wilson(k1, n1), n0, n1, above, months)


def _months_above(begun: Any, follows: Any, k0: int, n0: int) -> tuple[int, int]:
    if not len(begun) or not n0:
        return 0, 0
    _, month = np.unique(np.floor((begun - begun.min()) / MONTH), return_inverse=True)
    size, share = np.bincount(month), k0 / n0
    followed = np.bincount(month, follows)
    limit = share + SIGMAS * np.sqrt(share * (1 - share) / size)
    return int((followed / size > limit).sum()), len(size)
