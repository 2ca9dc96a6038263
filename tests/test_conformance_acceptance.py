"""What must hold of conformance as a whole: who follows a playbook fits it, and nothing else moves a verdict."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from processminer.conformance.align import align
from processminer.conformance.conform import conform
from processminer.discovery.discover import discover
from processminer.log.names import Names
from processminer.log.options import Options
from processminer.log.read import read_log
from processminer.playbook.parts.roles import Role
from processminer.playbook.read import read_playbook
from tests import playout, rich_playout
from tests.conformance_stories import playbook_of, playbooks
from tests.rich_worlds import Deal, rich_log, write_rich_export
from tests.test_conformance_rules_laws import PLAYBOOK, SLIPS, TEXT, good, later_by
from tests.worlds import FIRST_DAY, log_of

if TYPE_CHECKING:
    from processminer.conformance.conformance import Conformance
    from processminer.engines.relations import Relations
    from processminer.log.eventlog import EventLog
    from processminer.playbook.model import Playbook

FOLDER = Path(__file__).parent.parent / "playbooks"
SHIPPED = sorted(path.stem for path in FOLDER.glob("*.yaml"))


def played(playbook: Playbook, deals: int, seed: int) -> EventLog:
    return log_of(
        **playout.played_out(playbook, deals, seed),
        as_of_day=playout.LOOKED_AT,
        order=playbook.names,
        won=playbook.outcomes.won,
        lost=playbook.outcomes.lost,
    )


def spread(relations: Relations) -> tuple[float, float, float]:
    """Among closed deals: how fitness goes with winning, and its means by end."""
    told = relations.rows(
        "SELECT fitness, outcome = 'won' FROM deal_verdicts JOIN deals USING (deal) WHERE outcome <> 'open'"
    )
    return correlation([float(fitness) for fitness, _ in told], [bool(won) for _, won in told])


def correlation(fitness: list[float], won: list[bool]) -> tuple[float, float, float]:
    """The correlation, 0 where fitness does not vary; the mean fitness of the won, and of the lost."""
    number = len(won)
    mean, rate = sum(fitness) / number, sum(won) / number
    by_end = [sum(f for f, w in zip(fitness, won, strict=True) if w == end) / won.count(end) for end in (True, False)]
    variance = sum((one - mean) ** 2 for one in fitness) / number
    both = sum((f - mean) * (w - rate) for f, w in zip(fitness, won, strict=True)) / number
    return (both / (variance * rate * (1 - rate)) ** 0.5 if variance else 0.0), by_end[0], by_end[1]


def test_where_all_follow_the_playbook_fitness_says_nothing_of_winning_and_asked_for_whole_paths_it_would() -> None:
    playbook = playbook_of("Lead", "Demo", "Offer?", "Talks", "Contract")
    log = played(playbook, 1_500, seed=19)
    found = conform(discover(log), playbook)
    assert (found.fitness, found.deviations, found.deals_violating) == (1.0, (), 0)
    assert spread(log.relations) == (0.0, 1.0, 1.0)
    # The guard: were lost deals asked for the whole way to a win, fitness would follow the outcome.
    closed = [(one.path, one.ending) for one in found.alignments if one.ending != "open"]
    whole = align([(path, "won") for path, _ in closed], playbook)
    told, won, lost = correlation([one.fitness for one in whole], [ending == "won" for _, ending in closed])
    assert told > 0.3
    assert won == 1.0
    assert lost < 0.9


def staffed(playbook: Playbook) -> Playbook:
    """The playbook with a person for each of its roles, so that what it asks of them can be seen."""
    named = [role.name for role in playbook.roles]
    named += [name for stage in playbook.stages if (name := stage.owner) is not None and name not in named]
    roles = tuple(Role(name=name, people=(f"Person {number}",)) for number, name in enumerate(dict.fromkeys(named)))
    return playbook.model_copy(update={"roles": roles})


@pytest.mark.parametrize("name", SHIPPED)
def test_deals_played_out_of_a_playbook_that_ships_break_nothing_of_it(name: str) -> None:
    playbook = staffed(read_playbook(FOLDER / f"{name}.yaml"))
    deals = rich_playout.played_out_richly(playbook, 150, seed=len(name))
    outcomes = playbook.outcomes
    log = rich_log(deals, as_of_day=rich_playout.LOOKED_AT, order=playbook.names, won=outcomes.won, lost=outcomes.lost)
    found = conform(discover(log), playbook)
    assert [(one.kind, one.subject, one.stage, one.examples) for one in found.deviations] == []
    assert (found.fitness, found.deals_violating) == (1.0, 0)
    assert found.deals_conforming + found.deals_pending > 140
    kept = {one.kind for one in found.obligations if one.kept}
    assert kept >= {"path", "start", "time-limit", "task"}


# A log is too dear to be made smaller again and again.
@settings(deadline=None, max_examples=12, phases=[Phase.explicit, Phase.generate])
@given(playbooks(), st.integers(0, 99))
def test_deals_played_out_of_any_playbook_break_nothing_of_it(playbook: Playbook, seed: int) -> None:
    log = played(playbook, 60, seed)
    found = conform(discover(log), playbook)
    assert (found.deviations, found.fitness, found.deals_violating) == ((), 1.0, 0)
    assert all((one.broken, one.unchecked) == (0, 0) for one in found.obligations)
    assert {kind for (kind,) in log.relations.rows("SELECT DISTINCT verdict FROM deal_verdicts")} <= {
        "conforming",
        "pending",
    }


@settings(deadline=None, max_examples=8, phases=[Phase.explicit, Phase.generate])
@given(playbooks(), st.integers(0, 99))
def test_more_deals_that_follow_any_playbook_raise_no_count(playbook: Playbook, seed: int) -> None:
    chance = random.Random(seed)
    stages = [*playbook.names, "Stranger"]
    wandering = {
        f"w{number}": [*dict.fromkeys(chance.choices(stages, k=3)), *chance.choice([["Won"], ["Lost"], []])]
        for number in range(25)
    }
    world = playout.played_out(playbook, 25, seed)
    asked = {"as_of_day": playout.LOOKED_AT, "order": playbook.names}
    before = conform(discover(log_of(wandering, **asked)), playbook)
    after = conform(discover(log_of(wandering | world["deals"], **asked)), playbook)
    assert counts(before) == counts(after)
    assert after.deals_violating == before.deals_violating
    shares = [{(one.kind, one.subject): one.share.estimate for one in found.deviations} for found in (before, after)]
    assert all(shares[1][deviation] <= share for deviation, share in shares[0].items())


def counts(found: Conformance) -> dict[tuple[str, str, str | None], tuple[int, int, int, int]]:
    return {(one.kind, one.subject, one.stage): (one.deals, one.won, one.lost, one.open) for one in found.deviations}


def slipped() -> dict[str, Deal]:
    """A deal for every way of leaving the playbook, among deals that keep to it."""
    deals = good()
    for number, (_, change) in enumerate(SLIPS.values()):
        deal = good()["slips"]
        change(deal)
        # Each at its own time: many changes at one moment would be an import, which no rule is held against.
        deals[f"slip-{number:02}"] = later_by(deal, 0.37 * number)
    return deals


def judgement(log: EventLog) -> tuple[object, ...]:
    """All that is judged, without the names of deals and without what the log's own order could number."""
    found = conform(discover(log), PLAYBOOK, TEXT)
    told = log.relations.rows(
        "SELECT verdict, cost, fitness, list_sort(list(kind || ' ' || subject)) FROM deal_verdicts "
        "LEFT JOIN deal_deviations USING (deal) GROUP BY deal, verdict, cost, fitness ORDER BY ALL"
    )
    assert len({kind for kind, *_ in counts(found)}) == len({said.split()[0] for said, _ in SLIPS.values()})
    sentences = tuple(one.sentence for one in found.deviations)
    return found.fitness, counts(found), sentences, found.obligations, found.alignments, tuple(map(str, told))


def test_the_order_of_rows_changes_nothing(tmp_path: Path) -> None:
    deals = slipped()
    write_rich_export(tmp_path, deals, ("Lost",))
    chance = random.Random(4)
    for file in sorted(tmp_path.iterdir()):
        header, *rows = file.read_text(encoding="utf-8").splitlines()
        chance.shuffle(rows)
        file.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    looked = FIRST_DAY + timedelta(days=rich_playout.LOOKED_AT)
    options = Options(Names(PLAYBOOK.names, {}, ("Won",), ("Lost",)), as_of=looked)
    shuffled = judgement(read_log(tmp_path, options))
    assert shuffled == judgement(rich_log(deals, as_of_day=rich_playout.LOOKED_AT, order=PLAYBOOK.names))


def test_the_names_of_deals_change_nothing() -> None:
    deals = slipped()
    names = [f"{number:03}-Ω'\"" for number in range(len(deals))]
    random.Random(5).shuffle(names)
    renamed = dict(zip(names, deals.values(), strict=True))
    asked = {"as_of_day": rich_playout.LOOKED_AT, "order": PLAYBOOK.names}
    assert judgement(rich_log(renamed, **asked)) == judgement(rich_log(deals, **asked))


@pytest.mark.parametrize("days", [-400.0, 3.0, 1_000.0])
def test_all_times_moved_together_with_the_moment_we_look_change_nothing(days: float) -> None:
    deals = slipped()
    moved = {name: later_by(deal, days) for name, deal in deals.items()}
    was = judgement(rich_log(deals, as_of_day=rich_playout.LOOKED_AT, order=PLAYBOOK.names))
    assert judgement(rich_log(moved, as_of_day=rich_playout.LOOKED_AT + days, order=PLAYBOOK.names)) == was
