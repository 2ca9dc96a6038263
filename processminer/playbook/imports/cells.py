"""Single values of a record, read as what they must be; every one that is not is told, with its place."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from processminer.errors import Fault, Place, PlaybookError
from processminer.playbook.imports.said import tidy

if TYPE_CHECKING:
    from processminer.playbook.imports.document import Row

_YES = {"true", "1", "yes", "y"}
_NO = {"false", "0", "no", "n", ""}


@dataclass(slots=True)
class Cells:
    """Reads the cells of records and gathers what is wrong with them."""

    file: str
    faults: list[Fault] = field(default_factory=list[Fault])

    def text(self, row: Row, *names: str) -> str:
        """Return the first of these cells that is filled, as one line of text; nothing if none is."""
        value = self._found(row, names)
        if isinstance(value, (str, int, float)) and not isinstance(value, bool):
            return tidy(str(value))
        if value is not None:
            self._tell(row, names[0], "must be text.")
        return ""

    def number(self, row: Row, *names: str) -> float | None:
        """Return the first of these cells that is filled as a number, or None."""
        value = self._found(row, names)
        if value is None or (isinstance(value, str) and not value.strip()):
            return None
        try:
            number = float(str(value).strip().removesuffix("%"))
        except ValueError:
            number = math.nan
        if isinstance(value, bool) or not math.isfinite(number):
            self._tell(row, names[0], f"{str(value)[:40]!r} is not a number.")
            return None
        return number

    def share(self, row: Row, whole: float, *names: str) -> float | None:
        """Return the first of these cells that is filled as a share of `whole`, or None."""
        number = self.number(row, *names)
        if number is None:
            return None
        if not 0 <= number <= whole:
            self._tell(row, names[0], f"{number:g} is not between 0 and {whole:g}.")
            return None
        return number / whole

    def flag(self, row: Row, *names: str) -> bool | None:
        """Return the first of these cells that is filled as yes or no, or None."""
        value = self._found(row, names)
        if value is None:
            return None
        said = str(value).strip().lower()
        if said in _YES or said in _NO:
            return said in _YES
        self._tell(row, names[0], f"{str(value)[:40]!r} is neither true nor false.")
        return None

    def done(self) -> None:
        """Raise PlaybookError with all that is wrong, if anything is."""
        if self.faults:
            raise PlaybookError(tuple(self.faults))

    @staticmethod
    def _found(row: Row, names: tuple[str, ...]) -> object:
        return next((row.cells[name] for name in names if row.cells.get(name) not in (None, "")), None)

    def _tell(self, row: Row, name: str, message: str) -> None:
        at = f"{row.place}.{name}" if row.place else name
        self.faults.append(Fault(f"{at}: {message}", Place(self.file, row.line), "Export it again."))
