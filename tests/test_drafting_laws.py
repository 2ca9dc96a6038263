"""A draft is the same in whatever order the rows stand, and reads whatever the log calls things."""

from __future__ import annotations

import random
import re
import unicodedata
from typing import TYPE_CHECKING

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from processminer.discovery.discover import discover
from processminer.drafting.draft import draft_playbook
from processminer.playbook.read import parse_playbook
from tests.worlds import log_of

if TYPE_CHECKING:
    from tests.worlds import Stop

World = dict[str, dict[str, list[tuple[str, float]]]]


def world(seed: int, deals: int = 60) -> World:
    """Deals through three stages, some skipping, some lost, some open, with calls and segments."""
    chance = random.Random(seed)
    paths: dict[str, list[Stop]] = {}
    tasks: dict[str, list[tuple[str, float]]] = {}
    attributes: dict[str, dict[str, str]] = {}
    for number in range(deals):
        day = chance.uniform(0, 80)
        path: list[Stop] = []
        for stage in ("Lead", "Demo", "Offer"):
            if stage == "Demo" and chance.random() < 0.4:
                continue
            path.append((stage, day))
            tasks.setdefault(f"d{number:03}", []).append(("Call", day + 0.5))
            day += chance.expovariate(0.2) + 1
        path.append((("Won", day), ("Lost", day), ("Offer", day))[min(2, int(chance.random() * 2.5))])
        if path[-1][0] == "Offer":
            path.pop()
        paths[f"d{number:03}"] = path
        attributes[f"d{number:03}"] = {"Segment": chance.choice(["small", "large"])}
    return {"deals": paths, "tasks": tasks, "attributes": attributes}  # type: ignore[dict-item]


def drafted(told: World, as_of_day: float = 200.0) -> str:
    return draft_playbook(discover(log_of(**told, as_of_day=as_of_day)))  # type: ignore[arg-type]


@settings(deadline=None, max_examples=3)
@given(st.integers(0, 999), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_no_byte(seed: int, shuffle: random.Random) -> None:
    told = world(seed)
    other: World = {}
    for part, rows in told.items():
        keys = list(rows)
        shuffle.shuffle(keys)
        other[part] = {key: rows[key] for key in keys}
    assert drafted(other) == drafted(told)


@settings(deadline=None, max_examples=3)
@given(st.integers(0, 999))
def test_other_names_of_deals_change_the_examples_alone(seed: int) -> None:
    told = world(seed)
    # In reverse, so that what is first by name becomes last.
    called = {deal: f"x{999 - number:03}" for number, deal in enumerate(sorted(told["deals"]))}
    other: World = {part: {called[deal]: rows[deal] for deal in rows} for part, rows in told.items()}
    text = re.sub(r"\bd\d{3}\b", lambda found: called[found[0]], drafted(told))
    assert drafted(other) == text


def test_few_won_deals_are_said_to_be_no_rule() -> None:
    paths: dict[str, list[Stop]] = {f"d{number}": ["Lead", "Offer", "Won"] for number in range(7)}
    text = draft_playbook(discover(log_of(paths)))
    assert "# So few show what these 7 did, and no rule. From 20 on it begins to be one." in text
    assert "# No time limit: n = 7 that went on, 0 still there; 3 more that go on would show one." in text
    assert "So few" not in drafted(world(1, deals=120))


def test_without_a_won_deal_nothing_is_required_and_the_draft_says_why() -> None:
    text = draft_playbook(discover(log_of({"a": ["B", "A", "Lost"], "b": ["B"]})))
    playbook = parse_playbook(text)
    assert "No deal is won, so nothing could be learned" in text
    assert [(stage.name, stage.optional, stage.probability) for stage in playbook.stages] == [
        ("B", True, None),
        ("A", True, None),
    ]


def test_deals_that_were_first_seen_when_they_were_won_teach_nothing_and_the_draft_says_so() -> None:
    text = draft_playbook(discover(log_of({"a": ["Won"], "b": ["Lead"]})))
    assert "No won deal was seen before it was won, so nothing could be learned" in text
    assert [stage.optional for stage in parse_playbook(text).stages] == [True]


def test_without_any_stage_the_draft_is_still_a_playbook() -> None:
    playbook = parse_playbook(draft_playbook(discover(log_of({"a": ["Won"]}))))
    assert playbook.names == ("Open",)
    assert playbook.outcomes.won == ("Won",)


def test_limits_and_probabilities_say_what_they_rest_on() -> None:
    text = drafted(world(4, deals=300))
    playbook = parse_playbook(text)
    for stage in playbook.stages:
        lines = text.split(f"- name: {stage.name}")[1].split("- name:")[0]
        assert re.search(r"probability: \d+%  # \d+ % to \d+ %, n = \d+ deals that entered \(\d+ still open\)", lines)
        limit = r"time_limit: \d+ days  # [\d.]+ days \([\d.]+ days to [\d.]+ days\), n = \d+ that went on"
        none = r"# No time limit: n = \d+ that went on, \d+ still there, and \d+ % of the stays last longer than"
        assert re.search(limit if stage.time_limit else none, lines)
    assert playbook.stages[0].time_limit
    assert playbook.stages[-1].time_limit is None
    assert "one in five took longer" in text


HOSTILE = [
    "a: b",
    "x #1",
    "- y",
    "yes",
    "1",
    "2026-01-01",
    "\U0001f389",
    "new\nline",
    "'",
    '"',
    "é\u2028e",
    "L" * 300,
    "{a}",
    "%TAG",
]


NAMES = st.one_of(
    st.sampled_from(HOSTILE), st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=6)
)


@settings(deadline=None, max_examples=8, phases=[Phase.explicit, Phase.generate])
@given(st.lists(NAMES, min_size=4, max_size=4), st.integers(0, 99))
def test_a_draft_reads_without_fault_whatever_the_log_calls_things(names: list[str], seed: int) -> None:
    told = world(seed, deals=40)
    one, other, call, beside = names
    renamed = {"Lead": one, "Demo": other, "Call": call}

    def called(rows: dict[str, list[tuple[str, float]]]) -> dict[str, list[tuple[str, float]]]:
        return {
            f"{beside}{deal}": [(renamed.get(name, name), day) for name, day in stops] for deal, stops in rows.items()
        }

    hostile: World = {"deals": called(told["deals"]), "tasks": called(told["tasks"])}
    hostile["attributes"] = {deal: {"Segment": beside + deal[-1]} for deal in hostile["deals"]}  # type: ignore[dict-item]
    log = log_of(**hostile, as_of_day=200.0)  # type: ignore[arg-type]
    text = draft_playbook(discover(log))
    known = {stage.name for stage in log.stages}
    assert set(parse_playbook(text).names) <= known
    breaks = {sign for sign in text if unicodedata.category(sign) in {"Cc", "Zl", "Zp"}}
    assert breaks == {"\n"}


@pytest.mark.parametrize("sample", ["salesforce", "hubspot"])
def test_the_drafts_of_the_samples_read_and_do_not_accuse_half_of_the_deals(sample: str) -> None:
    from processminer.log.read import read_log
    from processminer.study import study

    found = study(read_log(f"samples/{sample}"))
    assert found.declared.drafted
    assert 2 * found.conformance.deals_violating < found.discovery.totals.deals
    assert found.conformance.fitness > 0.99
    # Its own limits are no news.
    assert not any(one.rule == "stage-over-limit" for one in found.findings)
