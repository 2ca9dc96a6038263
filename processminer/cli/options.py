"""The options by which every verb reads a log."""

from __future__ import annotations

from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from processminer.cli import shipped

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from processminer.log.options import Options


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


def may_read_log(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the option --log (or --sample) and the reading options, as `log`, None without one, and `options`.

    What says how to read a log is refused without one.
    """

    @wraps(function)
    def wrapped(**given: Any) -> Any:
        options, sample = _taken(given)
        log = _log(given.pop("log"), sample, required=False)
        if log is None and options != type(options)():
            message = "There are options that say how to read a log, but no log: name it with --log."
            raise click.UsageError(message)
        return function(log=log, options=options, **given)

    return _with(wrapped, click.option("--log", metavar="LOG", help="A log to replay."), *_LOG_OPTIONS)


def reads_log_and_out(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the arguments LOG and OUT and the reading options, as `log`, `out` (a path) and `options`.

    With --sample the only argument is OUT.
    """

    @wraps(function)
    def wrapped(**given: Any) -> Any:
        options, sample = _taken(given)
        places = [one for one in (given.pop("log"), given.pop("out")) if one is not None]
        out = places.pop() if len(places) == (1 if sample else 2) else None
        log = _log(places[0] if places else None, sample, required=True)
        if out is None:
            message = "Missing argument 'OUT': a folder or a file to write to."
            raise click.UsageError(message)
        return function(log=log, out=Path(out), options=options, **given)

    arguments = (
        click.argument("log", required=False, metavar="LOG"),
        click.argument("out", required=False, metavar="OUT"),
    )
    return _with(wrapped, *arguments, *_LOG_OPTIONS)


def reads_log_and_words(metavar: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a command the argument LOG, further words, and the reading options, as `log`, `words` and `options`.

    With --sample all words are the command's own.
    """

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def wrapped(**given: Any) -> Any:
            options, sample = _taken(given)
            words: tuple[str, ...] = given.pop("words")
            own = 0 if sample else 1
            log = _log(next(iter(words[:own]), None), sample, required=True)
            return function(log=log, words=words[own:], options=options, **given)

        return _with(wrapped, click.argument("words", nargs=-1, metavar=f"LOG {metavar}"), *_LOG_OPTIONS)

    return decorate


def _taken(given: dict[str, Any]) -> tuple[Options, str | None]:
    sample: str | None = given.pop("sample")
    return replace(_options({name: given.pop(name) for name in _SAID}), sample=sample), sample


def _with(function: Callable[..., Any], *decorations: Callable[[Any], Any]) -> Callable[..., Any]:
    for decorate in reversed(decorations):
        function = decorate(function)
    return function


_SAID = (
    *("won", "lost", "columns", "as_of", "date_order", "lifecycle", "timezone", "decimal", "object_type"),
    *("mapping", "profile", "tables", "pipeline", "only", "treat"),
)
"""The options that say how to read a log, as click names them."""

_LOG_OPTIONS: tuple[Callable[[Any], Any], ...] = (
    click.option("--sample", metavar="NAME", help="Read a shipped sample (salesforce or hubspot) instead of LOG."),
    click.option(
        "--won",
        multiple=True,
        metavar="STAGE",
        help="A stage that means won; repeat for several. 'none' where no deal is won yet.",
    ),
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
        metavar="DAY",
        help="Look at the log as it stood then (UTC): 2026-01-31, counted to its end, or 2026-01-31T18:00:00."
        " Default: its last event.",
    ),
    click.option(
        "--mapping", metavar="FILE", help="Read by a mapping file, such as 'doctor LOG --write-mapping' writes."
    ),
    click.option("--profile", metavar="NAME", help="Read as this kind of export, where its columns do not tell."),
    click.option(
        "--table",
        "tables",
        multiple=True,
        metavar="PART=TABLE",
        help="Take a file, sheet or database table for a part: --table history=crm.stage_log.",
    ),
    click.option("--pipeline", metavar="NAME", help="Look at the deals of this pipeline only."),
    click.option(
        "--only", multiple=True, metavar="ATTRIBUTE=VALUE", help="Look at such deals only: --only Type=Renewal."
    ),
    click.option(
        "--treat",
        multiple=True,
        metavar="KIND=TREATMENT",
        help="Treat a quirk of the export another way: --treat bulk-updates=keep ('doctor LOG' names them).",
    ),
    click.option("--timezone", metavar="ZONE", help="The zone of times written without one (Europe/Rome); else UTC."),
    click.option("--decimal", type=click.Choice([",", "."]), help="The decimal mark, where 1.234 could be either."),
    click.option("--date-order", type=click.Choice(["dmy", "mdy"]), help="Whether 03/04/2025 is in April or in March."),
    click.option("--object-type", metavar="NAME", help="OCEL: the type of object that is the deal."),
    click.option(
        "--lifecycle",
        type=click.Choice(["complete", "all"]),
        default="complete",
        show_default=True,
        help="XES: count the completion of activities, or every event.",
    ),
)


def _options(said: dict[str, Any]) -> Options:
    from processminer.log.columns import Conventions
    from processminer.log.names import Names
    from processminer.log.options import Options

    as_of: datetime | None = said["as_of"]
    if as_of is not None and (as_of.hour, as_of.minute, as_of.second) == (0, 0, 0):
        as_of = as_of.replace(hour=23, minute=59, second=59)
    none = said["won"] == ("none",)
    won = () if none else said["won"]
    return Options(
        names=Names(won=won, lost=said["lost"], insist=bool(won or said["lost"]), lenient=none),
        columns=_pairs(said["columns"], "--column", "ROLE=HEADER, such as deal=OpportunityId"),
        as_of=as_of,
        conventions=Conventions(said["date_order"], said["timezone"], said["decimal"]),
        lifecycle=said["lifecycle"],
        object_type=said["object_type"],
        mapping=said["mapping"],
        profile=said["profile"],
        tables=_pairs(said["tables"], "--table", "PART=TABLE, such as history=crm.stage_log"),
        pipeline=said["pipeline"],
        only=_pairs(said["only"], "--only", "ATTRIBUTE=VALUE, such as Type=Renewal"),
        treat=_pairs(said["treat"], "--treat", "KIND=TREATMENT, such as bulk-updates=keep"),
    )


def _pairs(said: tuple[str, ...], option: str, form: str) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for one in said:
        key, sign, value = one.partition("=")
        if not (sign and key.strip() and value.strip()):
            message = f"{one!r} is not {form}."
            raise click.BadParameter(message, param_hint=option)
        pairs[key.strip()] = value.strip()
    return pairs


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
