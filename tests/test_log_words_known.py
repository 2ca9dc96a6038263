"""The words for stages and outcomes: what the usual CRMs ship is known, and nothing is taken for both."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processminer.log.words_known import loss_kind, outcome_of, plain, share_of_stages, stage_kind

SHIPPED = {
    "Salesforce": "Prospecting|Qualification|Needs Analysis|Value Proposition|Id. Decision Makers|Perception Analysis|"
    "Proposal/Price Quote|Negotiation/Review|+Closed Won|-Closed Lost",
    "HubSpot": "Appointment scheduled|Qualified to buy|Presentation scheduled|Decision maker bought-In|Contract sent|"
    "+Closed won|-Closed lost",
    "HubSpot ids": "qualifiedtobuy|contractsent|+closedwon|-closedlost",
    "Pipedrive": "Qualified|Contact Made|Demo Scheduled|Proposal Made|Negotiations Started|+Won|-Lost",
    "Zoho": "Qualification|Needs Analysis|Value Proposition|Identify Decision Makers|Proposal/Price Quote|"
    "Negotiation/Review|+Closed Won|-Closed Lost|-Closed-Lost to Competition",
    "Dynamics": "Qualify|Develop|Propose|+Won|-Lost|-Canceled|-Out-Sold",
    "Odoo": "New|Qualified|Proposition|+Won|-Lost",
    "Bitrix24": "New|Final invoice|+Deal won|-Deal lost|-Analyze failure|-LOSE|-APOLOGY",
    "Bitrix24, Russian": "Новая|Счёт выставлен|+Сделка успешна|-Сделка провалена|-Анализ причины провала",
    "amoCRM": "Первичный контакт|Переговоры|Принимают решение|Согласование договора|+Успешно реализовано|"
    "-Закрыто и не реализовано",
    "Kommo": "Initial contact|Discussions|Decision making|Contract discussion|+Closed - won|-Closed - lost",
    "Italian": "Qualificazione|Analisi delle esigenze|Offerta|Negoziazione|+Chiuso vinto|+Chiusa / Vinta|"
    "-Chiuso - perso",
    "French": "Prospection|Analyse des besoins|Devis envoyé|Négociation|+Fermé gagné|"
    "+Clôturée, gagnée|-Fermée perdue|-Perdue",
    "German": "Bedarfsanalyse|Angebot versendet|In Verhandlung|+Abgeschlossen und gewonnen|+Gewonnen|"
    "-Geschlossen - verloren|-Verloren",
    "Spanish": "Calificación|Análisis de necesidades|Propuesta enviada|Negociación|+Cerrada/Ganada|-Cerrado perdido",
    "Portuguese": "Qualificação|Apresentação|Proposta enviada|Negociação|+Fechado e ganho|"
    "+Venda ganha|-Fechado perdido",
    "Chinese": "需求分析|方案报价|商务谈判|合同签订|+赢单|+已成交|+关闭赢单|-输单|-已丢单|-战败",
}
"""The usual pipelines; + marks a won stage, - a lost one."""

CASES = [(crm, label) for crm, told in SHIPPED.items() for label in told.split("|")]


@pytest.mark.parametrize(("crm", "label"), CASES)
def test_a_stage_that_ships_means_what_its_crm_means(crm: str, label: str) -> None:
    assert outcome_of(label.lstrip("+-")) == {"+": "won", "-": "lost"}.get(label[0]), crm


def test_most_open_stages_that_ship_are_known_as_stages() -> None:
    opened = [label for _, label in CASES if label[0] not in "+-"]
    unknown = [label for label in opened if stage_kind(label) is None]
    assert len(unknown) <= 0.05 * len(opened), unknown


@pytest.mark.parametrize("crm", sorted(SHIPPED))
def test_a_column_of_stages_is_told_from_other_columns(crm: str) -> None:
    assert share_of_stages(label.lstrip("+-") for label in SHIPPED[crm].split("|")) >= 0.75


@pytest.mark.parametrize(
    "values",
    [
        ["Berlin", "Paris", "Milano", "Porto"],
        ["Ann Lee", "Bob Roy", "Cem Sahin"],
        ["open", "won", "lost"],
        ["EUR", "USD", "CHF"],
        ["Web", "Referral", "Trade show", "Avito"],
        ["2026-01-05", "2026-01-06"],
        ["true", "false"],
        [],
    ],
)
def test_a_column_of_something_else_is_no_column_of_stages(values: list[str]) -> None:
    assert share_of_stages(values) < 0.5


def test_no_word_stands_in_two_lists_of_outcomes_or_of_stages() -> None:
    for name in ("outcome_words.toml", "stage_words.toml"):
        said: dict[str, list[str]] = tomllib.loads(
            resources.files("processminer.log").joinpath(name).read_text(encoding="utf-8")
        )
        lists: defaultdict[str, set[str]] = defaultdict(set)
        for kind, words in said.items():
            for word in words if kind != "beside" else []:
                lists[plain(word)].add(kind)
        assert {word: kinds for word, kinds in lists.items() if len(kinds) > 1} == {}


def test_what_only_looks_like_an_outcome_is_none() -> None:
    for label in (
        "Win-back",
        "Won back",
        "Closed",
        "Not won yet",
        "Lost and found",
        "Close plan",
        "",
        "100%",
        "On hold",
    ):
        assert outcome_of(label) is None, label


def test_reasons_are_told_apart_into_kinds_of_loss() -> None:
    told = {
        "No decision": "no decision", "Timing": "no decision", "Sans suite": "no decision", "无预算": "no decision",
        "Unqualified": "disqualified", "Fuori target": "lost", "Hors cible": "disqualified", "Дубль": "disqualified",
        "Price": "lost", "Дорого": "lost", "Lost to competitor": "lost",
    }  # fmt: skip
    assert {reason: loss_kind(reason) for reason in told} == told


@given(
    st.sampled_from(["Closed Won", "Chiuso perso", "赢单", "Verloren"]),
    st.integers(0, 99),
    st.sampled_from(["", ".", " -", ")"]),
    st.sampled_from(["", "!", " (100%)", "  ", " - 0 %"]),
)
def test_numbers_and_punctuation_around_a_word_change_nothing(word: str, number: int, mark: str, tail: str) -> None:
    assert outcome_of(f"{number}{mark} {word.upper()}{tail}") == outcome_of(word) is not None
