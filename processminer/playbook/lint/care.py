"""Whether somebody is answerable for the playbook and its parts, and has looked at them of late."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.engines.yaml_text import dump
from processminer.playbook.lint.page import Found, Page, Path, Rule, is_blank, tasks_of
from processminer.playbook.references import did_you_mean
from processminer.words import fold, say_days

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from processminer.playbook.model import Playbook


def latest_day(playbook: Playbook) -> date | None:
    """Return the latest day that a playbook itself names as past: of its validity, reviews and changes; None if none.

    An acceptance ends on a day to come, and tells nothing of the day on which the playbook is looked at.
    """
    days = [playbook.valid_from, playbook.reviewed]
    days += [change.day for change in playbook.changes] + [material.reviewed for material in playbook.materials]
    return max((day for day in days if day is not None), default=None)


def _no_goal(page: Page) -> Iterator[Found]:
    """Find stages without a goal."""
    for at, stage in enumerate(page.playbook.stages):
        if is_blank(stage.goal):
            mend = f"Write under {stage.name!r} what is true when it is done: `goal: The buyer has agreed to ...`."
            yield Found(("stages", at), f"{stage.name!r} has no goal.", mend)


def _no_owner(page: Page) -> Iterator[Found]:
    """Find stages without an owner."""
    for at, stage in enumerate(page.playbook.stages):
        if is_blank(stage.owner):
            mend = f"Write the role that answers for {stage.name!r}: `owner: Account executive`."
            yield Found(("stages", at), f"{stage.name!r} has no owner.", mend)


def _no_review(page: Page) -> Iterator[Found]:
    """Find a playbook that nobody has to look at again."""
    if is_blank(page.playbook.owner):
        mend = "Write the role that answers for it at the top: `owner: Sales operations`."
        yield Found((), "the playbook has no owner.", mend)
    if page.playbook.review_every is None:
        mend = "Write for example `review_every: 90 days` at the top."
        yield Found((), "the playbook does not say how often it is reviewed.", mend)


def last_look(playbook: Playbook) -> tuple[Path, date] | None:
    """Return the last day on which somebody is known to have looked at the playbook, and where it says so.

    Where no review and no change is dated, it was looked at when it came into force; None if it names no day at all.
    """
    changes = [(("changes", at, "day"), change.day) for at, change in enumerate(playbook.changes)]
    said: list[tuple[Path, date | None]] = [(("reviewed",), playbook.reviewed), *changes]
    looks = [(path, day) for path, day in said if day is not None]
    if not looks and playbook.valid_from is not None:
        return ("valid_from",), playbook.valid_from
    return max(looks, key=lambda look: look[1], default=None)


def _review_due(page: Page) -> Iterator[Found]:
    """Find a playbook whose next review should have been held."""
    every, looked = page.playbook.review_every, last_look(page.playbook)
    if page.as_of is None or every is None or looked is None:
        return
    path, last = looked
    if (page.as_of - last).days > every:
        message = (
            f"the playbook is to be reviewed every {say_days(every)}, and was last looked at on {last}:"
            f" {(page.as_of - last).days} days before {page.as_of}."
        )
        yield Found(path, message, f"Review it, and write `reviewed: {page.as_of}`.")


def _material_due(page: Page) -> Iterator[Found]:
    """Find materials that nobody has looked at for longer than the playbook's own time of review."""
    every = page.playbook.review_every
    if page.as_of is None or every is None:
        return
    for at, material in enumerate(page.playbook.materials):
        if material.reviewed is not None and (page.as_of - material.reviewed).days > every:
            message = (
                f"the material {material.name!r} was last reviewed on {material.reviewed},"
                f" {(page.as_of - material.reviewed).days} days before {page.as_of}; due is every {say_days(every)}."
            )
            mend = f"Read it, and write `reviewed: {page.as_of}`, or take it out with the tasks that lean on it."
            yield Found(("materials", at, "reviewed"), message, mend)


def _unlisted_material(page: Page) -> Iterator[Found]:
    """Find materials of tasks that the list of materials lacks, where there is one."""
    names = [material.name for material in page.playbook.materials]
    known = {fold(name) for name in names}
    for path, task in tasks_of(page.playbook):
        if names and task.material is not None and task.material.strip() and fold(task.material) not in known:
            entry = f"- name: {dump(task.material)}"
            mend = did_you_mean(task.material, names) or f"Write `{entry}` under `materials`."
            yield Found((*path, "material"), f"the material {task.material!r} is not listed in 'materials'.", mend)


def _expired_acceptance(page: Page) -> Iterator[Found]:
    """Find deviations that were accepted until a day that has passed."""
    for at, accepted in enumerate(page.playbook.accepted):
        if page.as_of is not None and accepted.until is not None and accepted.until < page.as_of:
            message = (
                f"{accepted.deviation!r} of {accepted.subject!r} was accepted until {accepted.until},"
                f" which is before {page.as_of}."
            )
            mend = "Take it out, accept it anew with a later `until`, or change the playbook so that it is allowed."
            yield Found(("accepted", at, "until"), message, mend)


def _unlogged_version(page: Page) -> Iterator[Found]:
    """Find a version that the change log does not know."""
    playbook = page.playbook
    if playbook.changes and playbook.version not in {change.version for change in playbook.changes}:
        message = f"the change log does not say what changed in version {playbook.version}."
        mend = f"Write `- {{version: {dump(playbook.version)}, why: ...}}` under `changes`."
        yield Found(("version",), message, mend)


RULES = (
    Rule(
        "no-goal",
        _no_goal,
        "Who does not know what a stage is for cannot tell when it is done.",
    ),
    Rule(
        "no-owner",
        _no_owner,
        "A stage that belongs to nobody is nobody's fault.",
    ),
    Rule(
        "no-review",
        _no_review,
        "A playbook that nobody is due to review drifts away from what people do.",
    ),
    Rule(
        "review-due",
        _review_due,
        "What was true when it was written is followed less every month, and nobody notices who does not look.",
    ),
    Rule(
        "material-due",
        _material_due,
        "A task is only as good as the page it is done with.",
    ),
    Rule(
        "unlisted-material",
        _unlisted_material,
        "A list of materials is trusted to be complete: what it lacks is neither found nor reviewed.",
    ),
    Rule(
        "expired-acceptance",
        _expired_acceptance,
        "An exception that has run out counts as a deviation again, and the people concerned do not know it.",
    ),
    Rule(
        "unlogged-version",
        _unlogged_version,
        "Deals judged by an older version are compared with this one; readers must know what is new.",
    ),
)
"""Rules on those who look after the playbook."""
