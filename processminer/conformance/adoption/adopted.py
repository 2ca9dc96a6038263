"""Which deals keep to what a new version of a playbook asks, or use what it allows, whenever they began."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.conformance.conform import conform
from processminer.conformance.queries import Queries
from processminer.playbook.versions import as_spoken, spoken_by

if TYPE_CHECKING:
    import pandas as pd

    from processminer.discovery.discovery import Discovery
    from processminer.playbook.versions import Version

_HERE = Queries("processminer.conformance.adoption")


def adopted(discovery: Discovery, old: Version, new: Version) -> pd.DataFrame:
    """Return, of each rule that the versions see differently, the deals that came to it and whether they follow it.

    Columns: how (`asked`: they keep what the new version asks; `allowed`: they do what only it allows), kind, subject
    and stage of the deviation, deal_id, follows. All deals are held against both versions, so that those from before
    tell how much was done already. Replaces the relations that `conform` leaves.
    """
    relations = discovery.log.relations
    spoken = spoken_by([new.playbook, old.playbook])
    conform(discovery, as_spoken(old.playbook, spoken), old.text)
    _HERE.run(relations, "followed_old")
    conform(discovery, new.playbook, new.text)
    _HERE.run(relations, "followed_new")
    return relations.frame(_HERE.text("adopted"))
