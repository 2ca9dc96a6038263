"""The options by which every verb reads a log."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from processminer.cli import shipped

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from processminer.log.read import Options


def reads_log(*, required: bool = True) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a command the argument LOG and the options that say how to read it, as `log` and `options`."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def wrapped(**given: Any) -> Any:
            options, sample = _taken(given)
            log = _log(given.pop("log"), sample, required=required)
            return function(log=log, options=options, **given)

        return _with(wrapped, click.argument("log", required=False, metavar="LOG"), *_LOG_OPTIONS)

    return decorate


def reads_log_and_playbook(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the arguments LOG and PLAYBOOK and the reading options, as `log`, `playbook` and `options`.

    With --sample the only argument is the playbook; without one the sample's own is taken.
    """

    @wraps(function)
    def wrapped(**given: Any) -> Any:
        options, sample = _taken(given)
        places = [one for one in (given.pop("log"), given.pop("playbook")) if one is not None]
        playbook = places.pop() if len(places) == (1 if sample else 2) else None
        log = _log(places[0] if places else None, sample, required=True)
        playbook = chosen_playbook(playbook, str(log))
        if playbook is None:
            message = "Missing argument 'PLAYBOOK': a YAML file, or a shipped one by name (b2b-saas)."
            raise click.UsageError(message)
        return function(log=log, playbook=playbook, options=options, **given)

    arguments = (
        click.argument("log", required=False, metavar="LOG"),
        click.argument("playbook", required=False, metavar="PLAYBOOK"),
    )
    return _with(wrapped, *arguments, *_LOG_OPTIONS)


def _taken(given: dict[str, Any]) -> tuple[Options, str | None]:
    said = {name: given.pop(name) for name in ("won", "lost", "columns", "as_of", "date_order", "lifecycle")}
    return _options(**said), given.pop("sample")


def _with(function: Callable[..., Any], *decorations: Callable[[Any], Any]) -> Callable[..., Any]:
    for decorate in reversed(decorations):
        function = decorate(function)
    return function


_LOG_OPTIONS: tuple[Callable[[Any], Any], ...] = (
    click.option("--sample", metavar="NAME", help="Read a shipped sample (salesforce or hubspot) instead of LOG."),
    click.option("--won", multiple=True, metavar="STAGE", help="A stage that means won; repeat for several."),
    click.option("--lost", multiple=True, metavar="STAGE", help="A stage that means lost; repeat for several."),
    click.option(
        "--column",
        "columns",
        multiple=True,
        metavar="ROLE=HEADER",
        help="Take a header for a role: --column deal=MyId (roles: deal, stage, entered, ...).",
    ),
    click.option(
        "--as-of",
        type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S"]),
        help="Look at the log as it stood then (UTC); a day counts to its end. Default: its last event.",
    ),
    click.option("--date-order", type=click.Choice(["dmy", "mdy"]), help="Whether 03/04/2025 is in April or in March."),
    click.option(
        "--lifecycle",
        type=click.Choice(["complete", "all"]),
        default="complete",
        show_default=True,
        help="XES: count the completion of activities, or every event.",
    ),
)


def _options(
    won: tuple[str, ...],
    lost: tuple[str, ...],
    columns: tuple[str, ...],
    as_of: datetime | None,
    date_order: Any,
    lifecycle: Any,
) -> Options:
    from processminer.log.columns import Conventions
    from processminer.log.names import Names
    from processminer.log.read import Options

    names = Names(won=won, lost=lost, insist=bool(won or lost))
    if as_of is not None and (as_of.hour, as_of.minute, as_of.second) == (0, 0, 0):
        as_of = as_of.replace(hour=23, minute=59, second=59)
    return Options(names, _columns(columns), as_of, Conventions(date_order), lifecycle)


def _columns(said: tuple[str, ...]) -> dict[str, str]:
    columns: dict[str, str] = {}
    for one in said:
        role, sign, header = one.partition("=")
        if not (sign and role.strip() and header.strip()):
            message = f"{one!r} is not ROLE=HEADER, such as deal=OpportunityId."
            raise click.BadParameter(message, param_hint="--column")
        columns[role.strip()] = header.strip()
    return columns


def _log(log: str | None, sample: str | None, *, required: bool) -> str | None:
    if log is not None and sample is not None:
        message = "Give LOG or --sample, not both."
        raise click.UsageError(message)
    if sample is not None:
        return str(shipped.sample(sample))
    if log is None and required:
        message = "Missing argument 'LOG': a file or a folder of export files (or try --sample salesforce)."
        raise click.UsageError(message)
    return log


def chosen_playbook(playbook: str | None, log: str) -> str | None:
    """Return the playbook's path: as said, or the samples' own for a shipped sample."""
    if playbook is None and log in {str(path) for path in shipped.samples()}:
        playbook = shipped.SAMPLE_PLAYBOOK
    return None if playbook is None else str(shipped.playbook(playbook))
