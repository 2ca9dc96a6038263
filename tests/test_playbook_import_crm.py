"""What a CRM says of its stages becomes a playbook that reads; what it says beside that is told."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processminer.errors import PlaybookError
from processminer.playbook.imports.import_playbook import Imported, import_playbook
from processminer.playbook.read import parse_playbook
from processminer.words import fold

if TYPE_CHECKING:
    from pathlib import Path

    from processminer.playbook.model import Playbook

METADATA = 'xmlns="http://soap.sforce.com/2006/04/metadata"'
PATH = f"""<?xml version="1.0" encoding="UTF-8"?>
<PathAssistant {METADATA}>
    <active>true</active>
    <entityName>Opportunity</entityName>
    <fieldName>StageName</fieldName>
    <masterLabel>New business</masterLabel>
    <pathAssistantSteps>
        <fieldNames>Pain__c</fieldNames>
        <fieldNames>Budget_Confirmed__c</fieldNames>
        <info>&lt;p&gt;The need is &lt;b&gt;real&lt;/b&gt;.&lt;/p&gt;
            &lt;ul&gt;&lt;li&gt;Ask for the pain&lt;/li&gt;&lt;/ul&gt;</info>
        <picklistValueName>Qualification</picklistValueName>
    </pathAssistantSteps>
    <pathAssistantSteps>
        <fieldNames>NextStep</fieldNames>
        <picklistValueName>Proposal: sent</picklistValueName>
    </pathAssistantSteps>
    <pathAssistantSteps>
        <fieldNames>Amount</fieldNames>
        <info>Say thank you.</info>
        <picklistValueName>Closed Won</picklistValueName>
    </pathAssistantSteps>
    <pathAssistantSteps>
        <fieldNames>Loss_Reason__c</fieldNames>
        <picklistValueName>Closed Lost</picklistValueName>
    </pathAssistantSteps>
    <recordTypeName>New_Business</recordTypeName>
</PathAssistant>
"""


def path_of(*steps: str) -> str:
    """Return a Salesforce path with these steps."""
    said = "".join(
        f"<pathAssistantSteps><picklistValueName>{step}</picklistValueName></pathAssistantSteps>" for step in steps
    )
    return f"<PathAssistant {METADATA}>{said}</PathAssistant>"


def imported(content: str, folder: Path, **options: str) -> tuple[Imported, Playbook]:
    # The name says nothing: only the content tells what a file is.
    file = folder / "file.dat"
    file.write_text(content, encoding="utf-8")
    found = import_playbook(file, **options)
    return found, parse_playbook(found.text)


def stage_record(label: str, order: int, chance: float, state: str = "open", **more: Any) -> dict[str, Any]:
    return {
        "attributes": {"type": "OpportunityStage"},
        "MasterLabel": label,
        "SortOrder": order,
        "DefaultProbability": chance,
        "IsActive": True,
        "IsClosed": state != "open",
        "IsWon": state == "won",
        "ForecastCategoryName": "Pipeline",
        **more,
    }


STAGES = [
    stage_record("Closed Won", 5, 100, "won"),
    stage_record("Proposal", 3, 50.0, ApiName="Proposal/Price Quote"),
    stage_record("Prospecting", 1, 10, Description="Somebody wants to talk."),
    stage_record("Old stage", 2, 20, IsActive=False),
    stage_record("Closed Lost", 6, 0, "lost"),
    stage_record("Not pursued", 7, 0, "lost", ApiName="Omitted"),
]


def hubspot(**more: Any) -> dict[str, Any]:
    def stage(key: str, label: str, order: int, chance: str, closed: str | None, **beside: Any) -> dict[str, Any]:
        about = {"probability": chance} | ({} if closed is None else {"isClosed": closed})
        return {"id": key, "label": label, "displayOrder": order, "metadata": about, "archived": False, **beside}

    stages = [
        stage("closedwon", "Closed won", 8, "1.0", "true"),
        stage(
            "1357", "Demo", 2, "0.4", "false", requiredProperties=["amount", {"name": "demo_date", "required": True}]
        ),
        stage("appointmentscheduled", "Appointment scheduled", 1, "0.2", "false"),
        stage("closedlost", "Closed lost", 9, "0.0", "true"),
        stage("99", "Old", 3, "0.5", "false", archived=True),
    ]
    return {"id": "default", "label": "Sales Pipeline", "displayOrder": 0, "stages": stages, **more}


def pipedrive(key: int, order: int, name: str, **more: Any) -> dict[str, Any]:
    about = {"deal_probability": 40, "pipeline_id": 1, "pipeline_name": "New deals", "active_flag": True}
    return {"id": key, "order_nr": order, "name": name, **about, **more}


PIPEDRIVE = [
    pipedrive(3, 2, "Demo", rotten_flag=True, rotten_days=10),
    pipedrive(2, 1, "Lead in", deal_probability=100, rotten_flag=False, rotten_days=5),
    pipedrive(9, 3, "Gone", active_flag=False),
]


def test_a_path_gives_stages_goals_tasks_and_criteria(tmp_path: Path) -> None:
    found, playbook = imported(PATH, tmp_path)
    assert (playbook.name, playbook.names) == ("New business", ("Qualification", "Proposal: sent"))
    assert playbook.stages[0].goal == "The need is real."
    assert [task.how for task in playbook.stages[0].tasks] == ["Ask for the pain."]
    criteria = {criterion.name: criterion.field for criterion in playbook.stages[0].exit_criteria}
    assert criteria == {"Pain": "Pain__c", "Budget Confirmed": "Budget_Confirmed__c"}
    ends = playbook.outcomes
    assert (ends.won, ends.lost, ends.loss_reason) == (("Closed Won",), ("Closed Lost",), "Loss_Reason__c")
    assert found.left_out == (
        '1 key field of a closed step: "Closed Won: Amount"',
        '1 guidance for a closed step: "Closed Won"',
    )
    assert any("New_Business" in line for line in found.told)


@pytest.mark.parametrize("form", ["records", "list", "sf", "csv", "semicolons", "value set"])
def test_a_stage_dictionary_is_read_in_each_of_its_forms(form: str, tmp_path: Path) -> None:
    content = {
        "records": json.dumps({"totalSize": 6, "done": True, "records": STAGES}),
        "list": json.dumps(STAGES),
        "sf": json.dumps({"status": 0, "result": {"records": STAGES, "totalSize": 6}}),
        "csv": as_csv(STAGES, ","),
        "semicolons": "\ufeff" + as_csv(STAGES, ";"),
        "value set": as_value_set(STAGES),
    }[form]
    found, playbook = imported(content, tmp_path)
    assert playbook.names == ("Prospecting", "Proposal")
    assert [stage.probability for stage in playbook.stages] == [0.1, 0.5]
    assert playbook.stages[0].goal == "Somebody wants to talk."
    assert playbook.stages[1].aliases == ("Proposal/Price Quote",)
    assert (playbook.outcomes.won, playbook.outcomes.lost) == (
        ("Closed Won",),
        ("Closed Lost", "Not pursued", "Omitted"),
    )
    assert '1 inactive stage: "Old stage"' in found.left_out


def as_csv(records: list[dict[str, Any]], delimiter: str) -> str:
    columns = [
        "MasterLabel",
        "ApiName",
        "SortOrder",
        "DefaultProbability",
        "IsActive",
        "IsClosed",
        "IsWon",
        "Description",
    ]
    page = io.StringIO()
    writer = csv.DictWriter(page, columns, delimiter=delimiter, extrasaction="ignore", restval="")
    writer.writeheader()
    writer.writerows(records)
    return page.getvalue()


def as_value_set(records: list[dict[str, Any]]) -> str:
    values = "".join(
        f"<standardValue><fullName>{one.get('ApiName', one['MasterLabel'])}</fullName>"
        f"<label>{one['MasterLabel']}</label>"
        f"<closed>{str(one['IsClosed']).lower()}</closed><won>{str(one['IsWon']).lower()}</won>"
        f"<probability>{one['DefaultProbability']:g}</probability><isActive>{str(one['IsActive']).lower()}</isActive>"
        f"<description>{one.get('Description', '')}</description></standardValue>"
        for one in sorted(records, key=lambda one: one["SortOrder"])
    )
    return f"<StandardValueSet {METADATA}>{values}</StandardValueSet>"


@pytest.mark.parametrize("form", ["answer", "list", "alone"])
def test_a_hubspot_pipeline_gives_stages_chances_and_outcomes(form: str, tmp_path: Path) -> None:
    one = hubspot()
    found, playbook = imported(json.dumps({"answer": {"results": [one]}, "list": [one], "alone": one}[form]), tmp_path)
    assert (playbook.name, playbook.names) == ("Sales Pipeline", ("Appointment scheduled", "Demo"))
    assert [stage.aliases for stage in playbook.stages] == [("appointmentscheduled",), ("1357",)]
    assert [stage.probability for stage in playbook.stages] == [0.2, 0.4]
    assert (playbook.outcomes.won, playbook.outcomes.lost) == (
        ("Closed won", "closedwon"),
        ("Closed lost", "closedlost"),
    )
    needed = {criterion.name: criterion.field for criterion in playbook.stages[1].entry_criteria}
    assert needed == {"amount": "amount", "demo date": "demo_date"}
    assert '1 archived stage: "Old"' in found.left_out


def test_hubspot_s_outcomes_are_told_by_chance_where_it_does_not_say_closed(tmp_path: Path) -> None:
    one = hubspot()
    for stage in one["stages"]:
        stage["metadata"].pop("isClosed")
    assert imported(json.dumps(one), tmp_path)[1].outcomes.won == ("Closed won", "closedwon")


def test_the_rules_of_hubspot_become_starts_and_approvals(tmp_path: Path) -> None:
    one = hubspot()
    one["rules"] = {
        "objectCreationRule": {"pipelineStageIds": ["appointmentscheduled", "1357"]},
        "noBackwardsMovementRule": {"enabledForAllStages": True, "pipelineStageIds": []},
        "approvalStage": {"approverUserIds": [7, 8], "pipelineStageId": "1357"},
    }
    found, playbook = imported(json.dumps({"results": [one], "rules": one.pop("rules")}), tmp_path)
    # At the first stage deals may begin anyway.
    assert [stage.may_start for stage in playbook.stages] == [False, True]
    assert [one.approved_by for one in playbook.stages[1].entry_criteria][-1] == "HubSpot users 7, 8"
    assert found.told[0] == "Deals may not go back to earlier stages, as HubSpot has it."
    assert "though HubSpot lets deals skip" in found.told[1]


def test_of_several_pipelines_one_is_chosen_by_name_or_id(tmp_path: Path) -> None:
    both = json.dumps({"results": [hubspot(), hubspot(id="77", label="Renewals")]})
    with pytest.raises(
        PlaybookError, match=r"holds 2 pipelines\. Choose one with --pipeline: 'Sales Pipeline' and 'Renewals'"
    ):
        imported(both, tmp_path)
    for wanted in ("77", "renewals"):
        found, playbook = imported(both, tmp_path, pipeline=wanted)
        assert playbook.name == "Renewals"
        assert '1 other pipeline: "Sales Pipeline"' in found.left_out
    with pytest.raises(
        PlaybookError, match=r"no pipeline called 'Rnewals'\. There are: 'Sales Pipeline' \(id 'default'\)"
    ):
        imported(both, tmp_path, pipeline="Rnewals")


def test_pipedrive_gives_chances_and_the_silence_after_which_deals_rot(tmp_path: Path) -> None:
    found, playbook = imported(json.dumps({"success": True, "data": PIPEDRIVE}), tmp_path)
    assert (playbook.name, playbook.names) == ("New deals", ("Lead in", "Demo"))
    assert [stage.aliases for stage in playbook.stages] == [("2",), ("3",)]
    assert [stage.probability for stage in playbook.stages] == [1.0, 0.4]
    assert [stage.max_silence for stage in playbook.stages] == [None, 10.0]
    assert (playbook.outcomes.won, playbook.outcomes.lost) == (("Won",), ("Lost",))
    assert found.left_out == ('1 deleted stage: "Gone"',)


def test_pipedrive_s_newer_names_are_read_and_a_stage_named_as_the_outcome_keeps_apart(tmp_path: Path) -> None:
    stages = [
        {"id": 1, "order_nr": 1, "name": "Won", "pipeline_id": 4, "is_deal_rot_enabled": True, "days_to_rotten": 1},
        {"id": 2, "order_nr": 2, "name": "Demo", "pipeline_id": 4, "is_deleted": False, "deal_probability": None},
    ]
    found, playbook = imported(json.dumps(stages), tmp_path)
    assert playbook.names == ("Won (2)", "Demo")
    assert playbook.stages[0].max_silence == 1.0
    assert "called 'Won' there" in found.text
    with pytest.raises(PlaybookError, match="holds 2 pipelines"):
        imported(json.dumps([*stages, {**stages[0], "pipeline_id": 5}]), tmp_path)


def test_a_draft_says_where_it_comes_from_and_what_is_missing(tmp_path: Path) -> None:
    text = imported(json.dumps(STAGES), tmp_path)[0].text
    assert text == (
        "# Drafted from a stage dictionary of Salesforce, file.dat: what is said there, not what is best.\n"
        "# Every process of the organisation draws on these stages: strike those that this one does not use.\n"
        + text[text.index("#\n# Not taken over") : text.index("name: Sales process")]
        + "name: Sales process\n"
        "version: 0.1.0\n"
        "\n"
        "stages:\n"
        "  - name: Prospecting\n"
        "    goal: Somebody wants to talk.\n"
        "    probability: 10%  # as declared in Salesforce\n"
        "\n"
        "  - name: Proposal\n"
        "    aliases: [Proposal/Price Quote]\n"
        "    probability: 50%  # as declared in Salesforce\n"
        "\n"
        "outcomes:\n"
        "  won: [Closed Won]\n"
        "  lost: [Closed Lost, Not pursued, Omitted]\n"
    )
    head = text[: text.index("name:")]
    assert '# - 1 inactive stage:\n#     "Old stage"\n' in head
    assert "# - no-time-limit (2 times): " in head
    assert all(line.startswith("#") for line in head.splitlines())


@given(st.lists(st.text(min_size=1, max_size=12), min_size=1, max_size=5), st.text(max_size=20))
@settings(max_examples=120, deadline=None)
def test_whatever_the_names_the_draft_reads_and_says_them(
    tmp_path_factory: pytest.TempPathFactory, labels: list[str], title: str
) -> None:
    stages = [
        {"id": str(at), "label": label, "displayOrder": at, "metadata": {"probability": "0.5", "isClosed": "false"}}
        for at, label in enumerate(labels)
        if label.strip()
    ]
    if not stages:
        return
    content = json.dumps({"results": [{"id": "p", "label": title, "stages": stages}]})
    _, playbook = imported(content, tmp_path_factory.getbasetemp())
    assert len(playbook.stages) == len(stages)
    for stage, said in zip(playbook.stages, stages, strict=True):
        assert fold(stage.name).startswith(fold(str(said["label"]))[:5].rstrip())


def test_html_guidance_cannot_act_in_the_draft(tmp_path: Path) -> None:
    hostile = PATH.replace("Ask for the pain", "&lt;script&gt;alert(1)&lt;/script&gt;name: x\n# - y: {a: [b")
    found, playbook = imported(hostile, tmp_path)
    assert "alert" not in found.text
    assert playbook.stages[0].tasks[0].how == "name: x # - y: {a: [b."


def test_a_step_of_a_path_is_an_end_only_where_its_whole_name_says_so(tmp_path: Path) -> None:
    open_steps = (
        "Customer Interview", "Client Demo", "Win Plan", "Contract Signed by Legal", "Success Criteria Agreed",
        "No Decision Maker Yet", "Lost Deal Review",
    )  # fmt: skip
    ends = ("06 - Closed Won", "Opportunity lost", "No decision", "Chiusa persa")
    _, playbook = imported(path_of(*open_steps, *ends), tmp_path)
    assert playbook.names == open_steps
    assert playbook.outcomes.won == ends[:1]
    assert playbook.outcomes.lost == ends[1:]
