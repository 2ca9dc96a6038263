"""The questions of `processminer playbook new --interactive`, each answer checked before the next is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from processminer.cli.terminal import harmless
from processminer.playbook.frameworks import FRAMEWORKS
from processminer.playbook.plan import Plan, PlannedBlock, PlannedStage, planned_playbook
from processminer.words import fold, say_list

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path


def interview(file: Path, name: str | None) -> str | None:
    """Ask, show what comes of it, and return the playbook's text, or None if it is not to be written.

    Questions and summary go to stderr. Raises click.Abort where the answers end too soon.
    """
    plan = _plan(name)
    text = planned_playbook(plan)
    for line in [*_summary(plan), *_open_ends(text, str(file))]:
        click.echo(harmless(line), err=True)
    return text if click.confirm(harmless(f"Write it to {file}"), default=True, err=True) else None


def _plan(name: str | None) -> Plan:
    called = _ask("What is the playbook called", name or "Sales process", _filled)
    owner = _ask("Which role answers for it and its stages, such as Account executive", None, _role)
    names = _stage_names()
    optional = _ask(
        "Numbers of the stages that deals may pass by, such as 2,3 (Enter for none)",
        "",
        lambda said: _numbers(said, len(names)),
    )
    stages = tuple(
        PlannedStage(
            stage,
            at in optional,
            _ask(f"How long may a deal be in {stage!r} ('none' for no limit)", "14 days", _limit),
        )
        for at, stage in enumerate(names, 1)
    )
    block = _block(names)
    won = _ask("What your CRM calls won, with commas between", "Closed Won", lambda said: _ends(said, names))
    lost = _ask(
        "What your CRM calls lost, with commas between", "Closed Lost", lambda said: _ends(said, [*names, *won])
    )
    return Plan(called, owner, stages, block, won, lost)


def _ask(question: str, usual: str | None, checked: Callable[[str], Any]) -> Any:
    return click.prompt(harmless(question), default=usual, value_proc=checked, err=True, show_default=bool(usual))


def _filled(said: str) -> str:
    if not said.strip():
        message = "Write something."
        raise click.BadParameter(message)
    return said.strip()


def _role(said: str) -> str:
    from processminer.playbook.lint.people import is_person

    if is_person(_filled(said)):
        message = f"{said!r} looks like a person; name the role, which stays when people change."
        raise click.BadParameter(harmless(message))
    return said.strip()


def _stage_names() -> list[str]:
    click.echo("The stages in their order, by the names in your CRM. Enter alone ends the list.", err=True)
    names: list[str] = []
    while True:
        said: str = _ask(f"Stage {len(names) + 1}", "", lambda one: _new_name(one, names))
        if said:
            names.append(said)
        elif names:
            return names


def _new_name(said: str, names: Sequence[str]) -> str:
    if fold(said) in {fold(name) for name in names}:
        message = f"{said.strip()!r} is there already."
        raise click.BadParameter(harmless(message))
    if not said.strip() and not names:
        message = "A playbook has at least one stage."
        raise click.BadParameter(message)
    return said.strip()


def _numbers(said: str, most: int, *, single: bool = False) -> list[int]:
    parts = [part.strip() for part in said.split(",") if part.strip()]
    fits = all(part.isdecimal() and 1 <= int(part) <= most for part in parts)
    if not fits or (single and len(parts) != 1):
        message = f"Give {'a number' if single else 'numbers'} between 1 and {most}."
        raise click.BadParameter(message)
    return [int(part) for part in parts]


def _limit(said: str) -> str | None:
    from processminer.playbook.values import read_days

    if fold(said) in {"none", "-"}:
        return None
    try:
        read_days(said)
    except ValueError as error:
        raise click.BadParameter(harmless(f"{error}.")) from None
    return said.strip()


def _block(names: Sequence[str]) -> PlannedBlock | None:
    kinds = {fold(kind): kind for kind in (*FRAMEWORKS, "none")}
    uses = _ask(
        f"A ready block of qualification ({', '.join(kinds.values())})", "none", lambda said: _one_of(said, kinds)
    )
    if uses == "none":
        return None
    for number, name in enumerate(names, 1):
        click.echo(harmless(f"  {number:>3}  {name}"), err=True)
    chosen: list[int] = _ask(
        "At the exit of which stage, by its number", None, lambda said: _numbers(said, len(names), single=True)
    )
    click.echo("Which column of your log shows each part of it? Enter alone where none does.", err=True)
    framework = FRAMEWORKS[uses]
    columns = {
        element: column
        for element, question in zip(framework.elements, framework.questions, strict=True)
        if (column := _ask(f"{element} ({question})", "", str.strip))
    }
    return PlannedBlock(uses, names[chosen[0] - 1], columns)


def _one_of(said: str, kinds: dict[str, str]) -> str:
    if fold(said) not in kinds:
        message = f"Choose one of {', '.join(kinds.values())}."
        raise click.BadParameter(message)
    return kinds[fold(said)]


def _ends(said: str, taken: Sequence[str]) -> tuple[str, ...]:
    names = tuple(part.strip() for part in said.split(",") if part.strip())
    double = [name for name in names if fold(name) in {fold(one) for one in taken}]
    if double or not names:
        message = f"{double[0]!r} is named already." if double else "Write at least one name."
        raise click.BadParameter(harmless(message))
    return names


def _summary(plan: Plan) -> list[str]:
    lines = ["", f"{plan.name}, answered for by {plan.owner}"]
    for at, stage in enumerate(plan.stages, 1):
        limit = "no time limit" if stage.time_limit is None else f"at most {stage.time_limit}"
        lines.append(f"  {at:>3}  {stage.name}: {'optional, ' if stage.optional else ''}{limit}")
        if plan.block is not None and plan.block.stage == stage.name:
            shown = f"{len(plan.block.columns)} of {len(FRAMEWORKS[plan.block.uses].elements)} parts"
            lines.append(f"       {plan.block.uses} at its exit, {shown} with a column of the log")
    return [*lines, f"Won: {say_list(plan.won)}. Lost: {say_list(plan.lost)}. To be reviewed every 90 days."]


def _open_ends(text: str, file: str) -> list[str]:
    """Return what the lint would remark on the text: what the questions did not ask for, or was left open."""
    from processminer.playbook.lint.lint import lint
    from processminer.playbook.read import parse_playbook

    remarks = lint(parse_playbook(text), text, file)
    if not remarks:
        return []
    return [
        "Left to say, as 'processminer playbook lint' will tell with its lines:",
        *(f"  {one.message}" for one in remarks),
    ]
