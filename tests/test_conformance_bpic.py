"""A real log of 13,087 applications for a loan, against a playbook: verdicts, pm4py's costs, and the time it takes."""

from __future__ import annotations

import random
import time
import warnings
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from processminer.conformance.align import align
from processminer.conformance.conform import conform
from processminer.discovery.discover import discover
from processminer.log.options import Options
from processminer.log.read import read_log
from processminer.playbook.read import parse_playbook
from processminer.study import Declared, under_names
from tests.needs import public_log
from tests.test_conformance_align_whatever_is_said import petri_cost

if TYPE_CHECKING:
    from processminer.conformance.conformance import Conformance
    from processminer.engines.relations import Relations

pytestmark = pytest.mark.public_log

TEXT = """\
name: Personal loans
version: 1.0.0
stages:
  - {name: A_SUBMITTED, time_limit: 1 hour}
  - {name: A_PARTLYSUBMITTED, time_limit: 2 days}
  - {name: W_Beoordelen fraude, optional: true}
  - {name: W_Afhandelen leads, optional: true, time_limit: 3 days, max_visits: 3, may_return_to: [W_Beoordelen fraude]}
  - {name: A_PREACCEPTED, time_limit: 7 days, may_return_to: [W_Afhandelen leads]}
  # Filling in ends for good only when the offer is sent, and is then followed by calling.
  - name: W_Completeren aanvraag
    optional: true
    time_limit: 14 days
    max_visits: 5
    may_skip_to: [W_Nabellen offertes]
  - {name: A_ACCEPTED, time_limit: 7 days, may_return_to: [W_Completeren aanvraag]}
  - {name: O_SELECTED, optional: true}
  - {name: A_FINALIZED, optional: true, may_return_to: [O_SELECTED]}
  - {name: O_CREATED}
  - {name: O_SENT, may_return_to: [W_Completeren aanvraag]}
  - {name: W_Nabellen offertes, time_limit: 30 days, may_return_to: [O_SELECTED]}
  - {name: O_CANCELLED, optional: true, may_return_to: [O_SELECTED, O_CREATED]}
  - {name: O_SENT_BACK, may_return_to: [W_Nabellen offertes]}
  - {name: W_Valideren aanvraag, time_limit: 14 days, may_return_to: [W_Nabellen offertes]}
  - {name: W_Nabellen incomplete dossiers, optional: true, may_return_to: [W_Valideren aanvraag]}
  - {name: O_ACCEPTED, optional: true}
  - {name: A_REGISTERED, optional: true, may_return_to: [O_ACCEPTED]}
  - {name: A_ACTIVATED, optional: true, may_return_to: [O_ACCEPTED, A_REGISTERED]}
outcomes: {won: [A_APPROVED], lost: [A_DECLINED, A_CANCELLED]}
"""
"""O_DECLINED is left out on purpose: the log shows a stage that this playbook does not know."""

PLAYBOOK = parse_playbook(TEXT, "loans.yaml")


@pytest.fixture(scope="module")
def loans() -> tuple[Conformance, Relations, float, float]:
    """The verdicts, the database they lie in, and the processor's seconds of reading and of conforming."""
    options = under_names(Options(), Declared(PLAYBOOK, TEXT, "loans.yaml", drafted=False))
    file = public_log("bpic2012/BPIC12.xes.gz")
    started = time.process_time()
    log = read_log(file, options)
    read = time.process_time() - started
    discovery = discover(log)
    started = time.process_time()
    found = conform(discovery, PLAYBOOK, TEXT)
    return found, log.relations, read, time.process_time() - started


def test_every_application_has_a_verdict_and_what_is_undeclared_is_told(loans) -> None:
    found, relations, _, _ = loans
    assert found.deals_conforming + found.deals_violating + found.deals_pending == 13_087
    assert found.deals_pending <= 399
    told = {(one.kind, one.subject): one for one in found.deviations}
    ((declined,),) = relations.rows(
        "WITH steps AS (SELECT deal, name, row_number() OVER (PARTITION BY deal ORDER BY occurred_at, position) AS at "
        "FROM events WHERE kind = 'stage') "
        "SELECT count(DISTINCT offer.deal) FROM steps AS offer JOIN steps AS close USING (deal) "
        "WHERE offer.name = 'O_DECLINED' AND close.name = 'A_DECLINED' AND offer.at < close.at"
    )
    # In the others it was written behind the close, and is no part of the way there.
    assert told["undeclared", "O_DECLINED"].deals == told["undeclared", "O_DECLINED"].lost == declined
    assert 400 < declined < 802
    (row,) = relations.rows(
        "SELECT count(*) FILTER (cost = 0), count(*) FILTER (cost > 0), round(avg(fitness), 9) FROM deal_verdicts"
    )
    assert row[0] + row[1] == 13_087
    assert row[2] == pytest.approx(found.fitness)
    # Of the declined, those that were declined at once went no step beside the playbook.
    (at_once,) = [one for one in found.alignments if one.path == ("A_SUBMITTED", "A_PARTLYSUBMITTED")]
    assert (at_once.ending, at_once.cost, at_once.fitness) == ("lost", 0, 1.0)


def test_a_limit_is_judged_as_a_count_deal_by_deal_judges_it(loans) -> None:
    found, relations, _, _ = loans
    stops = relations.rows(
        "SELECT deal, name, epoch(occurred_at) FROM events WHERE kind = 'stage' ORDER BY deal, occurred_at, position"
    )
    # Moments of a clean-up measure nothing: such deals cannot be checked, unless another stay of theirs was too long.
    unsure = {deal for (deal,) in relations.rows("SELECT DISTINCT deal FROM untimed_steps")}
    over: Counter[bool] = Counter()
    for (deal, name, at), (after, _, left) in pairwise(stops):
        if name == "A_PARTLYSUBMITTED" and deal == after and deal not in unsure:
            over[left - at > 2 * 86_400] += 1
    (rule,) = (one for one in found.obligations if (one.kind, one.subject) == ("time-limit", "A_PARTLYSUBMITTED"))
    assert over[True] <= rule.broken <= over[True] + len(unsure)
    assert over[False] <= rule.kept <= over[False] + len(unsure)
    assert rule.kept + rule.broken + rule.pending + rule.unchecked == 13_087
    assert over[True] > 10


def test_the_costs_of_its_variants_are_pm4pys(loans) -> None:
    found, *_ = loans
    short = [one for one in found.alignments if len(one.path) <= 25]
    assert Counter(one.ending for one in short).keys() == {"won", "lost", "open"}
    chosen = random.Random(12).sample(short, 60)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for one in chosen:
            assert one.cost == petri_cost(one.path, one.ending, PLAYBOOK), one.path
            assert one.cost == align([(one.path, one.ending)], PLAYBOOK)[0].cost


def test_holding_it_against_the_playbook_takes_less_than_three_times_reading_it(loans) -> None:
    *_, read, conformed = loans
    assert conformed < 3 * read
