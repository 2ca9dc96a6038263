"""Past deals under two playbooks: counted twice, once in the database and once deal by deal."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, get_args

from hypothesis import given, settings
from hypothesis import strategies as st

from processminer.conformance.conform import conform
from processminer.conformance.replay.replay import replay
from processminer.conformance.replay.replayed import Way
from processminer.playbook.compare.compare import compare
from processminer.playbook.parts.upkeep import DeviationKind
from processminer.report.diff_words import say_way
from tests.diff_stories import DEALS, NEW, OLD, declared, diff_between, read_by

if TYPE_CHECKING:
    from processminer.conformance.replay.replayed import Replay
    from tests.worlds import Stop


def replayed(old: str, new: str, deals: dict[str, list[Stop]]) -> Replay:
    found = diff_between(old, new, deals).replay
    assert found is not None
    return found


def test_a_replay_says_who_newly_breaks_the_playbook_who_no_longer_does_and_by_what() -> None:
    found = replayed(OLD, NEW, DEALS)
    assert {name: tally.examples for name, tally in found.standings.items()} == {
        "newly breaking": ("kept-both", "too-slow-now", "went-back"),
        "newly keeping": ("no-legal",),
        "still breaking": (),
        "still keeping": ("open",),
    }
    assert found.compared == 5
    newly = {(one.way.kind, one.way.subject): one.tally.examples for one in found.newly}
    assert newly == {
        ("undeclared", "Legal"): ("kept-both", "too-slow-now", "went-back"),
        ("over-time", "Presentation"): ("too-slow-now",),
        ("returned", "Offer -> Presentation"): ("went-back",),
    }
    assert [(one.way, one.tally.examples, one.decisive) for one in found.no_longer] == [
        (Way("skipped", "Legal", "Legal"), ("no-legal",), 1)
    ]
    breaking = found.standings["newly breaking"]
    assert (breaking.deals, breaking.won, breaking.lost, breaking.open) == (3, 1, 2, 0)


def test_a_rename_alone_changes_no_verdict() -> None:
    renamed = OLD.replace("name: Demo", "name: Show\n    aliases: [Demo]").replace(
        "[Demo]\noutcomes", "[Show]\noutcomes"
    )
    found = replayed(OLD, renamed, {**DEALS, "slow": [("Lead", 0), ("Demo", 1), ("Legal", 20)]})
    assert found.newly == ()
    assert found.no_longer == ()
    assert found.standings["newly breaking"].deals == found.standings["newly keeping"].deals == 0
    assert found.standings["still breaking"].examples == ("no-legal", "slow")


def test_deals_in_a_stage_that_was_merged_are_told_apart() -> None:
    merged = OLD.replace("  - name: Legal\n", "").replace("  - name: Offer", "  - name: Offer\n    aliases: [Legal]")
    found = replayed(OLD, merged, DEALS)
    ((reason, tally),) = found.not_comparable.items()
    assert reason == "was in a stage that was merged or split"
    assert tally.examples == ("kept-both", "too-slow-now", "went-back")
    assert found.compared == 2
    back = replayed(merged, OLD, DEALS)
    assert back.not_comparable == found.not_comparable


def test_deals_that_ended_otherwise_under_the_other_names_are_told_apart() -> None:
    other = OLD.replace("won: [Won], lost: [Lost]", "won: [Won, Lost], lost: [Gone]")
    found = replayed(OLD, other, DEALS)
    assert {reason: tally.examples for reason, tally in found.not_comparable.items()} == {
        "ended otherwise under the other": ("kept-both", "went-back")
    }


def test_what_the_log_cannot_show_of_a_changed_rule_is_said() -> None:
    asks = OLD.replace("  - name: Legal", "  - name: Legal\n    exit_criteria: [{name: Signed, field: Signed__c}]")
    found = replayed(OLD, asks, DEALS)
    ((what, stage, needs),) = {(one.subject, one.stage, one.needs) for one in found.unseen}
    assert (what, stage) == ("Signed", "Legal")
    assert needs is not None
    assert "Signed__c" in needs
    assert replayed(asks, asks, DEALS).unseen == ()


def test_every_kind_of_deviation_has_words() -> None:
    for kind in get_args(DeviationKind):
        said = say_way(Way(kind, "Offer -> Demo" if kind == "returned" else "Demo", "Demo"))
        assert kind not in said.split(), said
        assert "Demo" in said


PATHS = st.lists(st.sampled_from(["Lead", "Demo", "Legal", "Offer", "Pilot", "Won", "Lost"]), min_size=1, max_size=6)


@settings(max_examples=3, deadline=None)
@given(st.lists(PATHS, min_size=12, max_size=30), st.booleans())
def test_the_counts_are_those_of_two_checks_compared_deal_by_deal(paths: list[list[str]], swapped: bool) -> None:
    deals: dict[str, list[Stop]] = {f"d{place}": list(path) for place, path in enumerate(paths)}
    old, new = (NEW, OLD) if swapped else (OLD, NEW)
    broken: list[dict[str, bool]] = []
    ended: list[dict[str, str]] = []
    for text in (old, new):
        story = declared(text, "playbook.yaml")
        found = read_by(story, deals)
        conform(found, story.playbook, text)
        rows = found.log.relations.rows("SELECT deal_id, verdict, outcome FROM deal_verdicts JOIN deals USING (deal)")
        broken.append({deal: verdict == "violating" for deal, verdict, _ in rows})
        ended.append({deal: outcome for deal, _, outcome in rows})
    expected: Counter[str] = Counter()
    for deal in broken[0].keys() | broken[1].keys():
        assert ended[0][deal] == ended[1][deal]
        was, now = broken[0][deal], broken[1][deal]
        expected[f"{'still' if was == now else 'newly'} {'breaking' if now else 'keeping'}"] += 1
    counted = replayed(old, new, deals)
    assert {name: tally.deals for name, tally in counted.standings.items() if tally.deals} == dict(expected)
    assert counted.compared + sum(tally.deals for tally in counted.not_comparable.values()) == len(deals)
    for one in (*counted.newly, *counted.no_longer):
        assert one.decisive <= one.tally.deals == one.tally.won + one.tally.lost + one.tally.open


def test_one_reading_of_the_log_serves_both_where_the_names_agree() -> None:
    faster = OLD.replace("14 days", "5 days")
    comparison = compare(declared(OLD, "old").playbook, declared(faster, "new").playbook, OLD, faster)
    shared = read_by(declared(OLD, "old"), DEALS)
    once = replay(shared, shared, comparison, OLD, faster)
    twice = replay(
        read_by(declared(OLD, "old"), DEALS), read_by(declared(faster, "new"), DEALS), comparison, OLD, faster
    )
    assert (once.standings, once.newly, once.no_longer) == (twice.standings, twice.newly, twice.no_longer)
    assert once.standings["newly breaking"].examples == ("too-slow-now",)
