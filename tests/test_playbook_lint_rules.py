"""Single rules of the lint: where each begins to speak, and where it has nothing to say."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings

from processminer.engines.yaml_text import dump_text
from processminer.playbook.lint.lint import lint
from processminer.playbook.new import new_playbook
from processminer.playbook.read import parse_playbook
from tests.playbook_texts import playbook_texts
from tests.test_playbook_lint import remarks_on, told


def test_what_is_optional_and_cannot_be_left_out_is_told() -> None:
    text = """\
name: x
stages:
  - {name: A, next: B}
  - name: B
    optional: true
    next: D
  - {name: C, optional: true}
  - {name: D}
"""
    kept = {
        one for one in told(remarks_on(text)) if one[0] in ("never-optional", "unreachable-stage", "bypassed-stage")
    }
    assert kept == {
        ("never-optional", 5, "'B' is optional, yet every way to won goes through it."),
        ("unreachable-stage", 7, "no way leads to 'C': no stage before it goes on to it."),
    }
    assert "never-optional" not in {one.rule for one in remarks_on(text.replace("next: B", "next: [B, D]"))}


def test_a_limit_must_leave_room_for_the_tasks_of_the_service_as_well() -> None:
    text = """\
name: x
stages: [{name: A, time_limit: 5 days, max_silence: 5 days, tasks: [{do: a, within: 5 days, takes: 5 days}]}]
service:
  - name: Delivery
    time_limit: 1 week
    tasks:
      - {do: b, within: 8 days}
      - {do: c, takes: 4 days, times: 2}
      - {do: d, takes: 30 days, optional: true}
"""
    assert {(one.line, one.message) for one in remarks_on(text) if one.rule == "tight-limit"} == {
        (5, "the required tasks of 'Delivery' take 8 days, and its time limit is 7 days."),
        (7, "the task 'b' has 8 days, longer than a deal may be in 'Delivery' (7 days)."),
    }


def test_a_way_back_to_where_no_deal_may_be_twice_is_told() -> None:
    text = """\
name: x
stages:
  - {name: A, max_visits: 1}
  - {name: B, max_visits: 2}
  - name: C
    may_return_to:
      - B
      - A
"""
    assert {(one.line, one.message) for one in remarks_on(text) if one.rule == "impossible-return"} == {
        (8, "'C' may return to 'A', where a deal may be only once.")
    }


def test_two_names_of_a_role_are_one_pair_of_hands_and_blanks_are_nobody() -> None:
    text = """\
name: x
roles: [{name: Account executive, aliases: [AE]}]
stages:
  - {name: A, owner: ae, goal: ' '}
  - {name: B, owner: Account Executive, goal: g}
  - {name: C, owner: '', goal: g}
"""
    rules = {(one.rule, one.line) for one in remarks_on(text) if one.line >= 4 and one.rule != "no-time-limit"}
    assert rules == {("no-goal", 4), ("no-owner", 6)}


def test_branches_are_no_way_from_one_to_the_other() -> None:
    text = """\
name: x
stages:
  - {name: A, next: [Big, Small], probability: 10%}
  - {name: Big, optional: true, next: Z, probability: 60%}
  - {name: Small, optional: true, next: Z, probability: 30%}
  - {name: Z, probability: 50%, may_return_to: A}
"""
    falls = [one.message for one in remarks_on(text) if one.rule == "falling-probability"]
    assert falls == ["'Z' is declared at 50 %, after 'Big' at 60 %."]


DUE = """\
name: x
review_every: 30 days
valid_from: 2026-01-01
stages: [{name: a}]
"""


@pytest.mark.parametrize(
    ("more", "day", "late"),
    [
        ("", None, []),
        ("", date(2026, 1, 31), []),
        ("", date(2026, 2, 1), ["2026-01-01: 31 days before 2026-02-01"]),
        ("reviewed: 2026-01-20\n", date(2026, 2, 1), []),
        ("reviewed: 2025-12-20\n", date(2026, 2, 1), ["2025-12-20: 43 days before 2026-02-01"]),
        ("reviewed: 2025-12-20\n", None, []),
        ("changes: [{version: 1.0.0, day: 2026-06-01, why: w}]\n", None, []),
        ("materials: [{name: m, reviewed: 2026-06-01}]\n", None, ["2026-01-01: 151 days before 2026-06-01"]),
        ("accepted: [{deviation: skipped, subject: a, because: b, until: 2030-01-01}]\n", None, []),
    ],
)
def test_a_review_is_due_as_of_the_day_given_or_else_of_the_latest_that_the_file_names(
    more: str, day: date | None, late: list[str]
) -> None:
    due = [one.message for one in remarks_on(DUE + more, day) if one.rule == "review-due"]
    said = "the playbook is to be reviewed every 30 days, and was last looked at on "
    assert due == [f"{said}{one}." for one in late]


@pytest.mark.parametrize(("day", "over"), [(date(2026, 1, 31), False), (date(2026, 2, 1), True)])
def test_a_deviation_is_accepted_to_the_end_of_its_last_day(day: date, *, over: bool) -> None:
    text = DUE + "accepted: [{deviation: skipped, subject: a, because: b, until: 2026-01-31}]\n"
    assert any(one.rule == "expired-acceptance" for one in remarks_on(text, day)) == over


@pytest.mark.parametrize("name", ["2.1", "2026-01-31", "a: b", "#1", "yes"])
def test_what_a_mend_says_to_write_can_be_written_whatever_the_names(name: str) -> None:
    said = dump_text(name)
    text = (
        f"name: x\nversion: {said}\nstages: [{{name: a, tasks: [{{do: t, material: {said}}}]}}]\n"
        "materials:\n- name: other\nchanges:\n- {version: old, why: w}\n"
    )
    mends = {one.rule: one.mend.split("`") for one in remarks_on(text)}
    for rule in ("unlogged-version", "unlisted-material"):
        _, entry, _, key, _ = mends[rule]
        text = text.replace(f"{key}:\n", f"{key}:\n{entry}\n")
    assert not {one.rule for one in remarks_on(text)} & set(mends.keys() & {"unlogged-version", "unlisted-material"})


def test_a_review_in_more_years_than_the_calendar_has_is_never_due() -> None:
    text = DUE.replace("30 days", "99999999999 days") + "materials: [{name: m, reviewed: 2025-01-01}]\n"
    assert not {one.rule for one in remarks_on(text, date(2026, 6, 1))} & {"review-due", "material-due"}


PEOPLE = (
    "Anna Rossi", "John Smith", "María José García", "Jean-Pierre Dupont", "J. Smith", "Ludwig van Beethoven",
    "Schmidt, Maria", "Dr. Weiß", "Herr Müller", "anna.rossi@example.com", "Anna (anna@example.com)", "Siobhán O'Neill",
    "Priya Sharma", "Łukasz Nowak", "Иван Петров", "John Whitehead", "Ana de la Cruz", "Mary McDonald", "Wei Zhang",
    "Callum Smith", "Vicente Ruiz", "Milan Kundera", "Maria Salgado", "Craig Venter", "Markéta Nová", "Ana Caponi",
)  # fmt: skip


ROLES_OF_ALL_SORTS = (
    "Account Executive", "Account executive", "Head of Sales", "Vertriebsleiter", "Legal", "Solutions Engineer", "SDR",
    "AE", "Sales", "VP Sales", "Vice President Sales", "Chief Revenue Officer", "Deal Desk", "Inside Sales",
    "Customer Success", "Revenue Operations", "Bid Management", "Key Account Manager", "Leiter Vertrieb",
    "Vertrieb Innendienst", "Technischer Berater", "Kaufmännische Leitung", "Gebietsleiter Nord",
    "Directeur Commercial", "Responsable Commercial", "Ingénieur Avant-Vente", "Chargé d'Affaires",
    "Director Comercial", "Jefe de Ventas",
    "Ejecutivo de Cuentas", "Direttore Vendite", "Responsabile Vendite", "Agente Commerciale", "Gerente de Vendas",
    "Accountmanager Binnendienst", "Hoofd Verkoop", "Säljare Nord", "Kierownik Sprzedaży", "Dyrektor Handlowy",
    "Менеджер Продаж", "Руководитель Отдела Продаж", "销售经理", "営業部長", "Sales Rep", "Team Lead", "Tiger Team",
    "Legal & Compliance", "Sales Engineer / Presales", "Partner", "Management", "Buyer Champion", "Delivery Manager",
    "Technical Specialist", "Legal Counsel", "Marketing", "Business Development", "Customer-Success-Manager", "Level 2",
    "Demand Gen", "Field Marketing", "Pricing Committee", "Project Office", "Steering Committee", "Service Desk",
    "Scrum Master", "Trusted Advisor", "Human Resources", "Works Council", "Region Süd", "Appointment Setter",
    "Kundenbetreuung Nord", "Chief Executive", "Power User",
)  # fmt: skip


@pytest.mark.parametrize("name", PEOPLE)
def test_a_person_is_told_from_a_role(name: str) -> None:
    from processminer.playbook.lint.people import is_person

    assert is_person(name)


@pytest.mark.parametrize("name", ROLES_OF_ALL_SORTS)
def test_a_role_is_not_taken_for_a_person(name: str) -> None:
    from processminer.playbook.lint.people import is_person

    assert not is_person(name)


def test_a_role_that_is_declared_owns_whatever_it_is_called() -> None:
    text = "name: x\nroles: [{name: Guild, aliases: [Night Owls]}]\nstages: [{name: a, owner: Night Owls}]\n"
    assert not [one for one in remarks_on(text) if one.rule in ("person-not-role", "unknown-role")]
    of_people = remarks_on(text.replace("aliases: [Night Owls]", "people: [Night Owls]"))
    assert [one.mend for one in of_people if one.rule == "person-not-role"] == ["Write 'Guild'."]


@settings(deadline=None, max_examples=40)
@given(playbook_texts())
def test_any_playbook_that_reads_can_be_linted_each_remark_within_its_lines(written: tuple[object, str]) -> None:
    _, text = written
    remarks = remarks_on(text)
    lines = text.replace("\r\n", "\n").count("\n") + 1
    assert all(1 <= remark.line <= lines for remark in remarks)
    assert len(set(remarks)) == len(remarks)
    rules = {remark.rule for remark in remarks}
    playbook = parse_playbook(text)
    assert ("no-time-limit" in rules) == any(stage.time_limit is None for stage in playbook.stages)
    assert ("no-goal" in rules) == any(stage.goal is None for stage in playbook.stages)


def test_a_new_playbook_reads_under_its_name_and_needs_no_remark() -> None:
    for name in ("New business", "Größe: # 1", "yes", "two\nlines"):
        text = new_playbook(name)
        playbook = parse_playbook(text)
        assert playbook.name == name
        assert lint(playbook, text, "new.yaml") == ()
        assert text.splitlines()[3:] == new_playbook("x").splitlines()[3:]
