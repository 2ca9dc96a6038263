"""What the README shows on a console is what the reader gets."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from processminer.cli import COMMANDS
from processminer.report.profiles_text import render_profile_table

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
MARK = "--- next ---"


@dataclass(frozen=True)
class Block:
    """A console block: commands, each with the output it is shown with."""

    line: int
    steps: tuple[tuple[str, str], ...]

    @property
    def script(self) -> str:
        """The commands in one shell, which `$?` and files survive, with a mark after the output of each."""
        mine = f'processminer() {{ "{sys.executable}" -m processminer "$@"; }}\n'
        said = [f"{command}\ncode=$?; printf '\\n%s\\n' '{MARK}'; (exit $code)" for command, _ in self.steps]
        return mine + "\n".join(said)


def blocks(text: str) -> list[Block]:
    """Return the console blocks of a page; a line that ends with a backslash goes on in the next."""
    found: list[Block] = []
    for match in re.finditer(r"^```console\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        steps = re.findall(r"^\$ ((?:.*\\\n)*.*)\n((?:(?!\$ ).*\n)*)", match[1], re.MULTILINE)
        found.append(Block(text.count("\n", 0, match.start()) + 2, tuple(steps)))
    return found


def pattern(shown: str) -> re.Pattern[str]:
    """Return what an output must match: three dots stand for any text, a line of three dots for any lines."""
    lines = [
        r"(?:.*\n)*?" if line == "..." else re.escape(line).replace(r"\.\.\.", ".*") + r"\n"
        for line in shown.splitlines()
    ]
    return re.compile("".join(lines))


def run(block: Block, folder: Path) -> list[str]:
    """Return what each command of a block printed, on either stream."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        ["bash", "-c", block.script],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    return [said.strip("\n") + "\n" if said.strip("\n") else "" for said in done.stdout.split(f"\n{MARK}\n")[:-1]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that holds what a reader of the README has before them."""
    made = tmp_path_factory.mktemp("reader")
    for name in ("samples", "playbooks"):
        shutil.copytree(ROOT / name, made / name, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return made


def test_every_console_block_prints_what_it_shows(folder: Path) -> None:
    """Blocks are run in the order of the page: later ones may use files that earlier ones wrote."""
    wrong: list[str] = []
    for block in blocks(README):
        said = run(block, folder)
        assert len(said) == len(block.steps)
        for (command, shown), printed in zip(block.steps, said, strict=True):
            if not pattern(shown).fullmatch(printed):
                wrong.append(f"README.md:{block.line}: $ {command}\n{printed}")
    assert not wrong, "\n".join(wrong)


def test_every_verb_has_a_heading_and_is_shown() -> None:
    headings = re.findall(r"^#+ `(\w[\w-]*)`", README, re.MULTILINE)
    shown = {
        command.split()[1]
        for block in blocks(README)
        for command, _ in block.steps
        if command.startswith("processminer ")
    }
    assert headings == list(COMMANDS)
    assert set(COMMANDS) <= shown


def test_the_table_of_exports_is_that_of_the_profiles() -> None:
    assert render_profile_table() in README


def test_the_picture_is_the_one_that_the_tool_draws(folder: Path) -> None:
    (shown,) = re.findall(r"!\[[^\]]+\]\(([^)]+\.svg)\)", README)
    command = ["mine", "samples/salesforce", "--playbook", "playbooks/b2b-saas.yaml", "--format", "svg"]
    drawn = subprocess.run(
        [sys.executable, "-m", "processminer", *command],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=True,
    )
    assert drawn.stdout.rstrip() == (ROOT / shown).read_bytes().rstrip()


def test_what_is_elided_matches_and_what_differs_does_not() -> None:
    assert pattern("a ... c\n...\nend\n").fullmatch("a b c\n1\n2\nend\n")
    assert pattern("a\n...\n").fullmatch("a\n")
    assert not pattern("a ... c\n").fullmatch("a b d\n")
    assert not pattern("a\n").fullmatch("a\nmore\n")


def test_a_page_is_taken_apart_into_commands_and_outputs() -> None:
    page = "x\n```console\n$ one \\\n    two\nsaid\n\nmore\n$ three\n```\n```sh\n$ never\n```\n"
    assert blocks(page) == [Block(3, (("one \\\n    two", "said\n\nmore\n"), ("three", "")))]
