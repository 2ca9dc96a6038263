"""`processminer playbook diff`: what changed between two playbooks, and which past deals that would catch."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from processminer.cli import shipped
from processminer.cli.options import may_read_log
from processminer.cli.terminal import progress, say, screen, told_by, write

if TYPE_CHECKING:
    from processminer.diff import PlaybookDiff
    from processminer.log.options import Options

TOLD = ("text", "markdown", "svg", "json")


@click.command("diff")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@may_read_log
@click.option("--format", "kind", type=click.Choice(TOLD), help="Default: told by --out's ending, else text.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write here; stdout if not given.")
@click.option("--exit-code", is_flag=True, help="Exit with 1 where the playbooks differ.")
def command(
    old: str,
    new: str,
    log: str | None,
    options: Options,
    kind: str | None,
    out: Path | None,
    exit_code: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Say what changed from the playbook OLD to the playbook NEW, each change as a sentence with its lines.

    As a list (text), as a comment on a change request (markdown), as one stage map of both (svg), or for programs
    (json). With --log the deals of a log are held against both: who newly breaks the playbook, and who no longer does.
    """
    kind = kind or told_by(out, TOLD, "text")
    with progress("Comparing" if log is None else "Comparing and replaying"):
        from processminer.diff import diff_of

        found = diff_of(shipped.playbook(old), shipped.playbook(new), log, options)
        told = _told(found, kind)
    if out is None and kind == "text":
        say(told.rstrip("\n"))
    else:
        write(told, out)
    click.get_current_context().exit(1 if exit_code and found.comparison.changes else 0)


def _told(found: PlaybookDiff, kind: str) -> str:
    if kind == "svg":
        from processminer.diagrams.diff_map import draw_diff_map

        return draw_diff_map(found.comparison)
    if kind == "json":
        from processminer.report.diff_json import render_diff_json

        return render_diff_json(found)
    if kind == "markdown":
        from processminer.report.diff_markdown import render_diff_markdown

        return render_diff_markdown(found)
    from processminer.report.diff_text import render_diff_text

    return render_diff_text(found, width=screen()["width"])
