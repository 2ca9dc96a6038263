"""A CRM that speaks Italian, Chinese or French, or has its maker's default stages, is understood by the templates."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from processminer.cli import main
from processminer.discovery.discover import discover
from processminer.playbook.read import read_playbook
from processminer.study import names_of
from tests.worlds import log_of, write_export

FOLDER = Path(__file__).parent.parent / "playbooks"

SPOKEN = {
    ("six-stage-checklist", "it"): "Prospettica / Qualificata / Scoperta / Sviluppata / Proposta / Chiusa / Persa",
    ("six-stage-checklist", "zh"): "勘探 / 资格 / 诊断 / 方案设计 / 提案 / 赢单 / 输单",
    ("six-stage-checklist", "fr"): "Prospection / Qualifié / Découverte / Solution développée / Offre / Gagné / Perdu",
    (
        "seven-stage-bant",
        "it",
    ): "Prospezione / Qualificazione / Diagnosi / Proposta / Trattativa / Firma / Vinta / Persa",
    ("seven-stage-bant", "zh"): "勘探 / 资格 / 诊断 / 提交提案 / 谈判 / 结束语 / 成交 / 丢单",
    ("seven-stage-bant", "fr"): "Prospection / Qualifié / Diagnostic / Offre / Négociation / Signature / Gagné / Perdu",
    (
        "eight-stage-cycle",
        "it",
    ): "Generare potenziali clienti / Target dei lead / Comprendere i clienti / Offerta / Vinta / Persa",
    ("eight-stage-cycle", "zh"): "潜在客户开发 / 初次接触 / 了解需求 / 报价 / 赢单 / 输单",
    ("eight-stage-cycle", "fr"): "Génération de leads / Premier contact / Analyse des besoins / Offre / Gagné / Perdu",
    ("basic-four-step", "it"): "Primo contatto / Incontro / Offerta / Trattativa / Vinta / Persa",
    ("basic-four-step", "zh"): "潜在客户 / 会面 / 报价 / 签约 / 赢单 / 输单",
    ("basic-four-step", "fr"): "Prospection / Rendez-vous / Devis / Signature / Gagnée / Perdue",
    ("renewals", "it"): "In scadenza / A rischio / Offerta di rinnovo / Contratto / Rinnovato / Non rinnovato",
    ("renewals", "zh"): "续约检查 / 挽留 / 续约报价 / 合同 / 已续约 / 未续约",
    ("renewals", "fr"): "Échéance proche / À risque / Offre de renouvellement / Contrat / Renouvelé / Non renouvelé",
}
"""For each template and language: a name of every stage in order, then one of won and one of lost."""

DEFAULTS = {
    "Salesforce": "Prospecting / Qualification / Needs Analysis / Proposal/Price Quote / Negotiation/Review",
    "HubSpot": "Appointment Scheduled / Qualified To Buy / Contract Sent / Closed Won / Closed Lost",
    "HubSpot's ids": "appointmentscheduled / qualifiedtobuy / contractsent / closedwon / closedlost",
    "Pipedrive": "Lead In / Contact Made / Needs Defined / Proposal Made / Negotiations Started / Won / Lost",
    "Zoho": "Qualification / Needs Analysis / Proposal/Price Quote / Negotiation/Review / Closed Lost to Competition",
}
"""Stages that a CRM comes with, as far as they mean what a stage of the template means."""


def test_every_template_but_the_one_of_the_samples_speaks_three_languages() -> None:
    templates = {path.stem for path in FOLDER.glob("*.yaml")} - {"b2b-saas"}
    assert set(SPOKEN) == {(template, language) for template in templates for language in ("it", "zh", "fr")}


@pytest.mark.parametrize(("template", "language"), sorted(SPOKEN), ids=lambda said: said)
def test_a_log_in_the_language_of_the_team_has_the_stages_of_the_template(template: str, language: str) -> None:
    *spoken, won, lost = SPOKEN[template, language].split(" / ")
    playbook = read_playbook(FOLDER / f"{template}.yaml")
    names = names_of(playbook)
    deals = {"w1": [*spoken, won], "w2": [*spoken, won], "l1": [spoken[0].upper(), lost], "o1": spoken[:1]}
    log = log_of(deals, order=names.order, aliases=names.aliases, won=names.won, lost=names.lost)
    stages = discover(log).stages
    assert [stage.stage for stage in stages if stage.kind == "open" and stage.deals] == list(playbook.names)
    assert [sum(stage.deals for stage in stages if stage.kind == kind) for kind in ("won", "lost")] == [2, 1]


@pytest.mark.parametrize("crm", DEFAULTS)
@pytest.mark.parametrize("template", ["seven-stage-bant", "basic-four-step"])
def test_the_stages_that_a_crm_comes_with_are_those_of_the_template(template: str, crm: str) -> None:
    playbook = read_playbook(FOLDER / f"{template}.yaml")
    meant = {name.casefold() for stage in playbook.stages for name in (stage.name, *stage.aliases)}
    meant |= {name.casefold() for name in (*playbook.outcomes.won, *playbook.outcomes.lost)}
    assert [name for name in DEFAULTS[crm].split(" / ") if name.casefold() not in meant] == []


@pytest.mark.parametrize("template", ["eight-stage-cycle", "six-stage-checklist"])
def test_an_audit_by_a_template_is_read_back_with_its_handovers_and_service(template: str, tmp_path: Path) -> None:
    *spoken, won, lost = SPOKEN[template, "it"].split(" / ")
    deals = {f"w{n}": [*spoken, won] for n in range(4)} | {f"l{n}": [*spoken[:2], lost] for n in range(3)}
    playbook = read_playbook(FOLDER / f"{template}.yaml")
    (tmp_path / "log").mkdir()
    write_export(tmp_path / "log", deals, {}, {}, playbook.outcomes.won, playbook.outcomes.lost)
    audit = ["audit", str(tmp_path / "log"), "--playbook", template, "--out", str(tmp_path / "audit")]
    result = CliRunner().invoke(main, audit)
    assert result.exit_code == 0, result.output
    page = tmp_path / "again.html"
    result = CliRunner().invoke(main, ["report", str(tmp_path / "audit" / "audit.json"), "--out", str(page)])
    assert result.exit_code == 0, result.output
    assert page.read_text(encoding="utf-8") == (tmp_path / "audit" / "report.html").read_text(encoding="utf-8")
