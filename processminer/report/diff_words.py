"""How the difference of two playbooks is summed up in words, before anything is escaped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.words import say_count, say_list, say_share

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from processminer.conformance.conformance import Obligation
    from processminer.conformance.replay.replayed import ChangedWay, Replay, Standing, Tally, Way
    from processminer.diff import PlaybookDiff
    from processminer.playbook.compare.change import Comparison

LONGEST_NAME = 60
"""Letters of a name in a sentence that counts; the list of changes has it whole."""

NO_FORECAST = (
    "This holds what happened against both playbooks: a replay of the past, no forecast of what people will do under "
    "the new one."
)

_BREAKS = {
    "skipped": "skip {subject}",
    "not-repeated": "go back and then past {subject} without doing it again",
    "undeclared": "pass through {subject}, which it does not know",
    "returned": "go back from {later} to {earlier}",
    "started-late": "begin in {subject}",
    "over-time": "stay too long in {subject}",
    "task-missing": "go on from {stage} before '{subject}' is done",
    "task-late": "do '{subject}' too late in {stage}",
    "criterion-missing": "go on from {stage} without '{subject}'",
    "entry-criterion-missing": "enter {stage} without '{subject}'",
    "too-many-visits": "come to {stage} too often",
    "too-long-silent": "are silent for too long in {stage}",
    "too-few-contacts": "have too few people of the buyer in {stage}",
    "wrong-owner": "are owned by somebody else in {stage}",
    "late-handover": "are handed over too late at {stage}",
    "no-loss-reason": "are lost without a reason ({subject})",
    "service-late": "begin {subject} too late",
}
"""What deals do that leave a playbook, by the kind of deviation."""


def headline(diff: PlaybookDiff) -> str:
    """Say which playbooks are compared."""
    old, new = diff.old.playbook, diff.new.playbook
    if old.name == new.name:
        return f"{new.name}: version {old.version} to {new.version}"
    return f"{old.name} {old.version} to {new.name} {new.version}"


def summary(diff: PlaybookDiff) -> str:
    """Say in a sentence how much changed, and which stages did."""
    comparison = diff.comparison
    if not comparison.changes:
        told = "layout or comments" if diff.old.text != diff.new.text else "nothing at all"
        return f"The two say the same; they differ in {told}."
    rest = sum(change.stage is None for change in comparison.changes)
    parts = [
        f"{say_count(len(names), 'stage')} {what} ({_named(names)})" for what, names in _stages(comparison) if names
    ]
    parts += [f"{say_count(rest, 'change')} outside the stages"] if rest else []
    return f"{say_count(len(comparison.changes), 'change')}: {'; '.join(parts)}."


def _stages(comparison: Comparison) -> Iterator[tuple[str, list[str]]]:
    """Yield what became of stages, each stage once, under what concerns it most."""
    lines = comparison.stages
    touched = {change.stage for change in comparison.changes}
    both = [one for one in lines if one.before is not None and one.after is not None]
    yield "new", [one.name for one in lines if one.before is None and not one.kin]
    yield "split off", [one.name for one in lines if one.before is None and one.kin]
    yield "gone", [one.name for one in lines if one.after is None and not one.kin]
    yield "merged into another", [one.name for one in lines if one.after is None and one.kin]
    yield "renamed", [one.name for one in both if one.renamed]
    yield "moved", [one.name for one in both if one.moved and not one.renamed]
    yield "changed", [one.name for one in both if one.name in touched and not one.moved and not one.renamed]


def _named(names: Iterable[str]) -> str:
    return say_list([cut(name) for name in names])


def cut(name: str, longest: int = LONGEST_NAME) -> str:
    """Return a name, ended by an ellipsis where it is too long for a sentence."""
    return name if len(name) <= longest else f"{name[:longest].rstrip()}…"


def say_way(way: Way) -> str:
    """Say what deals do that leave a playbook in this way, as a predicate."""
    later, _, earlier = way.subject.partition(" -> ")
    phrase = _BREAKS.get(way.kind, "{kind}: {subject}")
    names = {"subject": way.subject, "stage": way.stage or way.subject, "later": later, "earlier": earlier}
    return phrase.format(kind=way.kind, **{name: cut(text) for name, text in names.items()})


def say_tally(tally: Tally) -> str:
    """Say how the deals of a tally ended."""
    return f"{tally.won:,} won, {tally.lost:,} lost, {tally.open:,} open"


_STANDINGS: dict[Standing, str] = {
    "newly breaking": "kept to the old playbook and break the new one",
    "newly keeping": "broke the old playbook and keep to the new one",
    "still breaking": "break both",
    "still keeping": "keep to both",
}


def standings(replay: Replay) -> list[tuple[str, Tally]]:
    """Say how many of the deals stand how; all four ways, and then what cannot be compared."""
    of = replay.compared
    told = [
        (f"{say_share(replay.standings[standing].deals, of)} past deals {text}", replay.standings[standing])
        for standing, text in _STANDINGS.items()
    ]
    left = [
        (f"{say_count(tally.deals, 'deal')} cannot be compared ({reason})", tally)
        for reason, tally in replay.not_comparable.items()
    ]
    return told + left


def say_newly(one: ChangedWay) -> str:
    """Say how many deals leave the new playbook in a way in which they did not leave the old one."""
    return f"{_said(one)}: a deviation now; {one.decisive:,} of them kept to the old playbook"


def say_no_longer(one: ChangedWay) -> str:
    """Say how many deals no longer leave the playbook in a way in which they left the old one."""
    return f"{_said(one)}: no deviation any more; {one.decisive:,} of them keep to the new playbook"


def _said(one: ChangedWay) -> str:
    return f"{say_count(one.tally.deals, 'deal')} that {say_way(one.way)}"


def say_unseen(replay: Replay) -> list[str]:
    """Say what the new playbook newly asks and the log cannot show."""
    return [
        f"{one.kind.replace('-', ' ')} '{cut(one.subject)}'{_inside(one)}: "
        f"{say_count(one.unchecked, 'deal')} cannot be checked{f'; it takes {one.needs}' if one.needs else ''}"
        for one in replay.unseen
    ]


def _inside(one: Obligation) -> str:
    return f" in {cut(one.stage)}" if one.stage and one.stage != one.subject else ""
