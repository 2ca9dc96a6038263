"""A mapping file says once what an export does not say itself."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from processminer.cli import main
from processminer.errors import InputError, LogError
from processminer.log.mapping import mapped, read_mapping
from processminer.log.mapping_text import render_answers, render_blank, render_mapping
from processminer.log.names import Names
from processminer.log.options import Options
from processminer.log.read import read_log

ODD = "wer,wo,wann\nx,Kontakt,2026-01-01 10:00\nx,Handschlag,2026-01-05 10:00\ny,Kontakt,2026-01-02 09:00\n"

SAID = """tables:
  history:
    file: odd.csv
    columns: {deal: wer, stage: wo, entered: wann}
stages: {won: [Handschlag]}
"""


def odd(folder: Path) -> Path:
    (folder / "odd.csv").write_text(ODD, encoding="utf-8")
    return folder


def test_a_mapping_in_the_folder_is_read_with_it(tmp_path: Path) -> None:
    (odd(tmp_path) / "mapping.yaml").write_text(SAID, encoding="utf-8")
    log = read_log(tmp_path)
    assert [(stage.name, stage.kind) for stage in log.stages] == [("Kontakt", "open"), ("Handschlag", "won")]
    assert log.relations.row("SELECT count(*) FROM deals WHERE outcome = 'won'") == (1,)


def test_what_is_said_on_the_command_line_goes_before_the_mapping(tmp_path: Path) -> None:
    file = tmp_path / "m.yaml"
    file.write_text("stages: {won: [A], lost: [B], order: [1, 2]}\nas_of: 2026-02-01\ntreat: {people: hide}\n", "utf-8")
    given_options = Options(names=Names(won=("C",)), as_of=datetime(2026, 3, 1), treat={"people": "show"})
    options = mapped(given_options, read_mapping(file))
    assert (options.names.won, options.names.lost, options.names.order) == (("C",), ("B",), ("1", "2"))
    assert options.as_of == datetime(2026, 3, 1)
    assert options.treat == {"people": "show"}
    assert mapped(Options(), read_mapping(file)).as_of == datetime(2026, 2, 1, 23, 59, 59)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("profle: x\n", 1, "Did you mean 'profile'?"),
        ("# first\ntables:\n  history: {fle: a.csv}\n", 3, "Did you mean 'file'?"),
        ("stages:\n  won: Signed\n", 2, "stages.won"),
        ("profile: x\ndate_order: ymd\n", 2, "date_order"),
        ("tables:\n  histry: {}\n", 2, "histry"),
        ("a: [1\n", 2, ""),
        ("- a\n- b\n", 1, "is no mapping file"),
        ("as_of: next week\n", 1, "as_of"),
        ("treat:\n  people: hide\n  bulk-update: keep\n", 3, "Did you mean 'bulk-updates'?"),
        ("treat:\n  people: hidden\n", 2, "Did you mean 'hide'?"),
    ],
)
def test_a_fault_of_the_mapping_is_told_with_its_line(tmp_path: Path, text: str, line: int, words: str) -> None:
    file = tmp_path / "m.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(LogError) as told:
        read_mapping(file)
    assert told.value.place is not None
    assert told.value.place.line == line
    assert words in str(told.value)


@given(st.text(max_size=300))
def test_any_text_is_a_mapping_or_a_clean_refusal(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    file = tmp_path_factory.mktemp("m") / "m.yaml"
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    refusals = []
    try:
        read_mapping(file)
    except LogError as error:
        refusals.append(error)
    assert all(refusal.place is not None and refusal.hint for refusal in refusals)


@pytest.mark.parametrize("sample", ["salesforce", "hubspot"])
def test_reading_by_the_mapping_that_is_written_gives_the_same_log(tmp_path: Path, sample: str) -> None:
    folder = Path("samples") / sample
    log = read_log(folder)
    file = tmp_path / "m.yaml"
    file.write_text(render_mapping(log), encoding="utf-8")
    again = read_log(folder, Options(mapping=str(file)))
    assert again.stages == log.stages
    # The mapping names the stages that win and lose: nothing is left to tell by their names.
    told = tuple(problem for problem in log.ingest.problems if problem.kind != "outcome-by-name")
    assert again.ingest.problems == told
    query = "SELECT * FROM deal_histories ORDER BY deal"
    assert again.relations.rows(query) == log.relations.rows(query)


def test_doctor_writes_a_blank_mapping_where_nothing_is_recognised(tmp_path: Path) -> None:
    (tmp_path / "odd.csv").write_text(ODD.replace("wann", "x\ry"), encoding="utf-8")
    file = tmp_path / "m.yaml"
    result = CliRunner().invoke(main, ["doctor", str(tmp_path / "odd.csv"), "--write-mapping", str(file)])
    assert result.exit_code == 2
    assert "odd.csv" in file.read_text(encoding="utf-8")
    filled = file.read_text(encoding="utf-8").replace("deal:", "deal: wer")
    assert "      deal: wer" in filled


def test_a_blank_mapping_that_is_filled_in_reads_the_log(tmp_path: Path) -> None:
    text = render_blank({"odd.csv": ("wer", "wo", "wann")})
    for role, header in (("deal", "wer"), ("stage", "wo"), ("entered", "wann")):
        text = text.replace(f"      {role}: ", f"      {role}: {header} ")
    (odd(tmp_path) / "mapping.yaml").write_text(text + "stages: {won: [Handschlag]}\n", encoding="utf-8")
    assert read_log(tmp_path).relations.row("SELECT count(*) FROM deals") == (2,)


@given(st.lists(st.text(min_size=1), max_size=4, unique=True), st.lists(st.text(min_size=1), max_size=4, unique=True))
def test_answers_are_kept_whatever_stages_are_called(
    tmp_path_factory: pytest.TempPathFactory, won: list[str], lost: list[str]
) -> None:
    file = tmp_path_factory.mktemp("m") / "m.yaml"
    file.write_text(render_answers({"won": won, "lost": lost}), encoding="utf-8", newline="")
    said = read_mapping(file).stages
    assert (list(said.won), list(said.lost)) == (won, lost)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (Options(profile="salesforc"), "no profile 'salesforc'"),
        (Options(tables={"history": "other.csv"}), "no table 'other.csv'"),
        (Options(tables={"histories": "odd.csv"}), "no part 'histories'"),
    ],
)
def test_a_name_that_is_not_there_is_refused_with_the_nearest(tmp_path: Path, options: Options, words: str) -> None:
    with pytest.raises(InputError, match=words) as told:
        read_log(odd(tmp_path), options)
    assert told.value.hint


def test_a_person_at_the_terminal_is_asked_once_what_won_and_lost_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("processminer.cli.questions.can_ask", lambda: True)
    (tmp_path / "log.csv").write_text(
        "deal_id,stage,entered_at\nx,Kontakt,2026-01-01\nx,Handschlag,2026-01-05\ny,Kontakt,2026-01-02\ny,Aus,2026-01-09\n"
    )
    asked = CliRunner().invoke(main, ["doctor", str(tmp_path)], input="2\n9\n1\ny\n")
    assert asked.exit_code == 0, asked.output
    assert "Give numbers between 1 and 3" in asked.output
    assert read_mapping(tmp_path / "mapping.yaml").stages.won == ("Handschlag",)
    again = CliRunner().invoke(main, ["doctor", str(tmp_path)])
    assert again.exit_code == 0, again.output
    assert "1 deal won and 1 lost" in again.output
