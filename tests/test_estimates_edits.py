"""What follows changes of owner, amount and close date, in worlds where they do nothing and where they harm."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest

from processminer.estimates.effects.edits import EDITS, edit_effects
from tests.effect_worlds import random_time_world
from tests.worlds import log_of

if TYPE_CHECKING:
    from processminer.log.eventlog import EventLog

WRITTEN = {
    "owner changed": "'owner', 'Ann', 'Bob'",
    "amount lowered": "'amount', '900', '700.5'",
    "close date moved back": "'close_date', '2026-03-01', '2026-05-01'",
}


def edited(seed: int, ratio: float, *what: str) -> EventLog:
    """A world in which something at a random time of a deal's life changes the rate of going on, told as edits."""
    log = random_time_world(np.random.default_rng(seed), ratio)
    for one in what:
        log.relations.run(
            "INSERT INTO field_rows SELECT deal::VARCHAR, make_timestamp(us), " + one + ", NULL, 1 FROM acted"
        )
    return log


@pytest.mark.parametrize("edit", list(WRITTEN))
def test_an_edit_after_which_deals_go_on_more_slowly_is_told_as_that(edit: str) -> None:
    (found,) = edit_effects(edited(1, 0.5, WRITTEN[edit]))
    later = found.followed.onward.later
    assert (found.edit, later is not None) == (edit, True)
    assert later is not None
    limits = later.interval()
    assert limits.low < math.log(0.5) < limits.high < 0


def test_useless_edits_are_told_apart_from_nothing_no_more_often_than_chance_allows() -> None:
    values: list[float] = []
    for seed in range(8):
        (found,) = edit_effects(edited(seed, 1.0, WRITTEN["owner changed"]))
        assert found.followed.onward.later is not None
        values.append(found.followed.onward.later.p_value)
    assert sum(value < 0.05 for value in values) <= 2


def test_second_changes_and_returns_to_a_former_owner_are_kinds_of_their_own() -> None:
    log = edited(2, 1.0, "'owner', 'Ann', 'Bob'")
    log.relations.run(
        "INSERT INTO field_rows SELECT deal_id, occurred_at + INTERVAL 1 DAY, 'owner', 'Bob', 'Ann', NULL, 2 "
        "FROM field_rows"
    )
    assert [one.edit for one in edit_effects(log)] == list(EDITS[:3])


def test_a_raised_amount_and_an_earlier_date_are_no_such_edits_and_without_changes_nothing_is_told() -> None:
    assert edit_effects(edited(3, 1.0, "'amount', '700', '900'", "'close_date', '2026-05-01', '2026-03-01'")) == ()
    assert edit_effects(edited(3, 1.0)) == ()
    assert edit_effects(log_of({"a": ["Lead", "Won"]})) == ()
