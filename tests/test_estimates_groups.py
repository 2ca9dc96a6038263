"""Times by group are those of the dullest count, and groups that go on alike are not told apart."""

from __future__ import annotations

from dataclasses import astuple

import numpy as np
import pytest

from processminer.discovery.discover import discover
from processminer.errors import InputError
from processminer.estimates.group_times import NONE, OTHERS, compared_groups, group_times
from processminer.log.eventlog import EventLog
from processminer.statistics.survival import horizon, quantile, restricted_mean, risk_table
from tests.flow_worlds import DEADLY_SECOND, begins, log_of_played, play
from tests.rich_worlds import Deal, rich_log
from tests.worlds import Stop, log_of

ORDER = ("Lead", "Offer")


def world(seed: int, deals: int = 90) -> tuple[dict[str, list[Stop]], dict[str, dict[str, str]]]:
    """Deals of two segments and two sources, some open, some lost."""
    rng = np.random.default_rng(seed)
    paths: dict[str, list[Stop]] = {}
    said: dict[str, dict[str, str]] = {}
    for number in range(deals):
        deal, day = f"d{number:03}", float(rng.integers(0, 60))
        path: list[Stop] = [("Lead", day)]
        for after in ("Offer", "Won"):
            day += float(rng.integers(1, 25))
            path.append((after if rng.random() < 0.8 else "Lost", day))
            if path[-1][0] == "Lost":
                break
        paths[deal] = [stop for stop in path if stop[1] <= 80]
        said[deal] = {"Segment__c": str(rng.choice(["SMB", "Big"])), "LeadSource": str(rng.choice(["Web", "Fair"]))}
    return paths, said


def read(paths: dict[str, list[Stop]], said: dict[str, dict[str, str]]) -> EventLog:
    log = log_of(paths, as_of_day=80, attributes=said, order=ORDER)
    discover(log)
    return log


@pytest.mark.parametrize("seed", range(3))
def test_times_of_groups_are_those_of_the_dullest_count(seed: int) -> None:
    paths, said = world(seed)
    found = group_times(read(paths, said), "segment__c")
    assert (found.by, found.within) == ("Segment__c", "LeadSource")
    for stage in found.stages:
        tables = {}
        for group in ("Big", "SMB"):
            stays = []
            for deal, path in paths.items():
                for at, (name, day) in enumerate(path):
                    if name == stage.stage and said[deal]["Segment__c"] == group:
                        ended = at + 1 < len(path)
                        end = path[at + 1][1] if ended else 80.0
                        went_on = ended and path[at + 1][0] != "Lost"
                        stays.append((end - day + _half(paths), went_on, ended))
            at = sorted({length for length, _, _ in stays})
            on = [sum(length == t and went_on for length, went_on, _ in stays) for t in at]
            off = [sum(length == t and ended and not went_on for length, went_on, ended in stays) for t in at]
            still = [sum(length == t and not ended for length, _, ended in stays) for t in at]
            tables[group] = risk_table(at, np.array([on, off]).T, still)
            told = next(one for one in stage.groups if one.group == group)
            assert (told.stays, told.open, told.went_on) == (len(stays), sum(still), sum(on))
            assert told.median_days == quantile(tables[group], 0.5).at
        assert stage.tau_days == min(horizon(table) for table in tables.values())
        for one in stage.groups:
            mean = restricted_mean(tables[one.group], stage.tau_days)
            assert astuple(one.mean_days) == pytest.approx(astuple(mean))
        assert list(stage.groups) == sorted(stage.groups, key=lambda one: -one.mean_days.estimate)


def _half(paths: dict[str, list[Stop]]) -> float:
    # Where all moments are midnights, days are counted as they are.
    return 0.0 if all(float(day).is_integer() for path in paths.values() for _, day in path) else 0.5


def test_small_groups_are_told_with_the_others_and_the_nameless_by_themselves() -> None:
    paths, said = world(1)
    for number, deal in enumerate(paths):
        said[deal]["Team"] = "" if number % 3 == 0 else "North" if number % 3 == 1 else f"Team {number}"
    lead = group_times(read(paths, said), "Team").stages[0]
    assert {one.group: one.stays for one in lead.groups} == {"North": 30, OTHERS: 30, NONE: 30}


def test_a_slower_group_is_told_apart_and_the_rest_is_not() -> None:
    paths, said = world(2, deals=400)
    # Big deals stay a week longer in Offer, whatever becomes of them.
    for deal, path in paths.items():
        if said[deal]["Segment__c"] == "Big" and len(path) > 2:
            paths[deal] = [*path[:2], *((name, day + 7) for name, day in path[2:] if day + 7 <= 80)]
    lead, offer = group_times(read(paths, said), "Segment__c").stages
    assert offer.test is not None
    assert offer.q is not None
    assert offer.q < 0.01
    assert offer.groups[0].group == "Big"
    assert lead.q is not None
    assert lead.q > 0.05


def test_by_outcome_only_deals_are_compared_that_went_on_and_were_closed() -> None:
    told = []
    for seed in range(12):
        played = play(DEADLY_SECOND, begins(400, 600, seed), seed)
        found = group_times(log_of_played(played, DEADLY_SECOND, 1500), "outcome")
        assert {one.group for stage in found.stages for one in stage.groups} <= {"won", "lost", OTHERS}
        assert all(one.open == 0 and one.went_on == one.stays for stage in found.stages for one in stage.groups)
        told += [stage.test.p for stage in found.stages if stage.test is not None]
    # How long a deal stayed says nothing here of what became of it later; comparing all stays would always find that.
    assert np.mean(np.array(told) <= 0.05) <= 0.2


def test_what_cannot_be_compared_is_refused_with_the_nearest_name() -> None:
    log = read(*world(0))
    with pytest.raises(InputError, match="nothing called 'Segmnt'") as error:
        group_times(log, "Segmnt")
    assert error.value.hint == "Did you mean 'Segment__c'?"
    with pytest.raises(InputError) as error:
        group_times(log, "xyzzy")
    assert error.value.hint is not None
    assert error.value.hint.startswith("There are: owner, amount, quarter, outcome")


def test_quarters_and_thirds_of_amounts_are_groups_too() -> None:
    paths, said = world(3)
    for number, deal in enumerate(paths):
        said[deal]["Amount"] = str(100 * (number + 1))
    log = read(paths, said)
    quarters = group_times(log, "quarter").stages[0]
    assert {one.group for one in quarters.groups} == {"2026 Q1"}
    assert quarters.test is None
    assert quarters.q is None
    thirds = group_times(log, "amount").stages[0]
    assert sum(one.stays for one in thirds.groups) == 90
    assert {one.group.split()[0] for one in thirds.groups} == {"below", "from", "3,067"}


def test_a_stay_is_of_who_owned_the_deal_when_it_came_to_the_stage() -> None:
    deals = {
        f"d{number:02}": Deal(
            [("Lead", float(number)), ("Offer", number + 10.0), ("Won", number + 15.0)],
            owners=[("Ann", float(number)), ("Bob", number + 5.0), ("Cy", number + 30.0)],
        )
        for number in range(40)
    }
    log = rich_log(deals, as_of_day=90, order=ORDER)
    discover(log)
    found = {
        one.stage: [(group.group, group.stays) for group in one.groups] for one in group_times(log, "owner").stages
    }
    assert found == {"Lead": [("Ann", 40)], "Offer": [("Bob", 40)]}


def test_the_usual_words_stand_for_the_columns_of_a_crm() -> None:
    log = read(*world(0))
    assert group_times(log, "source").by == "LeadSource"
    assert group_times(log, "segment").by == "Segment__c"
    assert group_times(log, "source").stages == group_times(log, "LeadSource").stages


def test_all_comparisons_pay_for_being_looked_at_together() -> None:
    paths, said = world(0, deals=300)
    quick = {deal: [(name, day if name == "Lead" else path[0][1] + 1 + place) for place, (name, day) in enumerate(path)]
             if said[deal]["Segment__c"] == "SMB" else path for deal, path in paths.items()}  # fmt: skip
    log = read(quick, said)
    found = compared_groups(log)
    alone = [group_times(log, by) for by in ("owner", "amount", "Segment__c", "LeadSource")]
    assert found.tests == sum(one.test is not None for groups in alone for one in groups.stages)
    told = {(groups.by, one.stage): one.q for groups in found.told for one in groups.stages}
    assert {stage for by, stage in told if by == "Segment__c"} == {"Lead", "Offer"}
    for groups in alone:
        for one in groups.stages:
            if (groups.by, one.stage) in told and one.test is not None:
                assert one.test.p <= told[groups.by, one.stage] <= 0.05
