"""`processminer playbook new`: a playbook to start from, and the schema by which editors know its keys."""

from __future__ import annotations

from pathlib import Path

import click

from processminer.cli import shipped
from processminer.cli.terminal import harmless, say, write
from processminer.errors import InputError, Place
from processminer.playbook.frameworks import FRAMEWORKS


@click.command("new")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--name", metavar="NAME", help="What it is called. Default: Sales process, or as the template is.")
@click.option(
    "--template",
    metavar="NAME",
    help=f"Copy a playbook that ships, comments and all: {', '.join(shipped.playbooks())}.",
)
@click.option("--interactive", is_flag=True, help="Ask for owner, stages, limits, qualification and outcomes.")
@click.option(
    "--with", "uses", type=click.Choice(list(FRAMEWORKS)), help="Add a ready block of qualification; needs --at."
)
@click.option("--at", "stage", metavar="STAGE", help="The stage at whose exit the block stands.")
@click.option(
    "--column", "columns", metavar="ELEMENT=COLUMN", multiple=True, help="The column of your log for an element of it."
)
@click.option("--force", is_flag=True, help="Write over files that are there.")
def command(
    file: Path,
    name: str | None,
    template: str | None,
    interactive: bool,  # noqa: FBT001 - a flag of the command line
    uses: str | None,
    stage: str | None,
    columns: tuple[str, ...],
    force: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Write a commented playbook to start from to FILE, and beside it the schema by which editors explain its keys."""
    if file.exists() and not force:
        message = "is there already."
        raise InputError(message, Place(str(file)), "Choose another name, or --force to write over it.")
    if interactive and (template or uses or stage or columns):
        message = "--interactive asks for all of it; leave --template, --with, --at and --column out."
        raise click.UsageError(message)
    text = _asked(file, name) if interactive else _with_block(_begun(name, template), uses, stage, columns)
    if text is None:
        say("Nothing is written.")
        return
    from processminer.playbook.new import under_schema

    write(under_schema(text), file)
    _write_schema(file, force=force)
    say(harmless(f"Written to {file}. Next: processminer playbook lint {file}"))


def _begun(name: str | None, template: str | None) -> str:
    from processminer.playbook.new import new_playbook, renamed

    if template is None:
        return new_playbook("Sales process" if name is None else name)
    text = shipped.template(template).read_text(encoding="utf-8")
    return text if name is None else renamed(text, name)


def _with_block(text: str, uses: str | None, stage: str | None, columns: tuple[str, ...]) -> str:
    if uses is None and stage is None and not columns:
        return text
    if uses is None or stage is None:
        message = "--with and --at go together: which block, and at the exit of which stage."
        raise click.UsageError(message)
    from processminer.playbook.blocks import with_block
    from processminer.playbook.read import parse_playbook
    from processminer.playbook.references import did_you_mean
    from processminer.words import say_list

    names = parse_playbook(text).names
    if stage not in names:
        message = f"{stage!r} is no stage of this playbook."
        raise InputError(message, hint=did_you_mean(stage, names) or f"There are: {say_list(names, 20)}.")
    return with_block(text, uses, stage, _columns(uses, columns))


def _columns(uses: str, said: tuple[str, ...]) -> dict[str, str]:
    """Return the columns by element. Raises InputError for what is not ELEMENT=COLUMN, and for strange elements."""
    from processminer.playbook.references import did_you_mean
    from processminer.words import fold

    known = {fold(element): element for element in FRAMEWORKS[uses].elements}
    found: dict[str, str] = {}
    for one in said:
        element, equals, column = one.partition("=")
        if not equals or not column.strip():
            message = f"--column {one!r} is not written ELEMENT=COLUMN."
            raise InputError(message, hint=f"For example: --column {FRAMEWORKS[uses].elements[0]}=Name_of_the_column")
        if fold(element) not in known:
            message = f"{element!r} is no part of {uses}."
            hint = did_you_mean(element, known.values()) or f"Its parts: {', '.join(known.values())}."
            raise InputError(message, hint=hint)
        found[known[fold(element)]] = column.strip()
    return found


def _asked(file: Path, name: str | None) -> str | None:
    """Return the text of the playbook that the answers describe, or None if it is not to be written."""
    from processminer.cli.playbook.interview import interview

    try:
        return interview(file, name)
    except click.Abort:
        click.echo(err=True)
        message = "The questions were not answered to the end; nothing is written."
        hint = "Run it at a terminal, or leave --interactive out for a commented playbook to fill in."
        raise InputError(message, hint=hint) from None


def _write_schema(file: Path, *, force: bool) -> None:
    """Write the schema beside a playbook; one that is there and differs is kept and said, unless forced."""
    from processminer.playbook.new import SCHEMA_FILE
    from processminer.playbook.schema import render_schema

    path, schema = file.with_name(SCHEMA_FILE), render_schema()
    there = path.read_bytes() if path.is_file() else None
    if there == schema.encode():
        return
    if there is not None and not force:
        click.echo(harmless(f"{path} is there already and differs from this version's; --force replaces it."), err=True)
        return
    write(schema, path)
    click.echo(harmless(f"{path} tells editors what a playbook may say; keep it beside {file.name}."), err=True)
