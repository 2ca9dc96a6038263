"""The tool in one function: measure, judge, propose."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from processminer import __version__
from processminer.conformance.by_version import conform_to
from processminer.conformance.measures.weigh import weigh
from processminer.conformance.merged import of_newest
from processminer.conformance.reference import compare, names_in
from processminer.discovery.discover import discover
from processminer.drafting.draft import draft_playbook
from processminer.errors import InputError, Place
from processminer.estimates.bottlenecks import bottlenecks
from processminer.estimates.effects.prompt import prompt_effects
from processminer.estimates.estimate import estimate
from processminer.estimates.flow.declared_chances import declared_chances
from processminer.estimates.flow.gain import gains
from processminer.estimates.flow.give_up import give_ups
from processminer.estimates.flow.outlook import outlook
from processminer.estimates.flow.predict import predict
from processminer.estimates.flow.slowing import slowing
from processminer.estimates.group_times import compared_groups, group_times
from processminer.estimates.handovers.waits import handover_waits
from processminer.estimates.over_time.whole import whole_process
from processminer.estimates.queue.view import queue_view
from processminer.estimates.winners.winners import winners
from processminer.findings.facts import facts_of
from processminer.findings.judge import judge
from processminer.log.names import Names
from processminer.log.read import read_log
from processminer.playbook.read import parse_playbook
from processminer.playbook.versions import Version, read_versions, shown_by_tasks, spoken_by
from processminer.revisions.new_version import new_version
from processminer.revisions.propose import propose
from processminer.revisions.revise import compatible
from processminer.revisions.together import together
from processminer.words import fold, say_list

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from processminer.conformance.conformance import Conformance
    from processminer.conformance.reference import Compared, Reference
    from processminer.discovery.discovery import Discovery
    from processminer.estimates.bottlenecks import Bottlenecks
    from processminer.estimates.did_it_work.did_it_work import DidItWork
    from processminer.estimates.estimates import Estimates
    from processminer.estimates.flow.outlook import Outlook
    from processminer.estimates.flow.predict import Predicted
    from processminer.estimates.group_times import GroupsCompared, GroupTimes
    from processminer.estimates.over_time.whole import WholeProcess
    from processminer.estimates.winners.winners import Winners
    from processminer.findings.finding import Finding
    from processminer.log.eventlog import EventLog
    from processminer.log.options import Options
    from processminer.playbook.model import Playbook
    from processminer.revisions.revision import Revision, Undecided
    from processminer.revisions.said import Said
    from processminer.revisions.together import Together


DRAFT = "drafted-playbook.yaml"
"""What the playbook is called that an audit drafts and writes beside its report."""

AHEAD_DAYS = 90
"""A quarter is what sales plan by."""

BY_ITSELF = "stage-over-limit"
"""The rule that a drafted playbook breaks by itself: its limits are what four in five of the same deals keep to."""


@dataclass(frozen=True, slots=True)
class Declared:
    """A playbook with the text it was read from."""

    playbook: Playbook
    text: str
    file: str
    """Where it was read from; for a drafted one, where the audit writes it."""
    drafted: bool
    older: tuple[Version, ...] = ()
    """The versions before it, newest first; each judges the deals that entered while it was in force."""

    @property
    def versions(self) -> tuple[Version, ...]:
        """This version and those before it, newest first."""
        return (Version(self.playbook, self.text, self.file), *self.older)


@dataclass(frozen=True, slots=True)
class Study:
    """Everything one audit found; the report renders it and nothing else."""

    log: EventLog
    declared: Declared
    discovery: Discovery
    conformance: Conformance
    estimates: Estimates
    findings: tuple[Finding, ...]
    revisions: tuple[Revision, ...]
    undecided: tuple[Undecided, ...]
    together: Together
    """What the revisions do if they are all applied."""
    revised: str
    """The next version of the playbook, with every revision applied; of two that exclude each other, the first."""
    version: str
    """The program's version."""
    winners: Winners
    """What there is to learn from won deals; descriptions."""
    whole: WholeProcess | None = None
    """The process from beginning to end, and over time."""
    outlook: Outlook | None = None
    """What the next `AHEAD_DAYS` bring, if that can be told."""
    outcomes: GroupTimes | None = None
    """Stays of deals that were won later beside those of deals that were lost later."""
    groups: GroupsCompared | None = None
    """Owners, amounts and segments that are at different paces."""
    judged: DidItWork | None = None
    """What an earlier change did, where that was asked."""
    team: tuple[Said, ...] = ()
    """What the team answered to the survey's questions, where its answers were given."""


def declare(file: str | Path) -> Declared:
    """Return the playbook that a file declares, with the versions it replaces. Raises PlaybookError with all faults."""
    newest, *older = read_versions(file)
    return Declared(newest.playbook, newest.text, newest.file, drafted=False, older=tuple(older))


def draft(discovery: Discovery, file: str = DRAFT) -> Declared:
    """Return a playbook drafted from the won deals of a log."""
    text = draft_playbook(discovery)
    return Declared(parse_playbook(text, file), text, file, drafted=True)


def names_of(*versions: Playbook) -> Names:
    """Return what a playbook and the versions before it, newest first, call stages and outcomes in a log."""
    spoken = spoken_by(versions)
    return Names(
        order=spoken.order, aliases=spoken.aliases, won=spoken.won, lost=spoken.lost, tasks=shown_by_tasks(versions)
    )


def _names(declared: Declared) -> Names:
    return names_of(*(version.playbook for version in declared.versions))


def draft_of(source: str | Path, options: Options) -> Declared:
    """Read a log and draft a playbook from its won deals."""
    return draft(discover(read_log(source, options)))


def study(log: EventLog, declared: Declared | None = None, draft_file: str = DRAFT) -> Study:
    """Measure the deals, judge them against the playbook, and propose its next version.

    Without a playbook one is drafted from the won deals, so that deviations from what usually wins can be seen.
    `draft_file` is what commands that lead on call it.
    """
    discovery = discover(log)
    if declared is None:
        declared = draft(discovery, draft_file)
    playbook, text = declared.playbook, declared.text
    speaks_of(log, declared)
    conformance = weigh(conform_to(discovery, declared.versions), log, playbook)
    # What only an older version forbids is told, but it is no ground to change the newest.
    own = of_newest(conformance)
    estimates = replace(
        estimate(discovery, own, playbook),
        gains=gains(log),
        give_ups=give_ups(log),
        slowing=slowing(log),
        chances=declared_chances(discovery, _chances(declared)),
        handovers=handover_waits(log, playbook),
        prompt=prompt_effects(discovery, own, playbook),
        queue=queue_view(discovery),
    )
    facts = facts_of(discovery, own, estimates, playbook)
    findings = tuple(
        replace(one, evidence=replace(one.evidence, command=runnable(one.evidence.command, log, declared)))
        for one in judge(facts)
        if not (declared.drafted and one.rule == BY_ITSELF)
    )
    revisions, undecided = propose(findings, facts, text, declared.file)
    return Study(
        log=log,
        declared=declared,
        discovery=discovery,
        conformance=conformance,
        estimates=estimates,
        findings=findings,
        revisions=revisions,
        undecided=undecided,
        together=together(revisions, facts),
        revised=new_version(text, compatible(revisions), findings, log.as_of.date()).text,
        version=__version__,
        winners=winners(discovery),
        whole=whole_process(discovery),
        outlook=outlook(discovery, AHEAD_DAYS, declared=_chances(declared)),
        outcomes=group_times(log, "outcome"),
        groups=compared_groups(log),
    )


def runnable(command: str, log: EventLog, declared: Declared) -> str:
    """Return a command with this log and this playbook where it says LOG and PLAYBOOK, ready for a shell."""
    names = {"LOG": log.words or (log.source,), "PLAYBOOK": (declared.file,)}
    return " ".join(shlex.join(names[word]) if word in names else word for word in command.split(" "))


@dataclass(frozen=True, slots=True)
class Mining:
    """What happens, without an opinion: a log discovered and timed, held against a playbook if there is one."""

    discovery: Discovery
    estimates: Estimates
    declared: Declared | None
    conformance: Conformance | None


def mine(source: str | Path, playbook: str | Path | None, options: Options) -> Mining:
    """Read a log and discover its flow."""
    declared = None if playbook is None else declare(playbook)
    discovery = discover(read_log(source, under_names(options, declared)))
    if declared is None:
        return Mining(discovery, estimate(discovery), None, None)
    conformance = conform_to(discovery, declared.versions)
    return Mining(discovery, estimate(discovery, of_newest(conformance), declared.playbook), declared, conformance)


def bottlenecks_of(
    source: str | Path, playbook: str | Path | None, options: Options, by: str | None = None
) -> tuple[Bottlenecks, Declared | None]:
    """Read a log by the names that a playbook gives, and find where deals wait; with the playbook, if there is one."""
    declared = None if playbook is None else declare(playbook)
    return bottlenecks(discover(read_log(source, under_names(options, declared))), by), declared


def outlook_of(
    source: str | Path,
    playbook: str | Path | None,
    options: Options,
    days: float,
    quota: float | None = None,
    cost_a_day: float | None = None,
) -> tuple[Discovery, Outlook]:
    """Read a log by the names that a playbook gives, and say what the next days bring and whether to believe it.

    `cost_a_day` is what a day costs that a deal is worked on, if people know it: deals are given up by that.
    """
    declared = None if playbook is None else declare(playbook)
    discovery = discover(read_log(source, under_names(options, declared)))
    found = outlook(discovery, days, quota, {} if declared is None else _chances(declared))
    return discovery, replace(found, give_ups=give_ups(discovery.log, cost_a_day))


def _chances(declared: Declared) -> dict[str, float]:
    """Return the probabilities that people declared for stages, by folded name; what was drafted from deals is none."""
    stages = () if declared.drafted else declared.playbook.stages
    named = [(name, one.probability) for one in stages for name in (one.name, *one.aliases)]
    return {fold(name): chance for name, chance in named if chance is not None}


def what_if_of(source: str | Path, playbook: str | Path, options: Options, edits: Sequence[str]) -> Predicted:
    """Read a log by the names that a playbook gives, and say what changes of the flow would do, all together."""
    declared = declare(playbook)
    log = read_log(source, under_names(options, declared))
    aliases = {fold(name): stage.name for stage in declared.playbook.stages for name in (stage.name, *stage.aliases)}
    return predict(discover(log), edits, aliases)


def against_model(source: str | Path, reference: Reference, options: Options, seconds: float) -> Compared:
    """Read a log by the names of a BPMN or PNML model, and hold its deals against that; `seconds` for each path."""
    names = names_in(reference, options.names)
    return compare(discover(read_log(source, replace(options, names=names))), reference, seconds)


def read_by(source: str | Path, playbook: str | Path | None, options: Options) -> EventLog:
    """Read a log by the names that a playbook gives, if there is one."""
    return read_log(source, under_names(options, None if playbook is None else declare(playbook)))


def speaks_of(log: EventLog, declared: Declared) -> None:
    """Refuse a playbook none of whose stages occurs in the log: every deal would leave it, and nothing be learnt."""
    stages = [stage.name for stage in log.stages if stage.kind == "open"]
    if stages and not declared.drafted and not set(stages) & set(_names(declared).order):
        message = "names no stage that occurs in this log; is it the right playbook?"
        hint = (
            f"Its stages: {say_list(declared.playbook.names, 8)}. The log's: {say_list(stages, 8)}. Aliases join them."
        )
        raise InputError(message, Place(declared.file), hint)


def study_of(source: str | Path, playbook: str | Path | None, options: Options, draft_file: str = DRAFT) -> Study:
    """Read a log by the names that a playbook gives, and study it."""
    declared = None if playbook is None else declare(playbook)
    return study(read_log(source, under_names(options, declared)), declared, draft_file)


def under_names(options: Options, declared: Declared | None) -> Options:
    """Return the options with the playbook's names where the user gave none, and the deals that it is for."""
    if declared is None:
        return options
    names, given = _names(declared), options.names
    if given.insist:
        names = replace(names, won=given.won, lost=given.lost, insist=True)
    names = replace(names, lenient=given.lenient)
    return replace(options, names=names, applies_to=declared.playbook.applies_to)
