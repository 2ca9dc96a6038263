"""Several versions of a playbook: each deal judged by the one in force when it entered, the findings added up."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from processminer.conformance.by_version import conform_to
from processminer.conformance.conform import conform
from processminer.conformance.merged import OWED, of_newest
from processminer.discovery.discover import discover
from processminer.errors import PlaybookError
from processminer.log.options import Options
from processminer.playbook.versions import MOST_VERSIONS, Version, as_spoken, read_versions, spoken_by
from processminer.statistics.proportions import wilson
from processminer.study import names_of, study_of
from tests.worlds import FIRST_DAY, log_of, write_export

if TYPE_CHECKING:
    from pathlib import Path

    from processminer.conformance.conformance import Conformance
    from tests.worlds import Stop

OLDEST = """\
name: Sales
version: 1.0.0
stages:
  - name: Lead
  - name: Demo
    time_limit: 3 days
  - name: Offer
outcomes: {won: [Won], lost: [Lost]}
"""

MIDDLE = """\
name: Sales
version: 2.0.0
valid_from: 2026-02-01
replaces: one.yaml
stages:
  - name: Lead
  - name: Demo
    time_limit: 2 days
  - name: Offer
    max_visits: 1
    may_return_to: [Demo]
outcomes: {won: [Won], lost: [Lost]}
"""

NEWEST = """\
name: Sales
version: 3.0.0
valid_from: 2026-03-01
replaces: old/two.yaml
stages:
  - name: Lead
  - name: Demo
    optional: true
    time_limit: 2 days
  - name: Offer
    max_visits: 2
    may_return_to: [Demo]
  - name: Legal
outcomes: {won: [Won], lost: [Lost]}
"""


@pytest.fixture
def chain(tmp_path: Path) -> Path:
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "one.yaml").write_text(OLDEST)
    (tmp_path / "old" / "two.yaml").write_text(MIDDLE)
    (tmp_path / "three.yaml").write_text(NEWEST)
    return tmp_path / "three.yaml"


def wandering(seed: int, deals: int = 90) -> dict[str, list[Stop]]:
    """Deals that begin in any of the first ninety days and wander through the stages, a known one and not."""
    chance = random.Random(seed)
    world: dict[str, list[Stop]] = {}
    for number in range(deals):
        day = chance.uniform(0, 89)
        path = chance.choices(["Lead", "Demo", "Offer", "Legal", "Pilot"], k=chance.randint(1, 6))
        path = [path[0], *(after for before, after in pairwise(path) if before != after)]
        stops: list[Stop] = []
        for stage in [*path, *chance.choice([["Won"], ["Lost"], []])]:
            stops.append((stage, day))
            day += chance.uniform(0.5, 4)
        world[f"deal {number:03}"] = stops
    return world


def version_of(stops: list[Stop], versions: tuple[Version, ...]) -> int:
    day = min(FIRST_DAY + timedelta(days=stop[1]) for stop in stops if not isinstance(stop, str))
    for at, version in enumerate(versions):
        since = version.playbook.valid_from
        if since is None or day.date() >= since:
            return at
    return len(versions) - 1


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_all_versions_together_find_what_each_finds_in_a_log_of_its_own_deals(chain, seed):
    versions, world = read_versions(chain), wandering(seed)
    log = log_of(world, as_of_day=120)
    found = conform_to(discover(log), versions)
    assert of_newest(found).deviations
    alone: list[Conformance] = []
    verdicts: dict[str, str] = {}
    told: set[tuple[str, str, str]] = set()
    for at, version in enumerate(versions):
        own = {deal: stops for deal, stops in world.items() if version_of(stops, versions) == at}
        assert own
        part = log_of(own, as_of_day=120)
        alone.append(conform(discover(part), version.playbook, version.text))
        verdicts |= dict(part.relations.rows("SELECT deal_id, verdict FROM deal_verdicts JOIN deals USING (deal)"))
        sql = "SELECT deal_id, kind, subject FROM deal_deviations JOIN deals USING (deal)"
        told |= set(part.relations.rows(sql))
        assert found.versions[at].deals == len(own)
    rows = log.relations.rows("SELECT deal_id, verdict FROM deal_verdicts JOIN deals USING (deal)")
    assert len(rows) == len(world)
    assert dict(rows) == verdicts
    sql = "SELECT deal_id, kind, subject FROM deal_deviations JOIN deals USING (deal)"
    assert set(log.relations.rows(sql)) == told
    expected: Counter[tuple[str, str]] = Counter()
    for part in alone:
        expected.update({(one.kind, one.subject): one.deals for one in part.deviations})
    assert {(one.kind, one.subject): one.deals for one in found.deviations} == dict(expected)
    for name in ("deals_conforming", "deals_violating", "deals_pending"):
        assert getattr(found, name) == sum(getattr(part, name) for part in alone)
    judged = sum(share.deals for share in found.versions)
    weighed = sum(share.deals * part.fitness for share, part in zip(found.versions, alone, strict=True))
    assert found.fitness == pytest.approx(weighed / judged)


@pytest.mark.parametrize("seed", [4, 5])
def test_a_deviations_denominator_counts_the_deals_of_every_version_that_forbids_it(chain, seed):
    versions, world = read_versions(chain), wandering(seed)
    found = conform_to(discover(log_of(world, as_of_day=120)), versions)
    reached = {(one.kind, one.subject): one for one in found.deviations}
    by_version = [version_of(stops, versions) for stops in world.values()]
    paths = [[stop[0] for stop in stops if stop[0] not in ("Won", "Lost")] for stops in world.values()]
    for (kind, subject), one in reached.items():
        assert one.deals <= one.reached
        assert one.share == wilson(one.deals, one.reached)
        assert len(one.examples) == min(one.deals, 5)
        if kind == "undeclared" and subject == "Pilot":
            assert one.reached == len(world)
        if kind == "undeclared" and subject == "Legal":
            assert (one.reached, one.version) == (sum(at > 0 for at in by_version), "2.0.0")
        if kind == "returned" and subject == "Offer -> Demo":
            in_offer = sum(at == 2 and "Offer" in path for at, path in zip(by_version, paths, strict=True))
            assert (one.reached, one.version) == (in_offer, "1.0.0")
    assert {("undeclared", "Pilot"), ("undeclared", "Legal"), ("returned", "Offer -> Demo")} <= set(reached)


def test_what_several_versions_forbid_adds_up_under_the_line_of_the_newest(chain):
    slow = {
        "a": [("Lead", 0), ("Demo", 1), ("Offer", 9), ("Lost", 10)],
        "b": [("Lead", 40), ("Demo", 41), ("Offer", 49), ("Lost", 50)],
        "c": [("Lead", 70), ("Demo", 71), ("Offer", 72), ("Lost", 73)],
    }
    found = conform_to(discover(log_of(slow)), read_versions(chain))
    (over,) = found.deviations
    assert (over.kind, over.subject, over.deals, over.reached, over.line) == ("over-time", "Demo", 2, 3, 9)
    assert over.version is None
    assert over.sentence.startswith("By version 2.0.0: 1 of 1 deal (100 %) stayed in Demo longer than the 2 days")
    assert "By version 1.0.0: 1 of 1 deal (100 %) stayed in Demo longer than the 3 days" in over.sentence
    limit = next(rule for rule in found.obligations if (rule.kind, rule.subject) == ("time-limit", "Demo"))
    assert (limit.kept, limit.broken, limit.version) == (1, 2, None)
    demo = next(rule for rule in found.obligations if (rule.kind, rule.subject) == ("path", "Demo"))
    assert (demo.kept, demo.version) == (2, "2.0.0")


def test_what_only_an_older_version_forbids_is_told_but_is_no_ground_to_change_the_newest(chain):
    jumped = {"a": [("Lead", 0), ("Offer", 1), ("Lost", 2)], "b": [("Lead", 70), ("Offer", 71), ("Lost", 72)]}
    found = conform_to(discover(log_of(jumped)), read_versions(chain))
    (skipped,) = found.deviations
    assert (skipped.kind, skipped.subject, skipped.deals, skipped.reached) == ("skipped", "Demo", 1, 1)
    assert skipped.version == "2.0.0"
    assert of_newest(found).deviations == ()


def test_deals_that_entered_before_any_version_are_judged_by_the_oldest_and_counted(chain):
    two = chain.parent / "old" / "two.yaml"
    two.write_text(MIDDLE.replace("replaces: one.yaml\n", ""))
    early = {"a": [("Lead", 0), ("Offer", 1)], "b": [("Lead", 31), ("Demo", 32)], "c": [("Lead", 80), ("Demo", 81)]}
    found = conform_to(discover(log_of(early, as_of_day=82)), read_versions(chain))
    assert [(one.version, one.deals) for one in found.versions] == [("3.0.0", 1), ("2.0.0", 2)]
    assert found.before_any == 1
    assert [(one.kind, one.deals, one.version) for one in found.deviations] == [
        ("over-time", 1, None),
        ("skipped", 1, "2.0.0"),
    ]


def test_the_first_moment_of_the_day_belongs_to_the_new_version(chain):
    world = {"a": [("Lead", 59.0), ("Demo", 60)], "b": [("Lead", 58.999), ("Demo", 60)]}
    found = conform_to(discover(log_of(world)), read_versions(chain))
    assert [one.deals for one in found.versions] == [1, 1, 0]


def test_one_version_judges_all_deals_as_it_always_did():
    world = wandering(7, 40)
    with_day = OLDEST.replace("version: 1.0.0", "valid_from: 2026-02-01")
    from processminer.playbook.read import parse_playbook

    version = Version(parse_playbook(with_day), with_day, "one.yaml")
    log = log_of(world, as_of_day=120)
    alone = conform(discover(log), version.playbook, with_day)
    found = conform_to(discover(log), (version,))
    early = sum(min(stop[1] for stop in stops) < 31 for stops in world.values())
    assert found.before_any == early > 0
    assert [(one.valid_from, one.deals) for one in found.versions] == [(date(2026, 2, 1), len(world))]
    from dataclasses import replace

    assert replace(found, versions=(), before_any=0) == alone


def test_a_second_study_sees_all_deals_again(chain):
    log = log_of(wandering(8), as_of_day=120)
    discovery = discover(log)
    first = conform_to(discovery, read_versions(chain))
    one = read_versions(chain)[-1:]
    whole = conform_to(discovery, one)
    assert sum(share.deals for share in whole.versions) == 90
    assert conform_to(discovery, read_versions(chain)) == first


def test_versions_are_read_newest_first_each_from_the_folder_that_names_it(chain):
    versions = read_versions(chain)
    assert [version.playbook.version for version in versions] == ["3.0.0", "2.0.0", "1.0.0"]
    assert [version.text for version in versions] == [NEWEST, MIDDLE, OLDEST]
    assert versions[2].file == str(chain.parent / "old" / "one.yaml")


def faults(path: Path) -> list[str]:
    with pytest.raises(PlaybookError) as caught:
        read_versions(path)
    return [str(fault).replace(str(path.parent), "") for fault in caught.value.faults]


def test_a_version_that_is_not_there_is_told_with_the_line_that_names_it(chain):
    (chain.parent / "old" / "one.yaml").unlink()
    assert faults(chain) == [
        "/old/two.yaml:4: replaces: there is no file 'one.yaml'. It is looked for beside this file, in /old."
    ]


def test_a_folder_is_no_version(chain):
    chain.write_text(NEWEST.replace("old/two.yaml", "old"))
    assert faults(chain)[0].startswith("/three.yaml:4: replaces: there is no file 'old'.")


def test_versions_that_lead_round_in_a_circle_are_told(chain):
    (chain.parent / "old" / "one.yaml").write_text(OLDEST.replace("version: 1.0.0", "replaces: ../three.yaml"))
    assert faults(chain) == [
        "/old/one.yaml:2: replaces: '../three.yaml' leads round in a circle. The oldest version replaces none."
    ]
    chain.write_text(NEWEST.replace("old/two.yaml", "./old/../three.yaml"))
    assert "leads back to itself" in faults(chain)[0]


def test_every_version_but_the_oldest_says_from_when_it_holds_and_later_ones_hold_later(chain):
    chain.write_text(NEWEST.replace("valid_from: 2026-03-01", "valid_from: 2026-02-01"))
    (chain.parent / "old" / "two.yaml").write_text(MIDDLE.replace("2026-02-01", "2026-02-01"))
    assert faults(chain) == [
        "/three.yaml:3: valid_from: 2026-02-01 is not after 2026-02-01, from which the version holds that it replaces "
        "(/old/two.yaml). A version holds from a later day than the one before it."
    ]
    (chain.parent / "old" / "two.yaml").write_text(MIDDLE.replace("valid_from: 2026-02-01\n", ""))
    (one,) = faults(chain)
    assert one.startswith("/old/two.yaml:3: replaces: cannot be told from this version")


def test_a_fault_of_an_older_version_is_told_in_its_own_file(chain):
    (chain.parent / "old" / "one.yaml").write_text(OLDEST.replace("time_limit", "time_limmit"))
    assert faults(chain)[0].startswith("/old/one.yaml:6: stages[1].time_limmit: not a key of a stage.")


def test_a_chain_without_end_is_followed_only_so_far(tmp_path):
    for number in range(MOST_VERSIONS + 1):
        since = date(2026, 1, 1) + timedelta(days=number)
        said = f"valid_from: {since}\n" + (f"replaces: {number - 1}.yaml\n" if number else "")
        (tmp_path / f"{number}.yaml").write_text(said + "name: S\nstages: [{name: Lead}]\n")
    assert len(read_versions(tmp_path / f"{MOST_VERSIONS - 1}.yaml")) == MOST_VERSIONS
    assert f"is the {MOST_VERSIONS}th version" in faults(tmp_path / f"{MOST_VERSIONS}.yaml")[0]


RENAMED = """\
name: Sales
valid_from: 2026-02-01
replaces: one.yaml
stages:
  - {name: Lead, aliases: [Inquiry]}
  - {name: Discovery, aliases: [Demo, Needs]}
  - name: Offer
outcomes: {won: [Won, Signed], lost: [Lost]}
"""

ONCE = """\
name: Sales
stages:
  - {name: Inquiry, aliases: [Incoming]}
  - name: Pitch
  - name: Demo
  - name: Needs
  - {name: Offer, aliases: [Signed]}
outcomes: {won: [Won, Gewonnen], lost: [Lost, Offer B]}
"""


def test_a_log_is_read_by_the_names_of_all_versions_the_newest_deciding(tmp_path):
    (tmp_path / "one.yaml").write_text(ONCE)
    (tmp_path / "two.yaml").write_text(RENAMED)
    names = names_of(*(version.playbook for version in read_versions(tmp_path / "two.yaml")))
    assert names.order == ("Lead", "Pitch", "Discovery", "Offer")
    assert names.aliases == {"Inquiry": "Lead", "Demo": "Discovery", "Needs": "Discovery", "Incoming": "Lead"}
    assert (names.won, names.lost) == (("Won", "Signed", "Gewonnen"), ("Lost", "Offer B"))


def test_a_stage_that_was_renamed_is_known_to_both_versions_and_one_of_several_stands_for_all(tmp_path):
    (tmp_path / "one.yaml").write_text(ONCE)
    (tmp_path / "two.yaml").write_text(RENAMED)
    old = ["Incoming", "Pitch", "Demo", "Needs", "Offer", "Won"]
    new = ["Lead", "Discovery", "Offer", "Won"]
    deals = {"old": [(stage, float(day)) for day, stage in enumerate(old)]}
    deals |= {"new": [(stage, 40.0 + day) for day, stage in enumerate(new)]}
    deals |= {"half": [("Inquiry", 1.0), ("Demo", 2.0), ("Offer", 3.0)]}
    folder = tmp_path / "export"
    folder.mkdir()
    write_export(folder, deals, {}, {}, ["Won"], ["Lost"])
    found = study_of(folder, tmp_path / "two.yaml", Options()).conformance
    assert [(one.kind, one.subject, one.deals, one.version) for one in found.deviations] == [
        ("skipped", "Pitch", 1, "1.0.0")
    ]
    assert [one.deals for one in found.versions] == [1, 2]


def test_stages_that_no_newer_version_joined_stay_as_they_are():
    from processminer.playbook.read import parse_playbook

    newest, older = parse_playbook(NEWEST), parse_playbook(MIDDLE)
    assert as_spoken(older, spoken_by([newest, older])) == older


def test_every_kind_of_deviation_is_about_a_rule_or_about_a_move():
    from typing import get_args

    from processminer.conformance.conformance import ObligationKind
    from processminer.playbook.parts.upkeep import DeviationKind

    moves = {"not-repeated", "undeclared", "returned"}
    assert set(OWED) | moves == set(get_args(DeviationKind))
    assert set(OWED.values()) == set(get_args(ObligationKind))
