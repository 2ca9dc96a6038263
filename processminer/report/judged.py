"""Which deals a playbook was held against, and by which of its versions; nothing where it is all of them by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.words import say_count, say_list

if TYPE_CHECKING:
    from processminer.conformance.conformance import Conformance, Deviation
    from processminer.log.eventlog import IngestReport


def say_judged(ingest: IngestReport, found: Conformance) -> str:
    """Say what of the deals is outside the playbook, or may be, and which version of it judged how many."""
    return " ".join(filter(None, (_outside(ingest), _versions(found), _before_any(found))))


def say_line(deviation: Deviation) -> str:
    """Say where in the playbook a deviation stands, and in which version if that is an older one; empty if nowhere."""
    of_version = f" of {deviation.version}" if deviation.version is not None else ""
    return f"line {deviation.line}{of_version}" if deviation.line is not None else ""


def _outside(ingest: IngestReport) -> str:
    notes = {problem.kind: problem for problem in ingest.problems}
    told: list[str] = []
    outside = ingest.deals_set_aside.get("outside-the-playbook", 0)
    if outside:
        told.append(f"{say_count(outside, 'deal is', 'deals are')} outside the playbook and set aside.")
        # The treatment says of whom the playbook speaks; its first sentence is the one above.
        told.append(notes["outside-the-playbook"].treatment.partition(". ")[2])
    if "applies-to-unknown" in notes:
        told.append(notes["applies-to-unknown"].treatment)
    return " ".join(told)


def _versions(found: Conformance) -> str:
    if len(found.versions) < 2:
        return ""
    told = [
        f"{one.version} judged {say_count(one.deals, 'deal')}"
        + ("" if one.valid_from is None else f" (in force from {one.valid_from})")
        for one in found.versions
    ]
    return f"Each deal is judged by the version in force when it entered: {say_list(told, len(told))}."


def _before_any(found: Conformance) -> str:
    if not found.before_any:
        return ""
    oldest = found.versions[-1]
    early = f"{say_count(found.before_any, 'deal')} entered before {oldest.valid_from}, the first day of"
    what = f"{oldest.version}, the oldest version that is known" if len(found.versions) > 1 else oldest.version
    return f"{early} {what}, and {_is(found.before_any)} judged by it all the same."


def _is(number: int) -> str:
    return "is" if number == 1 else "are"
