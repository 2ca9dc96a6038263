"""When deals deviated, what they are worth, where deviations concentrate, and what single deals did."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processminer.conformance.by_version import conform_to
from processminer.conformance.measures.weigh import weigh
from processminer.discovery.discover import discover
from processminer.playbook.parts.stages import Stage, Task
from processminer.playbook.parts.upkeep import Acceptance
from processminer.playbook.versions import Version
from processminer.statistics.multiplicity import adjusted_p_values
from processminer.statistics.two_by_two import shares_differ
from tests.conformance_stories import paths_of, playbook_of, rich_playbooks
from tests.worlds import FIRST_DAY, Stop, log_of

if TYPE_CHECKING:
    from processminer.conformance.conformance import Conformance
    from processminer.log.eventlog import EventLog
    from processminer.playbook.model import Playbook


def weighed(log: EventLog, *playbooks: Playbook) -> Conformance:
    found = conform_to(discover(log), [Version(one, "", f"{one.version}.yaml") for one in playbooks])
    return weigh(found, log, playbooks[0])


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Playbook, dict[str, list[Stop]]]:
    """Deals that may be reopened, over playbooks that limit visits and times."""
    plain = draw(rich_playbooks(4))
    limited = [stage.model_copy(update={"time_limit": draw(st.sampled_from([None, 2.5]))}) for stage in plain.stages]
    playbook = plain.model_copy(update={"stages": tuple(limited)})
    deals: dict[str, list[Stop]] = {}
    for number in range(draw(st.integers(3, 12))):
        path = [*draw(paths_of(playbook.names, 5).filter(bool)), *draw(st.sampled_from([(), ("Won",), ("Lost",)]))]
        if path[-1] == "Lost":
            path += draw(st.sampled_from([(), (path[0],), (path[0], "Won")]))
        day, stops = 0.0, list[Stop]()
        for stage in path:
            stops.append((stage, day))
            day += draw(st.sampled_from([1.0, 3.0]))
        deals[f"d{number:02}"] = stops
    return playbook, deals


@settings(max_examples=12, deadline=None)
@given(worlds())
def test_each_deviation_has_its_deals_those_that_came_to_it_and_moments_of_theirs(
    world: tuple[Playbook, dict[str, list[Stop]]],
) -> None:
    playbook, deals = world
    log = log_of(deals, as_of_day=60, order=playbook.names)
    found = weighed(log, playbook)
    reached: Counter[tuple[str, str, str | None]] = Counter()
    for kind, subject, stage, count in log.relations.rows(
        "SELECT kind, subject, stage, count(*) FROM deal_reaches GROUP BY ALL"
    ):
        reached[kind, subject, stage] = count
    moments: dict[tuple[str, str, str | None], dict[str, float]] = defaultdict(dict)
    for kind, subject, stage, deal, moment in log.relations.rows(
        "SELECT kind, subject, stage, deal_id, moment FROM deal_moves JOIN deals USING (deal)"
    ):
        assert deal not in moments[kind, subject, stage]
        moments[kind, subject, stage][deal] = (moment - FIRST_DAY) / timedelta(days=1)
    for one in found.deviations:
        key = (one.kind, one.subject, one.stage)
        assert reached[key] == one.reached
        assert len(moments[key]) == one.deals
        first, last = min(moments[key].values()), max(moments[key].values())
        assert one.first_seen == (FIRST_DAY + timedelta(days=first)).date()
        assert one.last_seen == (FIRST_DAY + timedelta(days=last)).date()
        for deal, day in moments[key].items():
            steps = [at for _, at in _days(deals[deal])]
            # A limit passes between two steps, everything else happens at one.
            assert day in steps if one.kind != "over-time" else any(day == at + 2.5 for at in steps)


def _days(stops: list[Stop]) -> list[tuple[str, float]]:
    return [stop for stop in stops if not isinstance(stop, str)]


@pytest.mark.parametrize(
    ("path", "kind", "subject", "day"),
    [
        (["A", "C", "Won"], "skipped", "B", 1),
        (["A", "B", "Won"], "skipped", "C", 2),
        (["A", "B", "X", "C", "Won"], "undeclared", "X", 2),
        (["A", "B", "C", "A", "B", "C", "Won"], "returned", "C -> A", 3),
        (["B", "C", "Won"], "started-late", "B", 0),
        (["A", "X", "C"], "skipped", "B", 2),
    ],
)
def test_an_order_is_broken_at_the_step_that_a_person_would_name(
    path: list[str], kind: str, subject: str, day: int
) -> None:
    found = weighed(log_of({"x": list(path)}, order=["A", "B", "C"]), playbook_of("A", "B", "C"))
    seen = {(one.kind, one.subject): one.first_seen for one in found.deviations}
    assert seen.get((kind, subject)) == date(2026, 1, 1) + timedelta(days=day)


def test_a_deal_is_told_in_the_order_in_which_it_left_the_playbook() -> None:
    stage = Stage(name="A", time_limit=3.0, tasks=(Task(do="Call", seen_as=("Call",)),))
    playbook = playbook_of(stage, "B", "C").model_copy(
        update={"accepted": (Acceptance.model_validate({"deviation": "undeclared", "subject": "X", "because": "new"}),)}
    )
    log = log_of(
        {"x": [("A", 0), ("X", 15.5), ("C", 16), ("Won", 20)], "y": ["A", "B", "C", "Won"]},
        tasks={"y": [("Call", 0.5)]},
        attributes={"x": {"OwnerId": "Ann"}, "y": {"OwnerId": "Bob"}},
        order=["A", "B", "C"],
    )
    (told,) = weighed(log, playbook).examples
    assert (told.deal, told.owner, told.verdict) == ("x", "Ann", "violating")
    assert told.sentence == (
        "12 days over the limit in A; Call not done in A; was in X, which the playbook does not know (accepted);"
        " skipped B"
    )
    assert [(move.kind, move.accepted) for move in told.moves] == [
        ("over-time", False), ("task-missing", False), ("undeclared", True), ("skipped", False),
    ]  # fmt: skip
    assert told.moves[0].days_over == pytest.approx(12.5)
    assert told.moves[0].moment == FIRST_DAY + timedelta(days=3)


PLAYBOOK = playbook_of("A", "B", "C")


def planted(shares: dict[str, tuple[int, int]]) -> EventLog:
    """Deals of some owners, of whom so many of so many skip B; another one of each has not come that far."""
    deals: dict[str, list[Stop]] = {}
    said: dict[str, dict[str, str]] = {}
    for owner, (skipped, whole) in shares.items():
        for number in range(whole):
            deal = f"{owner}-{number:03}"
            deals[deal] = ["A", "C", "Won"] if number < skipped else ["A", "B", "C", "Lost"]
            said[deal] = {"OwnerId": owner, "Amount": "100", "Segment": "big" if number % 2 else "small"}
        deals[f"{owner}-new"] = ["A"]
        said[f"{owner}-new"] = {"OwnerId": owner, "Amount": "9000", "Segment": "big"}
    return log_of(deals, attributes=said, order=["A", "B", "C"])


def test_an_owner_who_skips_more_than_the_others_is_named_with_the_counts_of_those_who_came_that_far() -> None:
    shares = {"Ann": (24, 30), "Bob": (6, 30), "Cy": (5, 30), "Dee": (4, 6)}
    (skipped,) = weighed(planted(shares), PLAYBOOK).deviations
    (place,) = skipped.concentrations
    assert (place.attribute, place.value) == ("owner", "Ann")
    assert (place.deals, place.reached, place.rest_deals, place.rest_reached) == (24, 30, 15, 66)
    # Dee's six deals are too few to be compared; the others' and both segments' are one family.
    tests = [_test(shares, owner) for owner in ("Ann", "Bob", "Cy")]
    by_segment = _segment_test(shares)
    assert place.p_value == pytest.approx(tests[0])
    assert place.q_value == pytest.approx(adjusted_p_values([*tests, by_segment, by_segment])[0])
    assert (skipped.amount, skipped.valued, skipped.currency) == (3900.0, 39, None)
    assert (skipped.won, skipped.lost, skipped.others_won, skipped.others_lost) == (39, 0, 0, 57)


def _test(shares: dict[str, tuple[int, int]], owner: str) -> float:
    rest = [counts for name, counts in shares.items() if name != owner]
    return shares_differ(*shares[owner], sum(k for k, _ in rest), sum(n for _, n in rest))


def _segment_test(shares: dict[str, tuple[int, int]]) -> float:
    big = sum(sum(number % 2 for number in range(skipped)) for skipped, _ in shares.values())
    of_big = sum(whole // 2 for _, whole in shares.values())
    skipped, whole = (sum(counts) for counts in zip(*shares.values(), strict=True))
    return shares_differ(big, of_big, skipped - big, whole - of_big)


def test_a_deviation_that_is_as_frequent_everywhere_concentrates_nowhere() -> None:
    (skipped,) = weighed(planted({"Ann": (10, 30), "Bob": (9, 30), "Cy": (11, 30)}), PLAYBOOK).deviations
    assert skipped.concentrations == ()


def test_what_is_accepted_does_not_concentrate() -> None:
    pilot = Acceptance.model_validate(
        {"deviation": "skipped", "subject": "B", "because": "a pilot", "where": {"owner": ["ann"]}}
    )
    shares = {"Ann": (24, 30), "Bob": (6, 30), "Cy": (5, 30)}
    (skipped,) = weighed(planted(shares), PLAYBOOK.model_copy(update={"accepted": (pilot,)})).deviations
    assert (skipped.deals, skipped.accepted, skipped.reached, skipped.concentrations) == (11, 24, 66, ())


def test_deals_of_several_versions_are_told_alike() -> None:
    older = PLAYBOOK.model_copy(update={"version": "1", "valid_from": date(2025, 1, 1)})
    newest = PLAYBOOK.model_copy(update={"version": "2", "valid_from": date(2026, 1, 20)})
    deals: dict[str, list[Stop]] = {"old": [("A", 0), ("C", 1), ("Won", 2)], "new": [("A", 30), ("C", 31), ("Won", 32)]}
    found = weighed(log_of(deals, order=["A", "B", "C"]), newest, older)
    (skipped,) = found.deviations
    assert (skipped.deals, skipped.first_seen, skipped.last_seen) == (2, date(2026, 1, 2), date(2026, 2, 1))
    assert [(one.deal, one.sentence) for one in found.examples] == [("new", "skipped B"), ("old", "skipped B")]
