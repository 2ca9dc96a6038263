"""What a BPMN model says beyond a playbook: refused with its line, or told, never lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from processminer.errors import PlaybookError
from processminer.playbook.imports.bpmn.sequence import in_sequence
from tests.test_playbook_import_bpmn import imported, model

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("flows", "extra", "said"),
    [
        ("s A P1 B P2 C won, P1 D P2", "", "the parallelGateway 'P1' lets ways be taken at once"),
        ("s A I1 B I2 C won, I1 D I2", "", "the inclusiveGateway 'I1' lets ways be taken several or one"),
        ("s A B won, A C won", "", "2 flows leave 'A', which in BPMN are all taken at once"),
        (
            "s A won",
            '<sequenceFlow id="x" sourceRef="A" targetRef="nowhere"/>',
            "leads from or to a node that is not there",
        ),
        ("s A won", '<task id="A" name="twin"/>', "has the id 'A' of another one"),
    ],
)
def test_what_a_playbook_cannot_say_is_refused_with_its_line(flows: str, extra: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(PlaybookError, match=r"model\.bpmn:1: ") as caught:
        imported(model(flows, extra), tmp_path)
    assert said in str(caught.value)


def test_all_that_cannot_be_said_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(PlaybookError) as caught:
        imported(model("s A P1 B P2 C won, P1 D P2"), tmp_path)
    assert len(caught.value.faults) == 2


def test_a_parallel_gateway_that_parts_nothing_is_passed_through(tmp_path: Path) -> None:
    assert imported(model("s A P1 B E1 C won"), tmp_path)[1].names == ("A", "B", "C")


def test_what_is_left_out_is_counted_by_its_kind(tmp_path: Path) -> None:
    extra = (
        '<textAnnotation id="n"/><dataObject id="d"/><task id="island" name="Island"/>'
        '<subProcess id="e" triggeredByEvent="true" name="Complaint"/><choreographyTask id="c"/>'
    )
    inside = {"A": "<standardLoopCharacteristics/>", "s": "<messageEventDefinition/>"}
    found, playbook = imported(model("s A X1 B won, X1 A", extra, inside=inside), tmp_path)
    assert playbook.names == ("A", "B")
    kinds = [line.split(":")[0] for line in found.left_out]
    assert kinds == [
        "1 trigger of an event",
        "1 repeated task",
        "2 elements beside the flow",
        "1 event sub-process",
        "1 element of another kind",
        "1 task that no start leads to",
        "1 task that repeats itself",
    ]
    for item in ("message of s", "textAnnotation n", "dataObject d", "Complaint", "choreographyTask c", "Island"):
        assert f'"{item}"' in found.text


def test_questions_labels_and_events_between_stages_are_told(tmp_path: Path) -> None:
    xml = model("s A X1 B won, X1 lost", '<messageFlow id="m" name="Order"/>')
    xml = xml.replace('id="X1">', 'id="X1" name="Is it real?"><documentation>Ask twice.</documentation>')
    xml = xml.replace(
        'targetRef="B"/>', 'targetRef="B" name="yes"><conditionExpression>n &gt; 2</conditionExpression></sequenceFlow>'
    )
    xml = xml.replace("</process>", '<intermediateThrowEvent id="i" name="Paid"/></process>')
    xml = xml.replace('targetRef="won"/>', 'targetRef="i"/><sequenceFlow id="w" sourceRef="i" targetRef="won"/>')
    found, playbook = imported(xml, tmp_path)
    assert playbook.names == ("A", "B")
    for item in ("Is it real?", "X1: Ask twice.".replace("X1", "Is it real?"), "yes", "n > 2", "Paid", "Order"):
        assert f'"{item}"' in found.text


def test_link_events_lead_from_where_they_throw_to_where_they_catch(tmp_path: Path) -> None:
    extra = (
        '<intermediateThrowEvent id="t"><linkEventDefinition name="L"/></intermediateThrowEvent>'
        '<intermediateCatchEvent id="c"><linkEventDefinition name="L"/></intermediateCatchEvent>'
        '<sequenceFlow id="x" sourceRef="A" targetRef="t"/><sequenceFlow id="y" sourceRef="c" targetRef="B"/>'
    )
    assert imported(model("s A, B won", extra), tmp_path)[1].names == ("A", "B")


def test_one_of_several_processes_is_chosen_by_name(tmp_path: Path) -> None:
    two = model("s A won").replace("</definitions>", model("s B won").split(">", 1)[1])
    two = two.replace('<process id="p" name="Sales">', '<process id="q" name="Service">', 1)
    with pytest.raises(PlaybookError, match=r"holds 2 processes\. Choose one with --pipeline: 'Service' and 'Sales'"):
        imported(two, tmp_path)
    found, playbook = imported(two, tmp_path, pipeline="service")
    assert playbook.names == ("A",)
    assert found.left_out == ('1 other process: "Sales"',)


def test_names_that_stand_twice_or_are_missing_are_told_apart(tmp_path: Path) -> None:
    found, playbook = imported(model("s A B C won", names={"A": "Call", "B": "CALL", "C": ""}), tmp_path)
    assert playbook.names == ("Call", "CALL (2)", "C")
    assert "- name: CALL (2)  # 'CALL' stands twice" in found.text.replace('"CALL (2)"', "CALL (2)")
    assert "# without a name in the model" in found.text


def test_what_closes_a_circle_leads_back_wherever_it_is_drawn() -> None:
    # Every path to B comes through C, so that B to C leads back although B is drawn first.
    after = {"A": ["C"], "B": ["C"], "C": ["B"]}
    assert in_sequence(["B", "A", "C"], ["A"], after) == ["A", "C", "B"]
    # A circle that can be entered at either end: here the drawing decides.
    after = {"S": ["A", "B"], "A": ["B"], "B": ["A"]}
    assert in_sequence(["S", "A", "B"], ["S"], after) == ["S", "A", "B"]
    assert in_sequence(["S", "B", "A"], ["S"], after) == ["S", "B", "A"]
