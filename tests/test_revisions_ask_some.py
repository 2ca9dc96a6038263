"""A step that helps one segment and harms another is asked of the former alone; what that is worth is in the range."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from tests.audits import audit

if TYPE_CHECKING:
    from processminer.study import Study
    from tests.worlds import Stop

TEXT = """\
name: Two kinds
stages:
  - {name: Lead}
  - name: Workshop
    optional: true   # as you like
  - {name: Proposal}
outcomes: {won: [Won], lost: [Lost]}
"""
SEGMENTS = {"large": 0.5, "small": 0.4, "other": 0.1}


def world(seed: int, lifts: dict[str, float], deals: int = 1200) -> dict[str, object]:
    """Deals of which half take a workshop, which changes their chance to win by so much."""
    chance = random.Random(seed)
    paths: dict[str, list[Stop]] = {}
    said: dict[str, dict[str, str]] = {}
    for number in range(deals):
        segment = chance.choices(list(SEGMENTS), list(SEGMENTS.values()))[0]
        takes = chance.random() < (0.6 if segment == "large" else 0.4)
        day = chance.uniform(0, 300)
        path: list[tuple[str, float]] = [("Lead", day)]
        for stage in ("Workshop", "Proposal") if takes else ("Proposal",):
            day += chance.expovariate(1 / 6)
            path.append((stage, day))
        day += chance.expovariate(1 / 10)
        path.append(("Won" if chance.random() < 0.45 + takes * lifts[segment] else "Lost", day))
        deal = f"d{number:04}"
        paths[deal], said[deal] = [stop for stop in path if stop[1] < 330], {"Segment": segment}
    return {"deals": paths, "attributes": said, "as_of_day": 330}


def told(seed: int, lifts: dict[str, float], text: str = TEXT) -> Study:
    said = world(seed, lifts)
    return audit(text, **said)  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", range(2))
def test_an_optional_step_is_asked_of_those_whom_it_helps_alone(seed: int) -> None:
    lifts = {"large": 0.2, "small": -0.25, "other": 0.0}
    found = told(seed, lifts)
    (split,) = [one for one in found.revisions if one.kind == "split-by-segment"]
    assert (split.subject, split.grade) == ("Workshop", "B")
    assert "-    optional: true   # as you like" in split.diff
    assert "small" in split.diff
    # Two in five of the large ones begin to take it, and two in five of the small ones stop.
    truth = (0.5 * 0.4 * 0.2 + 0.4 * 0.4 * 0.25) / 0.9
    assert split.effect["win_rate"].low <= 0.0 < truth < split.effect["win_rate"].high
    assert split.beliefs["win_rate"].low == "nobody changes what they do"
    assert {"require-stage", "make-stage-optional"}.isdisjoint({one.kind for one in found.revisions})
    after = told(seed, lifts, found.revised)
    assert "helps-one-harms-another" not in {one.rule for one in after.findings}
    assert "split-by-segment" not in {one.kind for one in after.revisions}


@pytest.mark.parametrize(
    "lifts",
    [
        {"large": 0.0, "small": 0.0, "other": 0.0},
        {"large": 0.25, "small": 0.1, "other": 0.2},
        {"large": 0.2, "small": 0.0, "other": 0.0},
    ],
    ids=["useless to all", "helps all, some more", "helps one"],
)
def test_a_step_that_harms_nobody_is_not_split(lifts: dict[str, float]) -> None:
    assert "split-by-segment" not in {one.kind for one in told(5, lifts).revisions}
