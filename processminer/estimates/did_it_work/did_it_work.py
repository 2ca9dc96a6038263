"""What is said of a change that was made: whether it was lived, and what it did, as far as can be told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from processminer.estimates.did_it_work.judgement import judge_days, judge_wins

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from processminer.estimates.did_it_work.adoption import Adoption
    from processminer.estimates.did_it_work.deals import Judged
    from processminer.estimates.did_it_work.judgement import Judgement


@dataclass(frozen=True, slots=True)
class DidItWork:
    """A change of the playbook, looked at some time later."""

    version: str | None
    """The version that it came with; None where only a day or a second log is known."""
    since: date | None
    """The first day on which it held; None where a second log says which deals came after."""
    what: tuple[str, ...]
    """What was changed, as sentences without a full stop."""
    where: Mapping[str, tuple[str, ...]]
    """The deals that it was changed for; all where it is empty."""
    grouped_by: str
    """What was compared: owners, or the attribute by which it was changed for some."""
    adoption: tuple[Adoption, ...]
    not_adopted: str
    """Why it cannot be told whether it was lived, as a sentence; empty where it can."""
    judgements: tuple[Judgement, ...]
    """Of the share won first, then of the days in each stage that it is about."""

    @property
    def lived(self) -> bool | None:
        """Whether any new rule is followed more than before; None where that cannot be told, or no deal could yet."""
        came = [one for one in self.adoption if one.deals_after]
        return any(one.rose for one in came) if came else None


def judgements(judged: Judged, stages: Sequence[str], since: date | None) -> tuple[Judgement, ...]:
    """Return what a change did to the share won, and to the days in these stages, as the log calls them."""
    days = ((stage, judged.stays(stage, since)) for stage in stages)
    return (judge_wins(judged.deals), *(judge_days(units, stage) for stage, units in days if units is not None))
