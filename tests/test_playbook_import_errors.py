"""A file that cannot be imported is refused with what is wrong, where, and the next move; nothing else is read."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from processminer.cli import main
from processminer.cli.playbook import import_
from processminer.errors import PlaybookError
from processminer.playbook.imports.import_playbook import KINDS, import_playbook
from processminer.playbook.read import parse_playbook

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
SMALL = (
    f'<definitions xmlns="{BPMN}"><process id="p" name="P"><startEvent id="s"/><task id="a" name="A"/>'
    '<endEvent id="e" name="Won"/><sequenceFlow id="f" sourceRef="s" targetRef="a"/>'
    '<sequenceFlow id="g" sourceRef="a" targetRef="e"/></process></definitions>'
)
LAUGHS = '<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
STAGE = {"id": 1, "order_nr": 1, "name": "Demo", "pipeline_id": 1}

DECLARED = (
    "declares a document type, which could pull in other files. Remove the <!DOCTYPE ...> part, or export it again."
)
AGAIN = "Export it again."
NOT_KNOWN = "is nothing that can be imported:"

BROKEN: list[tuple[str, bytes | str, str]] = [
    ("nothing", b"", f"F:1: is empty. {AGAIN}"),
    ("blanks", b" \n\t ", f"F:1: is empty. {AGAIN}"),
    (
        "an outside entity",
        f'<?xml version="1.0"?>\n<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]>{SMALL}',
        f"F:2: {DECLARED}",
    ),
    ("a billion laughs", f"{LAUGHS}{SMALL}", f"F:1: {DECLARED}"),
    ("cut XML", SMALL[:90], f"F:1: is no well-formed XML (no element found). {AGAIN}"),
    ("deep XML", "<a>" * 5000, "F:1: is nested more than 100 deep. No modelling tool writes that."),
    ("latin letters", b'{"results": ["\xe9"]}', "F:1: is not UTF-8 text. Save it as UTF-8."),
    (
        "unknown letters",
        b'<?xml version="1.0" encoding="klingon"?><a/>',
        "F:1: is XML in letters that cannot be read. Save it as UTF-8.",
    ),
    (
        "no JSON",
        '{"results": [1,\n 2',
        f"F:2: is no well-formed JSON (Expecting ',' delimiter, column 3). {AGAIN}",
    ),
    ("deep JSON", "[" * 200_000, f"F: is nested deeper than any export. {AGAIN}"),
    ("other JSON", '{"deals": [1]}', f"F: {NOT_KNOWN} JSON."),
    ("other records", '[{"Id": 1, "Amount": 2}]', f"F: {NOT_KNOWN} JSON with 'id' and 'amount'."),
    ("a table", "a,b\n1,2\n", f"F: {NOT_KNOWN} a table with 'a' and 'b'."),
    ("other XML", "<svg/>", f"F: {NOT_KNOWN} XML with <svg>."),
    ("another BPMN", '<definitions xmlns="urn:x"/>', f"F: {NOT_KNOWN} XML with <definitions> of 'urn:x'."),
    ("no process", f'<definitions xmlns="{BPMN}"/>', f"F: holds no process. {AGAIN}"),
    (
        "no task",
        SMALL.replace("task", "exclusiveGateway"),
        "F: is a BPMN model without an open stage: there is nothing to draft.",
    ),
    (
        "a share above all",
        json.dumps([{**STAGE, "deal_probability": 130}]),
        f"F: [0].dealprobability: 130 is not between 0 and 100. {AGAIN}",
    ),
    (
        "several cells",
        json.dumps([{**STAGE, "deal_probability": "much", "rotten_flag": "perhaps"}, {**STAGE, "name": ["x"]}]),
        f"F: [1].name: must be text. {AGAIN}\n"
        f"F: [0].dealprobability: 'much' is not a number. {AGAIN}\n"
        f"F: [0].isdealrotenabled: 'perhaps' is neither true nor false. {AGAIN}",
    ),
    ("a nameless stage", json.dumps([{**STAGE, "name": " "}]), f"F: [0]: the stage has no name. {AGAIN}"),
    (
        "a nameless step",
        "<PathAssistant>\n<pathAssistantSteps/></PathAssistant>",
        "F:2: a step of the path has no 'picklistValueName'. Retrieve the path again.",
    ),
    (
        "too many stages",
        json.dumps([{**STAGE, "name": "S"} for _ in range(101)]),
        "F: is the stages of a Pipedrive pipeline with 101 stages; a playbook has 100 at most.",
    ),
    (
        "a log",
        json.dumps([STAGE] * 3001),
        "F: holds 3,001 records; the stages of all pipelines of a company are fewer. Is it the log?",
    ),
    (
        "a path of thousands",
        f"<PathAssistant>{'<pathAssistantSteps/>' * 4000}</PathAssistant>",
        "F: holds 4,000 records;",
    ),
    (
        "a process of thousands",
        SMALL.replace("<endEvent", "".join(f'<task id="t{n}"/>' for n in range(4000)) + "<endEvent"),
        "F: holds 4,006 records;",
    ),
]


@pytest.mark.parametrize(("content", "said"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_a_broken_file_is_refused_in_plain_words(content: bytes | str, said: str, tmp_path: Path) -> None:
    file = tmp_path / "F"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    result = CliRunner().invoke(main, ["playbook", "import", str(file)])
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    told = result.stderr.removeprefix("Error: ").replace(f"{tmp_path}/", "")
    assert told.startswith(said), told
    assert "Traceback" not in result.stderr


def test_a_file_that_is_missing_a_folder_or_huge_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PlaybookError, match="there is no such file"):
        import_playbook(tmp_path / "none")
    with pytest.raises(PlaybookError, match="is a folder"):
        import_playbook(tmp_path)
    huge = tmp_path / "huge"
    huge.write_bytes(b"[" + b" " * 5_000_001 + b"]")
    with pytest.raises(PlaybookError, match="is larger than 5 MB"):
        import_playbook(huge)


def test_a_kind_that_is_asked_for_and_does_not_fit_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "model.json"
    file.write_text(SMALL)
    result = CliRunner().invoke(main, ["playbook", "import", str(file), "--from", "hubspot"])
    assert result.exit_code == 2
    assert f"is not a HubSpot pipeline. It is XML with <definitions> of '{BPMN}'." in result.stderr


def test_the_command_writes_the_draft_and_counts_on_stderr(tmp_path: Path) -> None:
    file, out = tmp_path / "model.json", tmp_path / "draft.yaml"
    file.write_text(SMALL.replace("<startEvent", '<textAnnotation id="n\x9b2J"/><startEvent'))
    result = CliRunner().invoke(main, ["playbook", "import", str(file)])
    assert result.exit_code == 0, result.output
    assert parse_playbook(result.stdout).names == ("A",)
    lines = result.stderr.splitlines()
    assert lines[0] == "Drafted 1 stage from a BPMN model."
    assert lines[1].startswith('Not taken over: 1 element beside the flow: "textAnnotation n')
    assert "\x9b" not in result.output
    assert lines[-1].endswith("processminer playbook lint THE_DRAFT")
    CliRunner().invoke(main, ["playbook", "import", str(file), "--from", "bpmn", "--out", str(out)])
    assert out.read_text(encoding="utf-8") == result.stdout


def test_the_command_knows_every_kind() -> None:
    assert tuple(KINDS) == import_.KINDS


HUBSPOT = {"results": [{"id": "x", "label": "L", "stages": [{"id": "1", "label": "A"}]}]}
WHOLE = st.sampled_from(
    [
        SMALL.encode(),
        json.dumps(HUBSPOT).encode(),
        json.dumps([STAGE]).encode(),
        b"MasterLabel,IsClosed,IsWon,SortOrder\nA,false,false,1\n",
    ]
)


@given(WHOLE, st.integers(0, 400), st.binary(max_size=6), st.integers(0, 6))
@settings(max_examples=300, deadline=None)
def test_a_file_that_was_damaged_anywhere_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, at: int, put: bytes, cut: int
) -> None:
    file = tmp_path_factory.getbasetemp() / "damaged"
    file.write_bytes(content[:at] + put + content[at + cut :])
    # Any other exception than this one would be a fault of ours.
    with suppress(PlaybookError):
        assert parse_playbook(import_playbook(file).text).stages


def test_nothing_outside_of_the_file_is_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("the secret")
    file = tmp_path / "model"
    for include in (
        f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{secret.as_uri()}" parse="text"/>',
        f'<import importType="x" location="{secret.as_uri()}" namespace="y"/>',
    ):
        file.write_text(SMALL.replace("<process", f"{include}<process"))
        assert "the secret" not in import_playbook(file).text
