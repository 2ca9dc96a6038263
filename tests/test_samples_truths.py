"""The audit of the samples finds what was planted in them, nothing else, and says so where it cannot tell."""

from __future__ import annotations

import json
import sys
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from processminer.log.options import Options
from processminer.log.read import read_log
from processminer.revisions.revision import Revision, Undecided
from processminer.study import Study, study_of

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "samples"
PLAYBOOK = ROOT / "playbooks" / "b2b-saas.yaml"
sys.path.insert(0, str(SAMPLES))

import generate  # noqa: E402

CRMS = ("salesforce", "hubspot")
MORE_SEEDS = (1, 2, 3, 4, 5, 6)
OPTIONAL_DEMO = ("make-stage-optional", "Demo")
STALE = ("stale-deals", "open deals")
RECALL, PRECISION = 0.95, 0.95
"""Of the abandoned deals, those told as stale; of the deals told as stale, those abandoned."""


@dataclass(frozen=True)
class Case:
    """A sample, what is true of it, and what the audit makes of it."""

    folder: Path
    truth: dict
    study: Study

    @property
    def visible(self):
        return [one for one in self.truth["planted"] if one["visible"]]

    def finding(self, planted):
        (found,) = [one for one in self.study.findings if says(one) == (planted["finding"], planted["subject"])]
        return found

    def effect(self, subject):
        (found,) = [one for one in self.study.estimates.effects if one.trial.subject == subject]
        return found


def says(finding):
    return finding.rule, finding.subject


def asks(revision):
    return revision.kind, revision.subject


def holds(low, true, high):
    return low is not None and high is not None and low <= true <= high


def case_of(folder, playbook=PLAYBOOK):
    truth = json.loads(folder.with_name(f"{folder.name}.truth.json").read_text(encoding="utf-8"))
    return Case(folder, truth, study_of(folder, playbook, Options()))


@cache
def shipped(crm):
    return case_of(SAMPLES / crm)


@pytest.fixture(params=CRMS)
def case(request):
    return shipped(request.param)


def test_the_audit_counts_the_deals_as_they_are_and_looks_when_the_export_was_made(case):
    totals = case.study.discovery.totals
    counted = {"total": totals.deals, "won": totals.won, "lost": totals.lost, "open": totals.open}
    assert counted == case.truth["deals"]
    assert case.truth["deals"]["total"] >= 2_900
    seen, made = case.study.log.as_of.isoformat(), case.truth["as_of"]
    assert seen[:10] == made[:10]
    assert seen < made


def test_every_planted_truth_that_the_export_shows_is_found_by_its_rule_on_its_subject_in_its_deals(case):
    assert len(case.visible) == {"salesforce": 6, "hubspot": 3}[case.folder.name]
    for planted in case.visible:
        found = case.finding(planted)
        assert found.evidence.n == planted["deals"], planted["subject"]
        if "share" in planted and found.evidence.of == planted["of"]:
            estimate, low, high = found.evidence.share
            assert estimate == pytest.approx(planted["share"], abs=1e-4)
            assert low < planted["share"] < high


def test_nothing_is_found_that_was_not_planted(case):
    expected = {(one["finding"], one["subject"]) for one in case.visible} | {STALE}
    assert sorted(map(says, case.study.findings)) == sorted(expected)


def answers(study):
    """Revisions and undecided ones by kind and subject."""
    return {asks(one): one for one in (*study.revisions, *study.undecided)}


def test_every_planted_truth_is_answered_by_the_revision_that_it_names(case):
    answered = answers(case.study)
    for planted in case.visible:
        answer = answered.pop((planted["kind"], planted["subject"]))
        if isinstance(answer, Undecided):
            assert planted["may_be_undecided"], planted["subject"]
            assert answer.needed_deals > planted["of"]
        else:
            assert isinstance(answer, Revision)
            assert case.finding(planted).id in answer.because
    assert not answered


def test_what_an_export_does_not_show_is_neither_found_nor_answered(case):
    hidden = [one for one in case.truth["planted"] if not one["visible"]]
    assert len(hidden) == {"salesforce": 0, "hubspot": 3}[case.folder.name]
    for planted in hidden:
        assert planted["subject"] not in {one.subject for one in case.study.findings}
        assert planted["subject"] not in {one.subject for one in answers(case.study).values()}


def test_the_decoy_is_compared_and_appears_in_no_finding_and_no_revision():
    case = shipped("salesforce")
    (decoy,) = case.truth["decoys"]
    effect = case.effect(decoy["subject"])
    assert decoy["naive_win_rate_with"] > decoy["naive_win_rate_without"] + 0.05
    assert effect.crude.estimate > 0.05
    limits = effect.adjusted.interval
    assert holds(limits.low, decoy["true_effect_on_winning"], limits.high)
    told = [one.subject + one.message for one in case.study.findings]
    told += [one.subject + one.diff for one in case.study.revisions]
    told += [one.subject for one in case.study.undecided]
    assert len(told) > 10
    assert not [text for text in told if decoy["subject"] in text]


def test_the_limits_of_each_comparison_hold_the_effect_measured_by_simulating_the_same_deals_again(case):
    (demo,) = [one for one in case.visible if one["subject"] == "Demo"]
    limits = case.effect("Demo").adjusted.interval
    assert demo["naive_win_rate_skipped"] > demo["naive_win_rate_done"]
    assert -0.06 < demo["true_effect_on_winning"] < -0.03
    assert holds(limits.low, demo["true_effect_on_winning"], limits.high)
    for planted in case.visible:
        if planted["kind"] == "drop-task":
            task = case.effect(planted["subject"]).adjusted.interval
            assert planted["true_effect_on_winning"] == 0
            assert holds(task.low, 0, task.high)


def test_the_stale_deals_are_the_abandoned_ones(case):
    (stale,) = [one for one in case.study.findings if one.rule == "stale-deals"]
    bound = stale.evidence.numbers["silent_for_days"]
    silent = [one for one in case.study.discovery.silence.lengths if one.days > bound]
    told = {deal for one in silent for deal in one.examples}
    assert len(told) == stale.evidence.n == sum(one.deals for one in silent)
    abandoned = set(case.truth["zombies"]["ids"])
    assert len(told & abandoned) >= RECALL * len(abandoned)
    assert len(told & abandoned) >= PRECISION * len(told)
    assert set(stale.evidence.examples) <= abandoned


def time_in(study, stage):
    (time,) = [one for one in study.estimates.stages if one.stage == stage]
    return time


def test_the_limits_of_the_time_in_a_stage_hold_the_true_times_although_some_stays_have_not_ended(case):
    waits, review = (
        next(one for one in case.visible if one["kind"] == kind) for kind in ("set-time-limit", "add-stage")
    )
    for planted in (waits, review):
        time = time_in(case.study, planted["subject"])
        assert time.open > 0
        assert holds(time.median_limits[0], planted["true_median_days"], time.median_limits[1])
        assert holds(time.mean_days.low, planted["true_mean_days"], time.mean_days.high)
    _, low, high = case.finding(waits).evidence.share
    assert holds(low, waits["true_share_over"], high)


@pytest.mark.parametrize("crm", CRMS)
def test_the_stages_come_in_their_true_order_with_and_without_a_playbook(crm):
    case = shipped(crm)
    (review,) = [one for one in case.visible if one["kind"] == "add-stage"]
    stages = list(case.truth["stages"])
    stages.insert(stages.index(review["after"]) + 1, review["subject"])
    assert stages[stages.index(review["subject"]) + 1] == review["before"]
    for log in (case.study.log, read_log(case.folder)):
        names = [
            stage.name.replace("Qualified To Buy", "Qualification") for stage in log.stages if stage.kind == "open"
        ]
        assert names == stages


def test_with_all_revisions_applied_the_next_audit_no_longer_tells_what_they_answered(case, tmp_path):
    revised = tmp_path / "revised.yaml"
    revised.write_text(case.study.revised, encoding="utf-8")
    again = study_of(case.folder, revised, Options())
    because = {id_ for one in case.study.revisions for id_ in one.because}
    answered = {says(one) for one in case.study.findings if one.id in because}
    left = {says(one) for one in case.study.findings if one.id not in because}
    assert len(answered) == {"salesforce": 5, "hubspot": 3}[case.folder.name]
    assert {says(one) for one in again.findings} == left
    assert again.revisions == ()
    assert again.conformance.fitness > case.study.conformance.fitness


@pytest.mark.parametrize("seed", [10, 77])
@pytest.mark.parametrize("crm", CRMS)
def test_an_organisation_that_keeps_to_its_playbook_hears_nothing(crm, seed, tmp_path):
    generate.write(tmp_path, {crm: generate.worlds("conforming", seed=seed, deals=1_500)[crm]})
    case = case_of(tmp_path / crm)
    assert case.visible == case.truth["decoys"] == []
    assert case.study.findings == ()
    assert case.study.revisions == case.study.undecided == ()
    conformance = case.study.conformance
    assert (conformance.fitness, conformance.deals_violating) == (1.0, 0)
    assert conformance.deals_conforming > 1_200
    assert case.study.revised == PLAYBOOK.read_text(encoding="utf-8")


BY_CHANCE = {"unrequired-step-helps", "deal-edited"}
"""Of what changes nothing one in twenty looks as if it did; of all the rules, these compare what was never planted."""


def found_by_chance(case):
    """What is found beside what is true of a sample: of few kinds, never urgent, and no ground of any proposal."""
    true = {(one["finding"], one["subject"]) for one in case.visible} | {STALE}
    strays = [one for one in case.study.findings if says(one) not in true]
    assert true <= set(map(says, case.study.findings))
    assert {one.rule for one in strays} <= BY_CHANCE
    assert "high" not in {one.severity for one in strays}
    assert not {one.id for one in strays} & {id_ for revision in case.study.revisions for id_ in revision.because}
    return strays


@pytest.mark.slow
@pytest.mark.parametrize("crm", CRMS)
def test_under_most_seeds_the_planted_changes_are_proposed_and_under_none_another_one(crm, tmp_path):
    proposed, covered, doubtful, misled = Counter(), 0, 0, 0
    for seed in MORE_SEEDS:
        generate.write(tmp_path, {crm: generate.worlds(seed=seed)[crm]})
        case = case_of(tmp_path / crm)
        planted = {(one["kind"], one["subject"]): one for one in case.visible}
        asked = set(answers(case.study))
        assert set(map(asks, case.study.revisions)) <= set(planted) <= asked
        doubtful += asked > set(planted)
        misled += bool(found_by_chance(case))
        assert all(case.finding(one).evidence.n == one["deals"] for one in case.visible)
        proposed.update(map(asks, case.study.revisions))
        difference = case.effect("Demo").adjusted.interval
        covered += holds(difference.low, planted[OPTIONAL_DEMO]["true_effect_on_winning"], difference.high)
    assert covered >= len(MORE_SEEDS) - 1
    assert doubtful <= 1, "what changes nothing is asked about under one seed at the most"
    assert misled <= 1, "and found under one at the most"
    assert proposed[OPTIONAL_DEMO] >= 3, "where it is not, it is asked about"
    sure = {asked for asked, one in planted.items() if not one["may_be_undecided"]} - {OPTIONAL_DEMO}
    assert len(sure) == {"salesforce": 4, "hubspot": 2}[crm]
    assert {proposed[asked] for asked in sure} == {len(MORE_SEEDS)}
