"""`processminer report`: the page of an audit made again from its `audit.json`."""

from __future__ import annotations

from pathlib import Path

import click

from processminer.cli.terminal import say, write
from processminer.errors import InputError, Place


@click.command("report")
@click.argument("audit", metavar="AUDIT_JSON", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), default=Path("report.html"), show_default=True)
def command(audit: Path, out: Path) -> None:
    """Write the page that AUDIT_JSON tells, as `audit` wrote it; the log is not needed."""
    from processminer.report.audit_file import read_audit
    from processminer.report.html_report import render_html

    study, document = read_audit(_text(audit), str(audit))
    write(render_html(study, document), out)
    say(f"Written to {out}. Open it in a browser.")


def _text(audit: Path) -> str:
    hint = "Name the audit.json that `processminer audit` wrote."
    try:
        return audit.read_text(encoding="utf-8")
    except OSError as error:
        message = f"cannot be read: {error.strerror}."
        raise InputError(message, Place(str(audit)), hint) from error
    except UnicodeDecodeError as error:
        message = "is not UTF-8 text."
        raise InputError(message, Place(str(audit)), hint) from error
