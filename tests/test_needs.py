"""No test is passed over in silence where everything that tests need is promised to be there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests import needs

TESTS = Path(__file__).parent
FILES = sorted(TESTS.rglob("*.py"))
AT_HOME_ONLY = {"public-logs", "locked-doors"}
"""What a clean machine cannot have: logs that nobody may pass on, and, for its superuser, a file that is locked."""


def calls(file: Path) -> list[ast.Call]:
    return [node for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.Call)]


def test_what_is_required_and_missing_fails_and_what_is_not_required_skips(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(needs, "REQUIRED", ["browser"])
    with pytest.raises(pytest.fail.Exception, match=r"^browser is required here and missing. Get one.$"):
        needs.need("browser", there=False, get_it="Get one.")
    with pytest.raises(pytest.skip.Exception, match=r"^dot is not on this machine.$"):
        needs.need("dot", there=False)
    needs.need("browser", there=True)


def test_a_test_is_passed_over_only_where_it_says_what_it_needs() -> None:
    skips = re.compile(r"(pytest\.)?(mark\.)?(skip|skipif|importorskip)")
    silent = [
        f"{file.name}:{call.lineno}"
        for file in FILES
        if file != TESTS / "needs.py"
        for call in calls(file)
        if skips.fullmatch(ast.unparse(call.func))
    ]
    assert silent == []


def test_the_clean_machine_requires_all_that_any_test_needs() -> None:
    needed = {
        call.args[0].value
        for file in FILES
        for call in calls(file)
        if ast.unparse(call.func) == "need" and isinstance(call.args[0], ast.Constant)
    }
    (required,) = re.findall(r"^export PROCESSMINER_REQUIRE=(.+)$", (TESTS.parent / ".ci" / "run").read_text(), re.M)
    assert needed - AT_HOME_ONLY == set(required.split(","))
