"""What to mind when a changed playbook goes live: in the CRM, in its automations, in the numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.report.diff_words import cut
from processminer.words import say_list

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from processminer.diff import PlaybookDiff
    from processminer.playbook.compare.change import Comparison


def migration(diff: PlaybookDiff) -> tuple[str, ...]:
    """Return what to do before the new playbook holds, a sentence or two each; nothing where nothing changed."""
    if not diff.comparison.changes:
        return ()
    return (*_cutover(diff), *_stages(diff.comparison), *_cohorts(diff))


def _cutover(diff: PlaybookDiff) -> Iterator[str]:
    old, new = diff.old.playbook, diff.new.playbook
    if old.version == new.version:
        yield f"Raise the version: it is still {cut(new.version)}, so that nobody can tell which rules judged a deal."
    if new.valid_from is None or new.valid_from == old.valid_from:
        yield "Set the day of the cutover with 'valid_from'; deals that began before it are judged by the old version."
    else:
        yield f"The cutover is {new.valid_from}; deals that began before it are judged by the old version."
    if new.replaces is None:
        yield "Keep the old version as a file of its own and name it under 'replaces': older deals are judged by it."


def _stages(comparison: Comparison) -> Iterator[str]:
    lines = comparison.stages
    renamed = [(one.before.name, one.name) for one in lines if one.before is not None and one.renamed]
    gone = [one.name for one in lines if one.after is None] + [before for before, _ in renamed]
    came = [one.name for one in lines if one.before is None] + [after for _, after in renamed]
    if gone or came:
        add = f"add {_named(came)}" if came else ""
        drop = f"deactivate {_named(gone)}" if gone else ""
        yield (
            f"In the CRM {' and '.join(one for one in (add, drop) if one)}; never rename a stage there, "
            "since its past would bear the new name. Definitions first, names after."
        )
    if gone:
        yield f"Automations, required fields and reports keyed to a stage's name need a look: {_named(gone)}."
        yield f"Move the open deals out of {_named(gone)} on the day of the cutover, and note where each one went."
    odds = [change.stage for change in comparison.changes if change.key == "probability" and change.stage]
    if gone or came or odds:
        yield f"Check the map of stages to forecast categories and win probabilities: {_named([*came, *gone, *odds])}."


def _cohorts(diff: PlaybookDiff) -> Iterator[str]:
    yield (
        "Never blend deals from before and after the cutover in one number; compare them 30, 60 and 90 days after it. "
        "A pilot with one team shows earlier what goes wrong."
    )


def _named(names: Iterable[str]) -> str:
    return say_list([cut(name) for name in dict.fromkeys(names)])
