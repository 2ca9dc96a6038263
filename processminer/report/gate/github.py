"""A check as workflow commands: each reason stands as an annotation on the playbook's own line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.report.escape import plain
from processminer.report.gate.checked import say_verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.report.gate.checked import Checked


def render_github(checked: Checked) -> str:
    """Return an error for each reason why the gate is not met, a warning for other deviations, a notice of the whole.

    The format is that of GitHub's workflow commands; of one step, GitHub shows the first ten of each sort.
    """
    return "\n".join(_commands(checked)) + "\n"


def _commands(checked: Checked) -> Iterator[str]:
    failed = {(one.kind, one.subject, one.stage) for one in checked.missed}
    sentences: dict[tuple[str, str, str | None], str] = {
        (one.kind, one.subject, one.stage): one.sentence for one in checked.found.deviations
    }
    for why in checked.missed:
        message = sentences.get((why.kind, why.subject, why.stage), why.message)
        yield _command("error", checked.file_of(why.version), why.line, f"{why.kind} {why.subject}".strip(), message)
    for one in checked.found.deviations:
        if (one.kind, one.subject, one.stage) not in failed:
            title = f"{one.kind} {one.subject}"
            yield _command("warning", checked.file_of(one.version), one.line, title, one.sentence)
    yield _command("notice", checked.file, None, "Conformance", say_verdict(checked))


def _command(sort: str, file: str, line: int | None, title: str, message: str) -> str:
    said = {"file": file, "line": None if line is None else str(line), "title": title}
    properties = ",".join(f"{name}={_property(value)}" for name, value in said.items() if value is not None)
    return f"::{sort} {properties}::{_message(message)}"


def _message(text: str) -> str:
    r"""Return a text as the message of a command.

    >>> _message("100 %\n::error::")
    '100 %25 ::error::'
    """
    return plain(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """Return a text as a property of a command.

    >>> _property("C:/a,b%.yaml")
    'C%3A/a%2Cb%25.yaml'
    """
    return _message(text).replace(":", "%3A").replace(",", "%2C")
