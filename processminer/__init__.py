"""Finds out what sales deals really do, compares it with the playbook, and proposes the playbook's next version.

The verbs are here for notebooks; each is imported when it is first asked for, so that `import processminer` is instant.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from processminer.conformance.conform import conform
    from processminer.discovery.discover import discover
    from processminer.estimates.bottlenecks import bottlenecks
    from processminer.estimates.estimate import estimate
    from processminer.estimates.flow.outlook import outlook
    from processminer.estimates.flow.predict import predict
    from processminer.findings.judge import judge
    from processminer.log.names import Names
    from processminer.log.options import Options
    from processminer.log.read import read_log
    from processminer.log.write.convert import convert
    from processminer.playbook.patch import apply
    from processminer.playbook.read import read_playbook
    from processminer.report.html_report import render_html
    from processminer.report.json_report import render_json
    from processminer.report.markdown_report import render_markdown
    from processminer.report.text_report import render_text
    from processminer.revisions.propose import propose
    from processminer.study import declare, study

__version__ = "0.1.0"

__all__ = [
    "Names",
    "Options",
    "apply",
    "bottlenecks",
    "conform",
    "convert",
    "declare",
    "discover",
    "estimate",
    "judge",
    "outlook",
    "predict",
    "propose",
    "read_log",
    "read_playbook",
    "render_html",
    "render_json",
    "render_markdown",
    "render_text",
    "study",
]

_ROOMS = {
    "Names": "log.names",
    "Options": "log.read",
    "apply": "playbook.patch",
    "bottlenecks": "estimates.bottlenecks",
    "conform": "conformance.conform",
    "convert": "log.write.convert",
    "declare": "study",
    "discover": "discovery.discover",
    "estimate": "estimates.estimate",
    "judge": "findings.judge",
    "outlook": "estimates.flow.outlook",
    "predict": "estimates.flow.predict",
    "propose": "revisions.propose",
    "read_log": "log.read",
    "read_playbook": "playbook.read",
    "render_html": "report.html_report",
    "render_json": "report.json_report",
    "render_markdown": "report.markdown_report",
    "render_text": "report.text_report",
    "study": "study",
}


class _Package(ModuleType):
    def __setattr__(self, name: str, value: object) -> None:
        # Python binds a module that is imported to its name in the package; `study` is the verb of that module there.
        verb = value.study if name == "study" and isinstance(value, ModuleType) else value
        super().__setattr__(name, verb)


sys.modules[__name__].__class__ = _Package


def __getattr__(name: str) -> object:
    if name not in _ROOMS:
        message = f"module 'processminer' has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(f"processminer.{_ROOMS[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
