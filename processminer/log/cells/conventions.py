"""What the user, or the rest of the export, says of how dates, times and numbers are written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from processminer.log.tables.table import Table

DateOrder = Literal["dmy", "mdy"]
DecimalMark = Literal[",", "."]


@dataclass(frozen=True, slots=True)
class Conventions:
    """What the user says of how dates, times and numbers are written, where the columns do not show it."""

    date_order: DateOrder | None = None
    timezone: str | None = None
    """The zone of times that are written without one, by its IANA name; UTC if not said."""
    decimal: DecimalMark | None = None
    """The mark before the decimals of a number; the columns show it if not said."""
    beside: tuple[Table, ...] = ()
    """The tables of the same export: a column there that proves an order of day and month may lend its proof."""
