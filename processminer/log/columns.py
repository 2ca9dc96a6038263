"""SQL expressions that read a column of an export as what it means: a time, a number, a yes or no, a text."""

from processminer.log.cells.conventions import Conventions, DateOrder, DecimalMark
from processminer.log.cells.numbers import amount_of, currency_of, number_of
from processminer.log.cells.texts import ids_of, text_of, untimed_of, yes_of
from processminer.log.cells.times import Precision, known_time, precision_of, time_of

__all__ = [
    "Conventions",
    "DateOrder",
    "DecimalMark",
    "Precision",
    "amount_of",
    "currency_of",
    "ids_of",
    "known_time",
    "number_of",
    "precision_of",
    "text_of",
    "time_of",
    "untimed_of",
    "yes_of",
]
