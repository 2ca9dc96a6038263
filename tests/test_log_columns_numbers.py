"""Numbers, money and yes or no as people write them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processminer.log.columns import (
    Conventions,
    currency_of,
    number_of,
    text_of,
    untimed_of,
    yes_of,
)
from tests.test_log_columns import Column


@given(st.lists(st.decimals(-(10**9), 10**9, places=2), min_size=1, max_size=60), st.data())
@settings(max_examples=60, deadline=None)
def test_an_amount_is_what_decimal_reads_in_it(numbers: list[Decimal], data: st.DataObject) -> None:
    mark, group = data.draw(
        st.sampled_from([(".", ","), (".", ""), (".", "'"), (",", "."), (",", " "), (",", "\u202f")])
    )
    before, after = data.draw(
        st.sampled_from(
            [("", ""), ("$", ""), ("€ ", ""), ("", " €"), ("USD ", ""), ("", " CHF"), ("R$ ", ""), ("", "zł")]
        )
    )
    minus = data.draw(st.sampled_from(["-", "\u2212", "("]))

    def written(number: Decimal) -> str:
        digits = f"{abs(number):,.2f}".replace(",", "g").replace(".", mark).replace("g", group)
        said = f"{before}{digits}{after}"
        return said if number >= 0 else f"({said})" if minus == "(" else f"{minus}{said}"

    assert Column([written(number) for number in numbers]).amounts() == [float(number) for number in numbers]


@pytest.mark.parametrize(
    ("written", "amount", "currency"),
    [
        ("12 500,50", 12500.5, None),
        ("12'500.50", 12500.5, None),
        ("$45k", 45000, "$"),
        ("1.2M", 1200000, None),
        ("€ 1,5 Mio", 1500000, "EUR"),
        ("1,5 Mio. €", 1500000, "EUR"),
        ("45,5 k€", 45500, "EUR"),
        ("(1,200.00)", -1200, None),
        ("USD 45,000.00", 45000, "USD"),
        ("45.000,00 EUR", 45000, "EUR"),
        ("500,-", 500, None),
        ("CHF 500.\u2013", 500, "CHF"),
        ("12,34,567.50", 1234567.5, None),
        ("50.5万元", 505000, None),
        ("20.5 %", 0.205, None),
        ("1.5e3", 1500, None),
        (".5", 0.5, None),
        ("+7.5", 7.5, None),
        ("5.50-", -5.5, None),
        ("-$5.50", -5.5, "$"),
        ("£1,234.50", 1234.5, "GBP"),
        *(
            (text, None, None)
            for text in ("TBD", "n/a", "-", "12 5", "1.2.3,4,5", "5 apples", "abc 500", "--5", "1 mil")
        ),
    ],
)
def test_money_is_read_as_it_is_written(written: str, amount: float | None, currency: str | None) -> None:
    column = Column([written])
    assert column.amounts() == [amount]
    assert column.read(currency_of(column.table, "c")) == [currency]


def test_the_decimal_mark_is_told_by_the_column_not_by_the_cell() -> None:
    assert Column(["1.234", "12,50"]).amounts() == [1234, 12.5]
    assert Column(["1.234", "12.50"]).amounts() == [1.234, 12.5]
    assert Column(["1,234", "1,234,567"]).amounts() == [1234, 1234567]
    assert Column(["1.234", "0.500"]).amounts() == [1.234, 0.5]


def test_numbers_that_leave_the_mark_open_are_read_as_thousands_and_the_question_is_kept() -> None:
    column = Column(["1.234", "12.500", "7"])
    assert column.amounts() == [1234, 12500, 7]
    assert column.remarks() == [("ambiguous-number", 2)]
    answered = Column(["1.234", "12.500", "7"])
    assert answered.amounts(Conventions(decimal=".")) == [1.234, 12.5, 7]
    assert answered.remarks() == []


def test_a_column_with_two_decimal_marks_is_read_by_the_commoner_and_says_so() -> None:
    column = Column(["1.234,50", "2.000,75", "1,234.50"])
    assert column.amounts() == [1234.5, 2000.75, None]
    assert column.remarks() == [("two-decimal-marks", 1)]


def test_typed_numbers_need_no_reading() -> None:
    assert Column([1.5, None, float("inf"), float("nan")], "DOUBLE").amounts() == [1.5, None, None, None]
    assert Column(["1.5", "inf", "x", ""]).read(number_of("c")) == [1.5, None, None, None]


@pytest.mark.parametrize("word", ["true", "1", "Yes", "T", "sì", "SÍ", "oui", "Ja", "verdadero", "sim", "是", " wahr "])
def test_yes_is_known_in_seven_languages(word: str) -> None:
    assert Column([word, "no", "", "0", "false"]).read(yes_of("c")) == [True, False, False, False, False]


def test_texts_are_trimmed_and_empty_ones_are_none() -> None:
    column = Column([" a ", "  ", ""])
    assert column.read(text_of("c")) == ["a", None, None]
    assert column.read(untimed_of(column.table, "c")) == [False, True, True]
    assert column.read(text_of(None)) == [None, None, None]
