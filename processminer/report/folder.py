"""The files of an audit, written into a folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.diagrams.bpmn import draw_bpmn
from processminer.diagrams.charts.bottlenecks import draw_bottlenecks
from processminer.diagrams.dot import draw_dot
from processminer.diagrams.stage_map import draw_stage_map
from processminer.errors import InputError, Place
from processminer.playbook.patch import difference
from processminer.report.html_report import render_html
from processminer.report.json_report import render_json
from processminer.report.markdown_report import render_markdown
from processminer.revisions.new_version import placed
from processminer.study import DRAFT

if TYPE_CHECKING:
    from pathlib import Path

    from processminer.study import Study


def write_report(study: Study, out: Path) -> tuple[Path, ...]:
    """Write every file of the audit into `out` (made if absent) and return their paths, the report first.

    Raises InputError where the folder cannot be written.
    """
    discovery, estimates, conformance = study.discovery, study.estimates, study.conformance
    playbook = study.declared.playbook
    texts = {
        "report.html": render_html(study),
        "audit.json": render_json(study),
        "summary.md": render_markdown(study),
        "stage-map.svg": draw_stage_map(
            discovery, estimates, conformance=conformance, playbook=playbook, colour="playbook", printed=True
        ),
        "stage-map.dot": draw_dot(discovery, estimates, conformance=conformance, playbook=playbook),
        "bottlenecks.svg": draw_bottlenecks(estimates, discovery, playbook),
        "playbook.bpmn": draw_bpmn(playbook),
        "revised-playbook.yaml": placed(study.revised, study.declared.file, out / "revised-playbook.yaml"),
        "revisions.diff": difference(study.declared.text, study.revised, study.declared.file),
    }
    if study.declared.drafted:
        texts[DRAFT] = study.declared.text
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            (out / name).write_bytes(text.encode())
    except OSError as error:
        message = f"cannot be written: {error.strerror}."
        raise InputError(message, Place(str(out)), "Name another folder with --out.") from error
    return tuple(out / name for name in texts)
