"""A change of a playbook looked at some time later, in one function: whether it was lived, and whether it worked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from processminer.conformance.adoption.adopted import adopted
from processminer.discovery.discover import discover
from processminer.errors import InputError, Place
from processminer.estimates.did_it_work.adoption import adoption
from processminer.estimates.did_it_work.deals import judged_deals
from processminer.estimates.did_it_work.did_it_work import DidItWork, judgements
from processminer.log.read import read_log
from processminer.playbook.compare.compare import compare
from processminer.study import declare, under_names
from processminer.words import fold, say_list

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from processminer.discovery.discovery import Discovery
    from processminer.estimates.did_it_work.adoption import Adoption
    from processminer.estimates.did_it_work.deals import Judged
    from processminer.log.options import Options
    from processminer.playbook.compare.change import Comparison
    from processminer.playbook.versions import Version
    from processminer.study import Declared

Where = dict[str, tuple[str, ...]]

UNTOLD = frozenset({"playbook", "change log entry"})
"""Parts whose change asks nothing of a deal: the version's own number, days and notes."""


def did_it_work(
    sources: Sequence[str | Path],
    playbook: str | Path | None,
    options: Options,
    since: str | None = None,
    changed: Mapping[str, tuple[str, ...]] | None = None,
) -> DidItWork:
    """Judge a change by one log and the day or the version since which it holds, or by a log from before and one after.

    The playbook, with the version that it replaces, says what was changed and for which deals (`applies_to`);
    `changed` says the latter where it does not. Raises InputError where no day can be told.
    """
    declared = None if playbook is None else declare(playbook)
    new, old = _versions(declared, since)
    day = _day(since, new, declared) if len(sources) == 1 else None
    where = dict(changed) if changed else _where(new, old)
    found = [discover(read_log(source, _options(options, declared, old))) for source in sources]
    judged = judged_deals([one.log for one in found], where, day)
    comparison = None if new is None or old is None else compare(old.playbook, new.playbook, old.text, new.text)
    lived, untold = _adoption(found, judged, new, old)
    return DidItWork(
        version=None if new is None else new.playbook.version,
        since=day,
        what=_what(new, comparison),
        where=where,
        grouped_by=judged.grouped_by,
        adoption=lived,
        not_adopted=untold,
        judgements=judgements(judged, _stages(comparison, found[-1]), day),
    )


def _versions(declared: Declared | None, since: str | None) -> tuple[Version | None, Version | None]:
    """Return the version that is judged and the one before it: that of the name or the day, else the newest."""
    if declared is None:
        return None, None
    chain = declared.versions
    at = 0
    if since is not None:
        day = _read_day(since)
        in_force = [
            place
            for place, one in enumerate(chain)
            if one.playbook.version == since or (day is not None and one.playbook.valid_from == day)
        ]
        at = in_force[0] if in_force else 0
    return chain[at], chain[at + 1] if at + 1 < len(chain) else None


def _day(since: str | None, new: Version | None, declared: Declared | None) -> date:
    if since is not None and (day := _read_day(since)) is not None:
        return day
    if since is not None and new is not None and new.playbook.version != since:
        days = [one.day for one in new.playbook.changes if one.version == since and one.day is not None]
        if days:
            return days[0] + timedelta(days=1)
        known = [one.playbook.version for one in declared.versions] if declared is not None else []
        message = f"there is no version {since!r}, nor an entry of `changes` with its day."
        raise InputError(message, Place(new.file), f"It knows {say_list(known, 9)}; or name a day, as 2026-01-31.")
    if new is None:
        message = f"{since!r} is no day." if since else "It is not said since when the change holds."
        raise InputError(message, hint="Say --since 2026-01-31, or name the playbook and one of its versions.")
    if new.playbook.valid_from is None:
        message = "does not say from when it holds."
        raise InputError(message, Place(new.file), "Add 'valid_from: 2026-01-31', or say --since with a day.")
    return new.playbook.valid_from


def _read_day(said: str) -> date | None:
    try:
        return date.fromisoformat(said)
    except ValueError:
        return None


def _where(new: Version | None, old: Version | None) -> Where:
    """Return for which deals the change was made: what the new version is for and the old one was not only for."""
    if new is None:
        return {}
    present = {} if old is None else old.playbook.applies_to
    before = {fold(name): set(map(fold, values)) for name, values in present.items()}
    return {
        name: values
        for name, values in new.playbook.applies_to.items()
        if old is not None and before.get(fold(name)) != set(map(fold, values))
    }


def _options(options: Options, declared: Declared | None, old: Version | None) -> Options:
    """Return how logs are read: by the names of all versions, and with the deals that stayed with the old one."""
    if declared is None:
        return options
    named = under_names(options, declared)
    return replace(named, applies_to=declared.playbook.applies_to if old is None else old.playbook.applies_to)


def _adoption(
    found: Sequence[Discovery], judged: Judged, new: Version | None, old: Version | None
) -> tuple[tuple[Adoption, ...], str]:
    if new is None:
        return (), "Without a playbook it cannot be told what was to be done otherwise, nor whether it was."
    if old is None:
        return (), "The playbook does not name the version before it ('replaces'): what it asks newly cannot be told."
    import pandas as pd

    frame = pd.concat([adopted(one, old, new) for one in found], ignore_index=True)
    told = adoption(frame.drop_duplicates(["how", "kind", "subject", "stage", "deal_id"], keep="last"), judged)
    return told, "" if told else "No deal came to anything that the two versions see differently."


def _what(new: Version | None, comparison: Comparison | None) -> tuple[str, ...]:
    if comparison is not None:
        told = (one for one in comparison.changes if one.part not in UNTOLD)
        return tuple(one.sentence for one in told)
    if new is None:
        return ()
    return tuple(one.why for one in new.playbook.changes if one.version == new.playbook.version)


def _stages(comparison: Comparison | None, found: Discovery) -> tuple[str, ...]:
    """Return the stages of the log that the change is about."""
    if comparison is None:
        return ()
    named = {fold(one.stage or one.name) for one in comparison.changes if one.part not in UNTOLD}
    kept = [one.after for one in comparison.stages if one.after is not None and fold(one.after.name) in named]
    labels = {fold(name) for stage in kept for name in (stage.name, *stage.aliases)}
    return tuple(one.stage for one in found.stages if one.kind == "open" and fold(one.stage) in labels)
