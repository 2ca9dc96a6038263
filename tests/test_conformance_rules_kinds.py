"""Each kind of rule by its edge cases: what is in time, whom it does not concern, what nobody can tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from processminer.conformance.conform import conform
from processminer.discovery.discover import discover
from processminer.log.names import Names
from processminer.log.options import Options
from processminer.log.read import read_log
from processminer.playbook.read import parse_playbook
from processminer.statistics.proportions import wilson
from tests.rich_worlds import Deal, rich_log
from tests.worlds import log_of

if TYPE_CHECKING:
    from pathlib import Path

    from processminer.conformance.conformance import Conformance, Deviation, Obligation

ROLES = "roles: [{name: SDR, people: [Ann]}, {name: AE, aliases: [Account executive], people: [Bob]}]\n"


ENDS = "outcomes: {won: [Won], lost: [Lost]}\n"


def book(lead: str = "", demo: str = "", rest: str = ENDS) -> str:
    return f"name: t\n{ROLES}stages:\n  - {{name: Lead{lead}}}\n  - {{name: Demo{demo}}}\n{rest}"


def held(text: str, deals: dict[str, Deal], as_of_day: float = 40.0) -> Conformance:
    playbook = parse_playbook(text, "playbook.yaml")
    return conform(discover(rich_log(deals, as_of_day=as_of_day, order=playbook.names)), playbook, text)


def rule(found: Conformance, kind: str) -> Obligation:
    (one,) = (each for each in found.obligations if each.kind == kind)
    return one


def counts(found: Conformance, kind: str) -> tuple[int, int, int, int]:
    one = rule(found, kind)
    return one.kept, one.broken, one.pending, one.unchecked


def deviation(found: Conformance, kind: str) -> Deviation:
    (one,) = (each for each in found.deviations if each.kind == kind)
    return one


def won(*stops: tuple[str, float], **said: Any) -> Deal:
    return Deal([*(stops or [("Lead", 0.1), ("Demo", 3.1)]), ("Won", 9.1)], **said)


def test_a_stay_is_kept_by_whoever_of_the_role_held_it_for_a_while() -> None:
    deals = {
        "taken late": won(owners=[("Ann", 0.1), ("Bob", 9.0)]),
        "never taken": won(owners=[("Ann", 0.1), ("Bob", 9.2)]),
        "taken before": won(owners=[("Ann", 0.1), ("Bob", 3.0)]),
        "by a stranger": won(owners=[("Ann", 0.1), ("Eve", 3.0)]),
        "may be handed over": Deal([("Lead", 0.1), ("Demo", 3.1)], owners=[("Ann", 0.1)]),
    }
    found = held(book(demo=", owner: Account executive"), deals)
    assert counts(found, "owner") == (2, 1, 1, 1)
    assert rule(found, "owner").needs == "the roles of all owners: their names under 'people' in the playbook's roles"
    wrong = deviation(found, "wrong-owner")
    assert (wrong.subject, wrong.stage, wrong.examples, wrong.line) == ("Demo", "Demo", ("never taken",), 5)
    assert wrong.sentence == (
        "1 of 3 deals (33 %) that were in Demo were never owned there by the role Account executive, "
        "which the playbook makes its owner."
    )


def test_the_logs_own_column_of_roles_tells_who_has_which() -> None:
    text = f"name: t\nroles: [{{name: AE, aliases: [Account executive]}}]\nstages: [{{name: Lead, owner: AE}}]\n{ENDS}"
    playbook = parse_playbook(text, "playbook.yaml")
    attributes = {
        "right": {"OwnerId": "1", "Owner Role": "ACCOUNT  executive"},
        "right too": {"OwnerId": "1", "Owner Role": ""},
        "stranger": {"OwnerId": "2", "Owner Role": "Partner"},
    }
    log = log_of({name: [("Lead", 0), ("Won", 1)] for name in attributes}, attributes=attributes)
    found = conform(discover(log), playbook, text)
    assert counts(found, "owner") == (2, 0, 0, 1)
    assert rule(found, "owner").note == (
        "the log does not tell the changes of owners: the one it names is taken for the last stay"
    )


def test_where_nobody_is_known_to_have_the_role_all_is_unchecked_and_says_what_would_tell() -> None:
    found = held(book(lead=", owner: Boss"), {"x": won()})
    assert counts(found, "owner") == (0, 0, 0, 1)
    assert rule(found, "owner").needs == (
        "the 'people' of the role Boss in the playbook, or a column of the owners' roles in the export"
    )


def test_without_a_history_of_owners_only_the_last_stay_is_judged() -> None:
    text = book(lead=", owner: SDR", demo=", owner: AE")
    log = log_of({"x": ["Lead", "Demo", "Won"]}, attributes={"x": {"OwnerId": "Ann"}})
    found = conform(discover(log), parse_playbook(text, "playbook.yaml"), text)
    told = {one.stage: (one.kept, one.broken, one.unchecked) for one in found.obligations if one.kind == "owner"}
    assert told == {"Lead": (0, 0, 1), "Demo": (0, 1, 0)}


HANDOVER = ENDS + "handovers: [{entering: Demo, from: SDR, to: AE, within: 2 days}]\n"


def test_a_hand_over_is_taken_by_owning_the_deal_or_by_working_on_it() -> None:
    lead, demo = ("Lead", 0.1), ("Demo", 3.1)
    deals = {
        "owned at once": won(owners=[("Ann", 0.1), ("Bob", 3.1)]),
        "owned before": won(owners=[("Bob", 0.1), ("Ann", 8.0)]),
        "worked on": won(tasks=[("Call", 5.0, "Bob")]),
        "worked on before": won(tasks=[("Call", 2.9, "Bob")]),
        "late": won(owners=[("Ann", 0.1), ("Bob", 5.2)]),
        "lost first": Deal([lead, demo, ("Lost", 4.0)]),
        "time left": Deal([("Lead", 30.1), ("Demo", 38.5)]),
        "stranger": won(owners=[("Ann", 0.1), ("Eve", 4.0)]),
        "never there": Deal([lead, ("Lost", 4.0)]),
    }
    found = held(book(rest=HANDOVER), deals)
    assert counts(found, "handover") == (3, 2, 1, 1)
    late = deviation(found, "late-handover")
    assert (late.subject, late.stage, late.examples, late.line) == (
        "SDR -> AE", "Demo", ("late", "worked on before"), 7,
    )  # fmt: skip
    assert late.sentence == (
        "2 of 5 deals (40 %) that came to Demo were not taken over by AE within 2 days; "
        "1 of them were not taken to this day."
    )


def test_a_hand_over_without_a_limit_is_no_rule() -> None:
    text = book(rest=ENDS + "handovers: [{entering: Demo, from: SDR, to: AE}]\n")
    assert [one.kind for one in held(text, {"x": won()}).obligations] == ["path", "path", "start"]


def test_a_limit_that_ends_without_hours_is_the_whole_day() -> None:
    text = book(rest=HANDOVER)
    stops = (("Lead", 0.0), ("Demo", 3.0))
    deals = {
        "same day": won(*stops, tasks=[("Call", 5.9, "Bob")]),
        "next": won(*stops, tasks=[("Call", 6.0, "Bob")]),
        "later": won(*stops, owners=[("Ann", 0.0), ("Bob", 8.0)]),
    }
    assert counts(held(text, deals), "handover") == (1, 2, 0, 0)


def test_without_a_history_of_owners_nobody_can_tell_when_a_deal_was_taken() -> None:
    found = held(book(rest=HANDOVER), {"x": won(owners=[("Bob", 0.1)]), "y": won(tasks=[("Call", 4.0, "Bob")])})
    assert counts(found, "handover") == (1, 0, 0, 1)
    assert rule(found, "handover").needs == "the history of owners (the changes of the owner field) in the export"


def test_silence_is_broken_by_people_and_not_by_machines() -> None:
    deals = {
        "a call": won(tasks=[("Call", 1.5, "Ann")]),
        "a mail by a program": won(tasks=[("Mail", 1.5, "Workflow bot")]),
        "a field": won(fields={"Budget": [("", 0.1), ("1", 1.5)]}),
        "an owner": won(owners=[("Ann", 0.1), ("Bob", 1.5)]),
        "silent now": Deal([("Lead", 30.1)]),
        "silent before": Deal([("Lead", 30.1)], tasks=[("Call", 39.0, "Ann")]),
        "fresh": Deal([("Lead", 39.1)]),
    }
    found = held(book(lead=", max_silence: 2 days"), deals)
    assert counts(found, "silence") == (3, 3, 1, 0)
    assert rule(found, "silence").now == 1
    silent = deviation(found, "too-long-silent")
    assert (silent.examples, silent.open) == (("a mail by a program", "silent before", "silent now"), 2)
    assert silent.sentence == (
        "3 of 6 deals (50 %) that were in Lead had no activity there for more than 2 days; "
        "1 open deal is silent for longer than that right now."
    )


def test_a_log_without_activities_cannot_tell_silence() -> None:
    found = held(book(lead=", max_silence: 1 days"), {"x": won(), "y": Deal([("Lead", 1.1)])})
    assert counts(found, "silence") == (0, 0, 0, 2)
    assert rule(found, "silence").needs == "the activities of the deals (calls, mails, meetings) in the export"


def test_contacts_are_counted_when_a_deal_goes_on() -> None:
    deals = {"two": won(contacts=2), "one": won(contacts=1), "none": won(), "open": Deal([("Lead", 1.1)])}
    found = held(book(lead=", min_contacts: 2"), deals)
    assert counts(found, "contacts") == (1, 2, 1, 0)
    few = deviation(found, "too-few-contacts")
    assert (few.subject, few.examples) == ("Lead", ("none", "one"))
    assert few.sentence == "2 of 3 deals (67 %) went on from Lead with fewer than 2 people of the buyer taking part."
    unknown = held(book(lead=", min_contacts: 2"), {"x": won()})
    assert counts(unknown, "contacts") == (0, 0, 0, 1)
    assert rule(unknown, "contacts").needs == "the table of the deals' contacts (OpportunityContactRole, for example)"


def test_a_task_done_once_too_seldom_is_missing_and_one_done_too_late_is_late() -> None:
    text = book(lead=", tasks: [{do: Call, seen_as: [Call], times: 2, within: 2 days}]")
    twice = [("Call", 1.0, "Ann"), ("Call", 2.0, "Ann")]
    deals = {
        "in time": won(tasks=twice),
        "once": won(tasks=twice[:1]),
        "second too late": won(tasks=[*twice[:1], ("Call", 2.5, "Ann")]),
        "overdue": Deal([("Lead", 30.1)], tasks=[("Call", 30.5, "Ann")]),
        "time left": Deal([("Lead", 39.1)]),
        "lost in it": Deal([("Lead", 0.1), ("Lost", 9.1)]),
    }
    found = held(text, deals)
    assert counts(found, "task") == (1, 3, 1, 0)
    assert deviation(found, "task-missing").examples == ("once",)
    assert deviation(found, "task-late").examples == ("overdue", "second too late")
    assert deviation(found, "task-missing").sentence == (
        "1 of 4 deals (25 %) went on from Lead, and 'Call' was never done 2 times."
    )


def test_a_warning_marks_pending_deals_and_breaks_nothing() -> None:
    deals = {
        "near": Deal([("Lead", 36.1)]),
        "fresh": Deal([("Lead", 39.1)]),
        "over": Deal([("Lead", 30.1)]),
        "won": won(),
    }
    found = held(book(lead=", warn_after: 3 days, time_limit: 5 days"), deals)
    assert counts(found, "time-limit") == (1, 1, 2, 0)
    assert (rule(found, "time-limit").warned, rule(found, "time-limit").now) == (1, 1)
    (over,) = found.over_limit.longest
    assert (found.over_limit.deals, over.deal, over.stage, over.owner) == (1, "over", "Lead", "Ann")
    assert (round(over.days, 6), round(over.days_over, 6)) == (9.9, 4.9)
    alone = held(book(lead=", warn_after: 3 days"), deals)
    assert counts(alone, "time-limit") == (1, 0, 3, 0)
    assert (rule(alone, "time-limit").warned, alone.deviations, alone.over_limit.deals) == (2, (), 0)


def test_a_stage_that_only_says_when_it_gives_deals_up_allows_no_longer_stay() -> None:
    deals = {"fresh": Deal([("Lead", 39.1)]), "kept open": Deal([("Lead", 30.1)]), "won": won()}
    found = held(book(lead=", close_after: 5 days"), deals)
    assert counts(found, "time-limit") == (1, 1, 1, 0)
    (over,) = found.over_limit.longest
    assert (over.deal, round(over.days_over, 6)) == ("kept open", 4.9)
    shorter = held(book(lead=", time_limit: 5 days, close_after: 30 days"), deals)
    assert counts(shorter, "time-limit") == (1, 1, 1, 0)


def test_every_lost_deal_says_why() -> None:
    text = book(rest="outcomes: {won: [Won], lost: [Lost], loss_reason: why}\n")
    lost = [("Lead", 0.1), ("Lost", 2.1)]
    deals = {
        "said": Deal(lost, said={"Why": "Price"}),
        "unsaid": Deal(lost),
        "won": won(),
        "open": Deal([("Lead", 1.1)]),
    }
    found = held(text, deals)
    assert counts(found, "loss-reason") == (1, 1, 0, 0)
    missing = deviation(found, "no-loss-reason")
    assert (missing.subject, missing.stage, missing.examples, missing.line) == ("why", None, ("unsaid",), 6)
    unknown = held(text, {"unsaid": Deal(lost), "won": won()})
    assert (counts(unknown, "loss-reason"), rule(unknown, "loss-reason").needs) == ((0, 0, 0, 1), "the column why")


SERVICE = (
    ENDS
    + """\
service:
  - {name: Delivery, begins_at: Won, within: 5 days, time_limit: 4 days, tasks: [{do: Train, seen_as: [Training]}]}
  - {name: Follow-up, begins_at: Delivery, within: 10 days, seen_as: [Survey]}
  - {name: Win-back, begins_at: Lost, within: 20 days, seen_as: [Win-back call]}
"""
)


def service(found: Conformance) -> dict[tuple[str, str], tuple[int, int, int, int]]:
    own = [one for one in found.obligations if one.stage in {"Delivery", "Follow-up", "Win-back"}]
    return {(one.kind, one.subject): (one.kept, one.broken, one.pending, one.unchecked) for one in own}


def test_the_two_cycles_keep_step() -> None:
    sold = [("Lead", 0.1), ("Demo", 3.1), ("Won", 9.1)]
    deals = {
        "in step": Deal(
            [*sold, ("Delivery", 12.1), ("Follow-up", 15.1)], tasks=[("Training", 13.1, "Cid"), ("Survey", 15.2, "Cid")]
        ),
        "late and long": Deal([*sold, ("Delivery", 15.1), ("Follow-up", 20.1)]),
        "never delivered": Deal(sold),
        "just won": Deal([("Lead", 30.1), ("Demo", 33.1), ("Won", 38.1)]),
        "in delivery": Deal([("Lead", 30.1), ("Demo", 31.1), ("Won", 37.1), ("Delivery", 38.1)]),
        "won back": Deal([("Lead", 0.1), ("Lost", 3.1)], tasks=[("Win-back call", 20.1, "Ann")]),
        "given up": Deal([("Lead", 0.1), ("Lost", 3.1)]),
    }
    found = held(book(rest=SERVICE), deals)
    assert service(found) == {
        ("service", "Delivery"): (2, 2, 1, 0),
        ("time-limit", "Delivery"): (1, 1, 1, 0),
        ("task", "Train"): (1, 1, 1, 0),
        ("service", "Follow-up"): (2, 0, 1, 0),
        ("service", "Win-back"): (1, 1, 0, 0),
    }
    late = {one.subject: (one.examples, one.sentence) for one in found.deviations if one.kind == "service-late"}
    assert late["Delivery"] == (
        ("late and long", "never delivered"),
        "2 of 4 deals (50 %) that were won did not begin Delivery within 5 days of that; "
        "for 1 of them it has not begun to this day.",
    )
    assert late["Win-back"][0] == ("given up",)


def test_a_service_stage_that_the_log_never_names_cannot_be_checked() -> None:
    found = held(book(rest=SERVICE), {"x": won()})
    assert service(found)["service", "Delivery"] == (0, 0, 0, 1)
    (one,) = (each for each in found.obligations if (each.kind, each.subject) == ("service", "Delivery"))
    assert one.needs == "changes of stage to 'Delivery'"


def test_a_stage_may_be_visited_so_often_and_no_more() -> None:
    text = book(lead=", max_visits: 1", demo=", may_return_to: [Lead]")
    again = [("Lead", 0.1), ("Demo", 3.1), ("Lead", 4.1), ("Demo", 6.1)]
    deals = {"once": won(), "twice": Deal([*again, ("Won", 9.1)]), "open": Deal([("Lead", 1.1)])}
    found = held(text, deals)
    assert counts(found, "visits") == (1, 1, 1, 0)
    assert [(one.kind, one.examples) for one in found.deviations] == [("too-many-visits", ("twice",))]


def test_the_share_of_a_rule_is_of_those_that_kept_or_broke_it() -> None:
    deals = {"kept": won(), "broken": won(("Lead", 0.1), ("Demo", 8.1)), "open": Deal([("Lead", 39.1)])}
    one = rule(held(book(lead=", time_limit: 5 days"), deals), "time-limit")
    assert one.reached == 2
    assert one.share == wilson(1, 2)


def test_a_table_of_stages_that_names_the_owner_of_each_tells_who_held_the_deal(tmp_path: Path) -> None:
    rows = [
        "deal_id,stage,entered_at,owner,owner_role",
        *("1,Lead,2026-01-01 10:00,Ann,SDR", "1,Demo,2026-01-05 10:00,Bob,AE", "1,Won,2026-01-09 10:00,Bob,AE"),
        *("2,Lead,2026-01-01 10:00,Ann,SDR", "2,Demo,2026-01-05 10:00,Ann,SDR", "2,Won,2026-01-09 10:00,Ann,SDR"),
    ]
    file = tmp_path / "stages.csv"
    file.write_text("\n".join(rows) + "\n", encoding="utf-8")
    log = read_log(file, Options(Names(("Lead", "Demo"), {}, ("Won",), ("Lost",))))
    for roles in (ROLES, "roles: [{name: SDR}, {name: AE}]\n"):
        text = book(lead=", owner: SDR", demo=", owner: AE", rest=HANDOVER).replace(ROLES, roles)
        found = conform(discover(log), parse_playbook(text, "playbook.yaml"), text)
        told = {one.subject: (one.kept, one.broken, one.unchecked) for one in found.obligations if one.kind == "owner"}
        assert told == {"Lead": (2, 0, 0), "Demo": (1, 1, 0)}
        assert counts(found, "handover") == (1, 1, 0, 0)
        assert deviation(found, "wrong-owner").examples == ("2",)


def test_a_deal_over_the_limit_of_a_service_stage_is_not_called_open() -> None:
    service = (
        "name: x\nstages: [{name: Lead}]\nservice: [{name: Delivery, begins_at: Won, time_limit: 5 days}]\n"
        "outcomes: {won: [Won], lost: [Lost]}\n"
    )
    deals = {f"d{number}": ["Lead", ("Won", 1), ("Delivery", 2)] for number in range(3)}
    found = conform(discover(log_of(deals, as_of_day=30)), parse_playbook(service))
    assert [one.sentence for one in found.deviations] == [
        "3 of 3 deals (100 %) stayed in Delivery longer than the 5 days that the playbook allows;"
        " 3 deals are over it right now."
    ]
    assert found.over_limit.deals == 0
