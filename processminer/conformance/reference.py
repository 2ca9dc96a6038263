"""Deals against a process model that is given as BPMN or PNML instead of a playbook."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from processminer.conformance.breaches import Breach
from processminer.conformance.conformance import Alignment, Conformance, Deviation, Step
from processminer.conformance.deviations import Count, deviation_of
from processminer.conformance.queries import rows, run
from processminer.conformance.walks import read_walks
from processminer.engines.model_xml import ModelText, looks_like_xml, read_model_text
from processminer.engines.petri_models import Fit, Model, align_to_model, label_key
from processminer.errors import InputError, Place
from processminer.log.names import Names
from processminer.log.words_known import outcome_of
from processminer.playbook.model import Playbook
from processminer.playbook.parts.outcomes import Outcomes
from processminer.playbook.parts.stages import Stage
from processminer.playbook.read import read_text
from processminer.words import say_count, say_percent

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from processminer.conformance.align import Ending
    from processminer.conformance.walks import Walk
    from processminer.discovery.discovery import Discovery
    from processminer.engines.relations import Relations
    from processminer.log.eventlog import EventLog, IngestReport

SECONDS = 5.0
"""What each path may take unless something else is asked for: most take a hundredth of one."""

MOST_PROCESSES = 8
"""Each holds pm4py, a third of a GB."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A model as its file has it."""

    file: str
    text: str
    told: ModelText


@dataclass(frozen=True, slots=True)
class Compared:
    """Deals against a model: what is told of a playbook too, over the deals that were decided."""

    file: str
    kind: str
    steps: tuple[str, ...]
    """What the model calls the steps that a deal takes, in the order of its file."""
    found: Conformance
    seconds: float
    """What each path was given."""
    paths: int
    """Distinct paths and endings."""
    undecided_paths: int
    undecided_deals: int
    """Deals whose path was not decided in that time: neither conforming nor not."""
    examples: tuple[str, ...]
    """The first few of them."""
    declared: Playbook
    """The model's steps as stages without rules, for what goes by their names."""
    ingest: IngestReport
    """What was read of the log."""


def read_reference(path: str | Path) -> Reference | None:
    """Return the model that a file holds, or None if it holds no XML and so may be a playbook.

    Raises PlaybookError, with file and line, for XML that is no model that can be used.
    """
    text = read_text(path)
    return Reference(str(path), text, read_model_text(text, str(path))) if looks_like_xml(text) else None


def names_in(reference: Reference, given: Names) -> Names:
    """Return the names by which a log is read: the model's steps, and those that mean won or lost by common words."""
    labels = (*reference.told.steps, *reference.told.ends)
    ended = {label: outcome_of(label) for label in labels}
    said = {label_key(name) for name in (*given.won, *given.lost)}
    order = tuple(
        one for one in reference.told.steps if ended[one] not in {"won", "lost"} and label_key(one) not in said
    )
    return Names(order=order, won=given.won, lost=given.lost, insist=given.insist, lenient=given.lenient)


def compare(
    discovery: Discovery, reference: Reference, seconds: float = SECONDS, processes: int | None = None
) -> Compared:
    """Return how far deals are from a model, every move on log or on model at a cost of 1.

    A won deal is aligned to a whole run of the model that does not end in a loss, a lost or open one to the beginning
    of any run: a model says how deals are won. An end, or a step, that is called as the log calls won or lost means
    that. Each path has `seconds`; a path that is not decided in them counts nowhere but among the undecided. Raises
    InputError for a model of which no run comes to its end, EngineError for one that pm4py cannot read.
    """
    log = discovery.log
    won, lost = _ends(reference, log)
    declared = _declared(reference, won | lost)
    walks = read_walks(log, declared)
    deals: Counter[tuple[tuple[str, ...], Ending]] = Counter()
    for walk in walks:
        if walk.path:
            deals[walk.path, walk.ending] += walk.deals
    asked = sorted(deals)
    model = Model(reference.text, reference.told.kind, won, lost, reference.told.steps)
    shortest = _shortest(model, reference, seconds)
    fits = _fits(model, asked, seconds, processes or min(MOST_PROCESSES, os.cpu_count() or 1))
    spelled = {label_key(name): name for name in declared.names}
    told = [_alignment(*one, fits[one], shortest, spelled) for one in asked]
    undecided = [at for at, alignment in enumerate(told) if alignment is None]
    decided = [(each, deals[each.path, each.ending]) for each in told if each is not None]
    breaches = [_breaches(each, declared) if each is not None else frozenset[Breach]() for each in told]
    _put(log.relations, walks, asked, breaches, undecided)
    ((examples,),) = rows(log.relations, "undecided")
    return Compared(
        file=reference.file,
        kind={"bpmn": "BPMN", "pnml": "PNML"}[reference.told.kind],
        steps=declared.names,
        found=_conformance(decided, breaches, log.relations),
        seconds=seconds,
        paths=len(asked),
        undecided_paths=len(undecided),
        undecided_deals=sum(deals[asked[at]] for at in undecided),
        examples=tuple(examples or ()),
        declared=declared,
        ingest=log.ingest,
    )


def _ends(reference: Reference, log: EventLog) -> tuple[frozenset[str], frozenset[str]]:
    """Return the model's labels that mean won, and those that mean lost: by the log's stages, else by common words."""
    kinds = {label_key(stage.name): stage.kind for stage in log.stages}
    labels = {label_key(label): label for label in (*reference.told.steps, *reference.told.ends)}
    meant = {key: kinds.get(key) or outcome_of(label) for key, label in labels.items()}
    won, lost = (frozenset(key for key, kind in meant.items() if kind == one) for one in ("won", "lost"))
    return won, lost


def _declared(reference: Reference, ends: frozenset[str]) -> Playbook:
    steps: dict[str, str] = {}
    for label in reference.told.steps:
        if label_key(label) not in ends:
            steps.setdefault(label_key(label), label)
    if not steps:
        message = "names no step but ends."
        raise InputError(message, Place(reference.file), "Is it the right model?")
    stages = tuple(Stage(name=name) for name in steps.values())
    return Playbook(name=reference.file, stages=stages, outcomes=Outcomes(won=(), lost=()))


def _shortest(model: Model, reference: Reference, seconds: float) -> int:
    """Return the moves of the model's shortest run, which a deal without a step would miss."""
    (fit,) = align_to_model(model, [((), False)], seconds)
    if isinstance(fit, Fit):
        return fit.cost
    place = Place(reference.file)
    if fit == "time":
        message = f"has no run to its end that is found in {seconds:g} seconds."
        raise InputError(message, place, "Give it more with --time-limit-per-variant, or check a smaller model.")
    message = "has no run that comes from its start to an end that is not a loss."
    raise InputError(message, place, "Follow its flows: does a gateway wait for a branch that never comes?")


def _fits(
    model: Model, asked: Sequence[tuple[tuple[str, ...], Ending]], seconds: float, processes: int
) -> Mapping[tuple[tuple[str, ...], Ending], Fit | None]:
    """Return the alignment of each path and ending; a lost deal and an open one are asked for at once."""
    distinct = list(dict.fromkeys((path, ending != "won") for path, ending in asked))
    found = dict(zip(distinct, align_to_model(model, distinct, seconds, processes), strict=True))
    decided = {one: fit if isinstance(fit, Fit) else None for one, fit in found.items()}
    return {one: decided[one[0], one[1] != "won"] for one in asked}


def _alignment(
    path: tuple[str, ...], ending: Ending, fit: Fit | None, shortest: int, spelled: Mapping[str, str]
) -> Alignment | None:
    if fit is None:
        return None
    steps = tuple(Step(kind, spelled.get(label, label) if kind == "model" else label) for kind, label in fit.steps)
    return Alignment(path, ending, fit.cost, len(path) + (shortest if ending == "won" else 0), steps)


def _breaches(alignment: Alignment, declared: Playbook) -> frozenset[Breach]:
    """Return what an alignment says that a path breaks: moves on log are undeclared, moves on model skipped."""
    return frozenset(
        Breach("skipped", step.stage, step.stage)
        if step.kind == "model"
        else Breach("undeclared", step.stage, step.stage if step.stage in declared.names else None)
        for step in alignment.steps
        if step.kind != "sync"
    )


def _put(
    relations: Relations,
    walks: Sequence[Walk],
    asked: Sequence[tuple[tuple[str, ...], Ending]],
    breaches: Sequence[frozenset[Breach]],
    undecided: Sequence[int],
) -> None:
    number = {one: at for at, one in enumerate(asked)}
    place = {breach: at for at, breach in enumerate(_ordered(breaches))}
    walked = [(walk.variant, number[walk.path, walk.ending]) for walk in walks if walk.path]
    broken = [(path, at) for path, those in enumerate(breaches) for at in sorted(place[one] for one in those)]
    for name, columns, table in (
        ("variant_paths", ("variant", "path"), walked),
        ("path_breaches", ("path", "breach"), broken),
    ):
        values = list(zip(*table, strict=True)) if table else [(), ()]
        relations.put(name, dict(zip(columns, values, strict=True)), dict.fromkeys(columns, "INTEGER"))
    relations.put("undecided_paths", {"path": undecided}, {"path": "INTEGER"})
    run(relations, "model_breaches")


def _ordered(breaches: Iterable[frozenset[Breach]]) -> list[Breach]:
    return sorted({one for those in breaches for one in those}, key=lambda one: (one.kind, one.subject))


def _conformance(
    decided: Sequence[tuple[Alignment, int]], breaches: Sequence[frozenset[Breach]], relations: Relations
) -> Conformance:
    whole = sum(deals for _, deals in decided)
    fitting = Counter[str]()
    for each, deals in decided:
        fitting["violating" if each.cost else "pending" if each.ending == "open" else "conforming"] += deals
    ordered = _ordered(breaches)
    deviations = [
        _deviation(ordered[int(breach)], Count(deals, won, lost, still, tuple(examples)), decided, whole)
        for breach, deals, won, lost, still, examples in rows(relations, "breach_counts")
    ]
    return Conformance(
        fitness=sum(each.fitness * deals for each, deals in decided) / whole if whole else 1.0,
        deals_conforming=fitting["conforming"],
        deals_violating=fitting["violating"],
        deals_pending=fitting["pending"],
        deviations=tuple(sorted(deviations, key=lambda one: (-one.deals, one.kind, one.subject))),
        obligations=(),
        alignments=tuple(each for each, _ in sorted(decided, key=lambda one: -one[0].cost)),
        declared_moves=frozenset(),
        move_counts={},
    )


def _deviation(breach: Breach, count: Count, decided: Sequence[tuple[Alignment, int]], whole: int) -> Deviation:
    subject = breach.subject
    if breach.stage is None:
        reached, said = whole, f"passed through {subject}, which the model does not know"
    elif breach.kind == "skipped":
        reached = _having(subject, decided, ("sync", "model"))
        said = f"that came to {subject} or past it left it out, although the model asks for it"
    else:
        reached = _having(subject, decided, ("sync", "log"))
        said = f"that were in {subject} were there where the model has no {subject}"
    share = say_percent(count.deals / reached)
    sentence = f"{count.deals:,} of {say_count(reached, 'deal')} ({share}) {said}."
    return deviation_of(breach, count, reached, sentence, None)


def _having(stage: str, decided: Sequence[tuple[Alignment, int]], kinds: tuple[str, str]) -> int:
    """Return the deals whose alignment has such a step of this stage."""
    return sum(
        deals for each, deals in decided if any(step.stage == stage and step.kind in kinds for step in each.steps)
    )
