"""Of several pipelines one is looked at: its stages alone are the log's, and no stage is passed over in another."""

from __future__ import annotations

from pathlib import Path

import pytest

from processminer.discovery.discover import discover
from processminer.log.options import Options
from processminer.log.read import read_log

PATHS = {
    "New": (["Contact", "Demo", "Offer", "Closed Won"], 6),
    "Renewals": (["Notice", "Offer", "Terms", "Closed Won"], 4),
}


def export(folder: Path) -> Path:
    rows = ["deal_id,stage,entered_at,pipeline"]
    for pipeline, (stages, deals) in PATHS.items():
        rows += [
            f"{pipeline}{deal},{stage},2026-01-{deal + 3 * at + 1:02d},{pipeline}"
            for deal in range(deals)
            for at, stage in enumerate(stages)
        ]
    file = folder / "log.csv"
    file.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return file


@pytest.mark.parametrize(("chosen", "name"), [(None, "New"), ("renewals", "Renewals")])
def test_the_stages_of_the_pipeline_that_is_looked_at_are_the_logs(
    tmp_path: Path, chosen: str | None, name: str
) -> None:
    stages, deals = PATHS[name]
    log = read_log(export(tmp_path), Options(pipeline=chosen))
    assert [stage.name.removesuffix(f" ({name})") for stage in log.stages] == stages
    (variant,) = discover(log).variants
    assert [step.removesuffix(f" ({name})") for step in variant.path] == stages
    assert variant.deals == log.ingest.deals_used == deals
    assert log.ingest.deals_set_aside == {"other-pipeline": 10 - deals}
    assert "skipped-stages" not in {problem.kind for problem in log.ingest.problems}
