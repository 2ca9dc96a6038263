"""Every profile reads an export in the exact shape of its CRM, and says of it what its golden report says."""

from __future__ import annotations

import os
from pathlib import Path
from typing import cast

import pytest

from processminer.log.read import read_log
from processminer.log.sources.profile import profiles
from processminer.report.ingest_text import render_ingest
from tests.same_deals import Carries, expected, outcomes, told

EXPORTS = Path(__file__).parent / "exports"
FOLDERS = sorted(folder.name for folder in EXPORTS.iterdir() if folder.is_dir())
REWRITE = os.environ.get("PROCESSMINER_GOLDEN") == "write"


def carried(folder: str) -> Carries:
    return cast("Carries", (EXPORTS / folder / "carries.txt").read_text(encoding="utf-8").strip())


@pytest.mark.parametrize("folder", FOLDERS)
def test_an_export_is_recognised_and_tells_the_six_deals(folder: str) -> None:
    log = read_log(EXPORTS / folder / "export")
    assert log.ingest.profile == folder.partition("--")[0], log.ingest.reasons
    assert outcomes(log) == {"won": 2, "lost": 2, "open": 2}
    carries = carried(folder)
    if carries != "outcomes":
        assert told(log, carries) == expected(carries)


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_ingest_report_is_the_golden_one(folder: str) -> None:
    golden = EXPORTS / folder / "ingest.txt"
    report = render_ingest(read_log(EXPORTS / folder / "export"), width=100)
    if REWRITE:
        golden.write_text(report, encoding="utf-8")
    assert golden.read_text(encoding="utf-8") == report


def test_every_profile_has_an_export() -> None:
    assert {profile.name for profile in profiles()} == {folder.partition("--")[0] for folder in FOLDERS}
