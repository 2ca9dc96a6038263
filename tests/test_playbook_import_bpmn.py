"""A BPMN model becomes the playbook that it says; what a playbook cannot say is refused or told, never lost."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from processminer.diagrams.bpmn import draw_bpmn
from processminer.playbook.imports.import_playbook import Imported, import_playbook
from processminer.playbook.model import Playbook
from processminer.playbook.moves import allowed_moves
from processminer.playbook.read import parse_playbook, read_playbook
from tests.diagram_stories import HOSTILE

if TYPE_CHECKING:
    from pathlib import Path

MODEL = 'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'


GATEWAYS = {"X": "exclusiveGateway", "P": "parallelGateway", "I": "inclusiveGateway", "E": "eventBasedGateway"}


def model(
    flows: str, extra: str = "", *, names: dict[str, str] | None = None, inside: dict[str, str] | None = None
) -> str:
    """Return BPMN for flows as `s A X1 B won, X1 C`: s begins, X1 is a gateway, small words end, capitals are tasks."""
    called = names or {}
    nodes: dict[str, str] = {}
    lines: list[str] = []
    for way in flows.split(","):
        steps = way.split()
        for step in steps:
            tag = (
                "startEvent"
                if step == "s"
                else "endEvent"
                if step.islower()
                else GATEWAYS.get(step[0] if step[1:].isdigit() else "", "task")
            )
            name = "" if "Gateway" in tag else f' name="{called.get(step, step)}"'
            nodes[step] = f'<{tag} id="{step}"{name}>{(inside or {}).get(step, "")}</{tag}>'
        lines += [
            f'<sequenceFlow id="{one}_{other}" sourceRef="{one}" targetRef="{other}"/>'
            for one, other in pairwise(steps)
        ]
    inner = "".join([*nodes.values(), *dict.fromkeys(lines), extra])
    return f'<definitions {MODEL}><process id="p" name="Sales">{inner}</process></definitions>'


def imported(xml: str, folder: Path, **options: str) -> tuple[Imported, Playbook]:
    file = folder / "model.bpmn"
    file.write_text(xml, encoding="utf-8")
    found = import_playbook(file, **options)
    return found, parse_playbook(found.text)


@st.composite
def playbooks(draw: st.DrawFn) -> Playbook:
    """Playbooks of a few stages with every kind of move that a playbook can declare."""
    size = draw(st.integers(1, 6))
    names = draw(st.permutations(["Lead", "Demo", "Price: agreed", "2-Scoping", "Größe", "需求确认"]))[:size]
    stages = []
    for place, name in enumerate(names):
        later = st.lists(st.sampled_from([*names[place + 1 :], "Signed"]), max_size=2, unique=True)
        earlier = st.lists(st.sampled_from(names[:place]), max_size=2, unique=True) if place else st.just([])
        stage = {
            "name": name,
            "optional": draw(st.booleans()),
            "may_start": draw(st.booleans()),
            "may_return_to": draw(earlier),
        }
        stages.append(stage | {draw(st.sampled_from(["next", "may_skip_to"])): draw(later)})
    return Playbook.model_validate(
        {"name": "P", "stages": stages, "outcomes": {"won": ["Signed"], "lost": ["Closed Lost"]}}
    )


def told_by_bpmn(playbook: Playbook) -> bool:
    """Tell whether a drawing says the order: going forward, deals come to every stage, and back to where they left."""
    moves, place = allowed_moves(playbook), {name: at for at, name in enumerate(playbook.names)}
    forward = {(one, other) for one, other in moves.between if place[one] < place[other]}

    def come_to(begin: set[str]) -> set[str]:
        found = set(begin)
        while more := {other for one, other in forward if one in found} - found:
            found |= more
        return found

    back = moves.between - forward
    return come_to(set(moves.starts)) == set(playbook.names) and all(one in come_to({other}) for one, other in back)


@given(playbooks())
@settings(max_examples=80, deadline=None)
def test_a_playbook_that_is_drawn_and_imported_allows_the_same(
    tmp_path_factory: pytest.TempPathFactory, playbook: Playbook
) -> None:
    assume(told_by_bpmn(playbook) and allowed_moves(playbook).wins)
    _, again = imported(draw_bpmn(playbook), tmp_path_factory.getbasetemp())
    assert again.names == playbook.names
    assert [stage.optional for stage in again.stages] == [stage.optional for stage in playbook.stages]
    assert allowed_moves(again) == allowed_moves(playbook)
    assert (again.name, again.version, again.outcomes.won) == (playbook.name, playbook.version, playbook.outcomes.won)


@pytest.mark.parametrize(
    "name", ["b2b-saas", "basic-four-step", "eight-stage-cycle", "renewals", "seven-stage-bant", "six-stage-checklist"]
)
def test_a_template_comes_back_with_its_goals_owners_limits_and_chances(name: str, tmp_path: Path) -> None:
    playbook = read_playbook(f"playbooks/{name}.yaml")
    found, again = imported(draw_bpmn(playbook), tmp_path)
    assert allowed_moves(again) == allowed_moves(playbook)
    for key in (
        "name",
        "goal",
        "owner",
        "time_limit",
        "probability",
        "optional",
        "max_silence",
        "min_contacts",
        "may_start",
    ):
        assert [getattr(stage, key) for stage in again.stages] == [getattr(stage, key) for stage in playbook.stages], (
            key
        )
    assert (again.version, again.owner) == (playbook.version, playbook.owner)
    # The tasks are in the documentation, as text: they are quoted, and counted.
    assert all(
        f"Task: {task.do}" in found.text.replace("task:", "Task:") for stage in playbook.stages for task in stage.tasks
    )
    assert any("lines of documentation" in line for line in found.left_out)


def test_hostile_names_come_back_as_text(tmp_path: Path) -> None:
    stages = [{"name": f"{place} {name}"} for place, name in enumerate(HOSTILE)]
    playbook = Playbook.model_validate({"name": "#: hostile\n- x", "stages": stages})
    _, again = imported(draw_bpmn(playbook), tmp_path)
    assert len(again.names) == len(playbook.names)
    assert [name.split()[0] for name in again.names] == [str(place) for place in range(len(HOSTILE))]


def test_a_sequence_is_the_order_of_stages_whatever_the_order_of_the_file(tmp_path: Path) -> None:
    xml = model("C won, B C, A B, s A", names={"A": "Zero", "B": "Middle", "C": "Ante"})
    _, playbook = imported(xml, tmp_path)
    assert playbook.names == ("Zero", "Middle", "Ante")
    assert allowed_moves(playbook).between == {("Zero", "Middle"), ("Middle", "Ante")}
    assert playbook.name == "Sales"


def test_a_way_past_a_stage_makes_it_optional(tmp_path: Path) -> None:
    found, playbook = imported(model("s A X1 B X2 C won, X1 X2"), tmp_path)
    assert [stage.optional for stage in playbook.stages] == [False, True, False]
    assert "optional: true  # the model has a way past it" in found.text
    assert not any(stage.next or stage.may_skip_to for stage in playbook.stages)


def test_two_ways_past_two_stages_make_both_optional(tmp_path: Path) -> None:
    _, playbook = imported(model("s A X1 B X2 C X3 D won, X1 X2, X2 X3"), tmp_path)
    assert [stage.optional for stage in playbook.stages] == [False, True, True, False]
    _, playbook = imported(model("s A X1 B C X3 D won, X1 X3"), tmp_path)
    assert [stage.optional for stage in playbook.stages] == [False, False, False, False]
    assert playbook.stages[0].may_skip_to == ("D",)


def test_a_branch_says_what_comes_next_on_either_side(tmp_path: Path) -> None:
    _, playbook = imported(model("s A X1 B X2 D won, X1 C X2"), tmp_path)
    moves = allowed_moves(playbook)
    assert moves.between == {("A", "B"), ("A", "C"), ("B", "D"), ("C", "D")}
    assert moves.wins == {"D"}
    assert [stage.next for stage in playbook.stages] == [("B", "C"), ("D",), (), ()]


def test_a_loop_is_a_way_back_and_an_early_win_a_way_to_won(tmp_path: Path) -> None:
    _, playbook = imported(model("s X0 A B X1 C X2 won, X1 X0, X1 won, X2 B"), tmp_path)
    assert [stage.may_return_to for stage in playbook.stages] == [(), ("A",), ("B",)]
    assert allowed_moves(playbook).wins == {"B", "C"}
    assert playbook.outcomes.won == ("won",)


@pytest.mark.parametrize(
    ("ends", "won", "lost"),
    [
        ("won lost", ("won",), ("lost",)),
        ("vinta persa", ("vinta",), ("persa",)),
        ("signed rejected", ("signed",), ("rejected",)),
        ("赢单 输单", ("赢单",), ("输单",)),
        ("done lost", ("done",), ("lost",)),
        ("won parked", ("won",), ("parked",)),
        # Who is told is no outcome.
        ("won customer-informed", ("won",), ("customer-informed",)),
    ],
)
def test_ends_are_told_by_their_names(ends: str, won: tuple[str], lost: tuple[str], tmp_path: Path) -> None:
    one, other = ends.split()
    xml = model("s A X1 B X2 e, X1 f, X2 f", names={"e": one, "f": other})
    found, playbook = imported(xml, tmp_path)
    assert (playbook.outcomes.won, playbook.outcomes.lost) == (won, lost)
    assert any("is taken for" in line for line in found.told) == (
        ends in ("done lost", "won parked", "won customer-informed")
    )


def test_a_model_without_events_begins_and_ends_where_no_flow_leads_on(tmp_path: Path) -> None:
    found, playbook = imported(model("A B"), tmp_path)
    assert allowed_moves(playbook) == allowed_moves(parse_playbook("name: x\nstages: [{name: A}, {name: B}]"))
    assert found.told == ("An end without a name is taken for won: check it under 'outcomes'.",)
    assert "won: [Closed Won]  # the file has no name for won" in found.text
    assert "  - name: A\n  - name: B\n" in found.text


def test_that_deals_are_lost_after_some_stages_only_is_told(tmp_path: Path) -> None:
    found, _ = imported(model("s A X1 B won, X1 lost"), tmp_path)
    assert [line for line in found.told if "lost after 'A' only" in line]


def test_lanes_own_stages_and_timers_on_them_limit_them(tmp_path: Path) -> None:
    lanes = (
        '<laneSet><lane name="Sales"><flowNodeRef>A</flowNodeRef><childLaneSet>'
        '<lane name="Field sales"><flowNodeRef>B</flowNodeRef></lane></childLaneSet></lane></laneSet>'
        '<boundaryEvent id="t" attachedToRef="A"><timerEventDefinition><timeDuration>P2W</timeDuration>'
        '</timerEventDefinition></boundaryEvent><endEvent id="l" name="lost"/>'
        '<sequenceFlow id="x" sourceRef="t" targetRef="l"/>'
        '<boundaryEvent id="u" attachedToRef="B"><timerEventDefinition><timeDate>2026-01-01</timeDate>'
        "</timerEventDefinition></boundaryEvent>"
    )
    found, playbook = imported(model("s A B won", lanes), tmp_path)
    assert [stage.owner for stage in playbook.stages] == ["Sales", "Field sales"]
    assert [stage.time_limit for stage in playbook.stages] == [14.0, None]
    assert playbook.outcomes.lost == ("lost",)
    assert [line for line in found.left_out if line.startswith("1 timer:") and "2026-01-01 on B" in line]
    assert not [line for line in found.told if "An end without a name" in line], (
        "a timer that nothing follows is no end"
    )


@pytest.mark.parametrize("begun", ["s ", ""])
def test_what_an_event_sets_off_beside_a_task_is_no_way_of_the_deal(begun: str, tmp_path: Path) -> None:
    beside = (
        '<boundaryEvent id="t" name="No answer" attachedToRef="B" cancelActivity="false"><timerEventDefinition>'
        '<timeDuration>P5D</timeDuration></timerEventDefinition></boundaryEvent><task id="R" name="Remind"/>'
        '<endEvent id="r" name="Reminded"/><sequenceFlow id="x" sourceRef="t" targetRef="R"/>'
        '<sequenceFlow id="y" sourceRef="R" targetRef="r"/>'
    )
    found, playbook = imported(model(f"{begun}A B X1 won, X1 lost", beside), tmp_path)
    assert playbook.names == ("A", "B")
    assert playbook.stages[1].time_limit == 5.0
    assert (playbook.outcomes.won, playbook.outcomes.lost) == (("won",), ("lost",))
    assert not [line for line in found.told if "Reminded" in line or "Nothing goes on" in line]
    assert '1 event beside the way of a deal: "No answer"' in found.left_out
    assert '1 task that no start leads to: "Remind"' in found.left_out


def test_a_process_without_a_name_is_called_as_its_pool(tmp_path: Path) -> None:
    pool = '<collaboration id="c"><participant id="q" name="Direct\nsales" processRef="p"/></collaboration>'
    xml = model("s A won").replace('<process id="p" name="Sales">', f'{pool}<process id="p">')
    assert imported(xml, tmp_path)[1].name == "Direct sales"


def test_a_sub_process_is_a_stage_with_its_tasks(tmp_path: Path) -> None:
    xml = model("s A B won").replace(
        '<task id="B" name="B"></task>',
        '<subProcess id="B" name="B"><task id="b1" name="Call"/><task id="b2" name="Write"/>'
        '<sequenceFlow id="i" sourceRef="b1" targetRef="b2"/></subProcess>',
    )
    found, playbook = imported(xml, tmp_path)
    assert [task.do for task in playbook.stages[1].tasks] == ["Call", "Write"]
    assert [line for line in found.left_out if line.startswith("1 flow inside a sub-process")]


def test_documentation_is_the_goal_unless_its_lines_say_what_they_are(tmp_path: Path) -> None:
    inside = {
        "A": "<documentation>They want it.\nSoon.</documentation>",
        "B": "<documentation>Goal: Signed\nOwner: AE\nTime limit: 36 hours\nSee the wiki</documentation>",
    }
    found, playbook = imported(model("s A B won", inside=inside), tmp_path)
    assert (playbook.stages[0].goal, playbook.stages[1].goal) == ("They want it. Soon.", "Signed")
    assert (playbook.stages[1].owner, playbook.stages[1].time_limit) == ("AE", 1.5)
    assert [line for line in found.left_out if "See the wiki" in line]


def test_the_drawing_settles_which_stage_of_a_circle_comes_first(tmp_path: Path) -> None:
    flows = "s A X0 C X1 B X2 D won, X0 B, X1 D, X2 C"
    shapes = "".join(
        f'<BPMNShape bpmnElement="{key}"><Bounds x="{x}" y="0" width="9" height="9"/></BPMNShape>'
        for key, x in (("A", 0), ("B", 100), ("C", 200), ("D", 300))
    )
    drawn = model(flows).replace(
        "</definitions>", f"<BPMNDiagram><BPMNPlane>{shapes}</BPMNPlane></BPMNDiagram></definitions>"
    )
    assert imported(drawn, tmp_path)[1].names == ("A", "B", "C", "D")
    moves = allowed_moves(imported(drawn, tmp_path)[1])
    assert moves == allowed_moves(imported(model(flows), tmp_path)[1])
    assert imported(model(flows), tmp_path)[1].names == ("A", "C", "B", "D")
