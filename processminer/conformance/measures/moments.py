"""When deals left the playbook: the step at which each path broke its order, and what the rules' verdicts point to."""

from __future__ import annotations

from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from processminer.conformance.measures.queries import run
from processminer.conformance.queries import put, rows
from processminer.conformance.rules.limits import Limit
from processminer.conformance.walks import places_of, resumed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from processminer.conformance.breaches import Breach
    from processminer.conformance.conformance import Alignment
    from processminer.conformance.deviations import Held, Told
    from processminer.conformance.walks import Walk
    from processminer.log.eventlog import EventLog
    from processminer.playbook.model import Playbook


def put_moments(
    log: EventLog,
    playbook: Playbook,
    walks: Sequence[Walk],
    told: Sequence[Told],
    held: Sequence[Held],
    path_breaches: Sequence[Breach],
) -> None:
    """Make the views `deal_reaches` and `deal_moves` of what was found; nothing is computed before they are read.

    `deal_reaches(deal, kind, subject, stage)`: the deals that came to what a deviation is about. `deal_moves(deal,
    kind, subject, stage, moment, days_over)`: each deviation of a deal with its moment: that of the step that broke
    the order; for a time limit, when it passed first; for what is due on leaving a stage, when the deal left it, and
    for what is due on coming to it, when it came; else its close. `path_breaches` come behind those of the rules.
    """
    relations = log.relations
    put(relations, "path_stages", {"path": "INTEGER", "stages": "VARCHAR[]"},
        [(at, list(each.alignment.path)) for at, each in enumerate(told)])  # fmt: skip
    limits = [held_one.rule.days if isinstance(held_one.rule, Limit) else None for held_one in held]
    put(relations, "rule_places", {"rule": "INTEGER", "place": "SMALLINT"},
        [(at, one.rule.place) for at, one in enumerate(held)])  # fmt: skip
    numbers = {(breach.kind, breach.subject, breach.stage): at for at, breach in enumerate(path_breaches)}
    put(relations, "variant_moments", {"variant": "INTEGER", "number": "INTEGER", "step": "INTEGER"},
        [(variant, numbers[breach.kind, breach.subject, breach.stage], step)
         for variant, breach, step in _steps(log, playbook, walks, told)])  # fmt: skip
    put(relations, "order_breaches", {"number": "INTEGER", "kind": "VARCHAR", "subject": "VARCHAR", "stage": "VARCHAR"},
        [(at, breach.kind, breach.subject, breach.stage) for at, breach in enumerate(path_breaches)])  # fmt: skip
    put(relations, "looked_at", {"as_of": "TIMESTAMP"}, [(log.as_of.replace(tzinfo=None),)])
    run(relations, "deal_over" if any(days is not None for days in limits) else "no_deal_over")
    run(relations, "deal_reaches")
    run(relations, "deal_moves")


def _steps(
    log: EventLog, playbook: Playbook, walks: Sequence[Walk], told: Sequence[Told]
) -> Iterator[tuple[int, Breach, int]]:
    """Yield for each variant what its path breaks, and the step, counted from 1, at which it does."""
    places = places_of(log.stages, playbook)
    names = [playbook.names[at - 1] if at > 0 else stage.name for at, stage in zip(places, log.stages, strict=True)]
    explained = {(each.alignment.path, each.alignment.ending): each for each in told}
    codes_of: dict[int, tuple[list[int], int | None]] = {
        variant: (codes, close) for variant, _, codes, _, close in rows(log.relations, "distinct_walks")
    }
    for walk in walks:
        each = explained.get((walk.path, walk.ending))
        if each is None or not each.breaches:
            continue
        codes, close = codes_of[walk.variant]
        walked = codes[: close - 1] if close else codes
        kept = resumed(range(len(walked)), [places[code] for code in walked])
        begins = [next(same) + 1 for _, same in groupby(kept, key=lambda at: names[walked[at]])]
        for breach in sorted(each.breaches, key=lambda one: (one.kind, one.subject)):
            at = step_of(breach, each.alignment, playbook)
            yield walk.variant, breach, begins[at] if at < len(begins) else (close or len(codes))


def step_of(breach: Breach, alignment: Alignment, playbook: Playbook) -> int:
    """Return which step of its path, counted from 0, broke something first; as many as it has for the close."""
    path = alignment.path
    known = [at for at, stage in enumerate(path) if stage in playbook.names]
    if breach.kind in {"skipped", "not-repeated"}:
        return _left_out(breach.subject, alignment, playbook, known)
    if breach.kind == "too-many-visits":
        return _once_more(breach.subject, path, playbook, known)
    if " -> " in breach.subject and breach.stage is not None:
        pairs = ((at, path[before], path[at]) for before, at in pairwise(known))
        return next((at for at, source, target in pairs if f"{source} -> {target}" == breach.subject), len(path))
    return next((at for at, stage in enumerate(path) if stage == breach.subject), len(path))


def _left_out(stage: str, alignment: Alignment, playbook: Playbook, known: Sequence[int]) -> int:
    """Return the step that jumped over a stage: the alignment says it, else the first jump over it in the list."""
    done = 0
    for step in alignment.steps:
        if step.kind == "model" and step.stage == stage:
            return done
        done += step.kind != "model"
    place = {name: at for at, name in enumerate(playbook.names)}
    path = alignment.path
    jumps = (at for before, at in pairwise(known) if place[path[before]] < place[stage] < place[path[at]])
    return next(jumps, len(path))


def _once_more(stage: str, path: Sequence[str], playbook: Playbook, known: Sequence[int]) -> int:
    """Return the first visit to a stage beyond those that it may have."""
    declared = playbook.stage(stage)
    most = 1 if declared is None or declared.max_visits is None else declared.max_visits
    visits = [next(same) for name, same in groupby(known, key=lambda at: path[at]) if name == stage]
    return visits[most] if most < len(visits) else len(path)
