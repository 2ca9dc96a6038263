"""The pages behind the stages and roles: how deals end, metrics, materials, accepted deviations, changes, words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.playbook.frameworks import FRAMEWORKS
from processminer.report.book.book import Facts, Page, Paragraph, Run, Section, Table
from processminer.report.book.freshness import accepted_until, freshness
from processminer.report.book.places import criteria_of, tasks_of
from processminer.report.book.service_page import set_off_by
from processminer.report.book.wording import NOT_SAID, as_written, either, fact, line, listed, says, text
from processminer.words import fold

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from processminer.playbook.model import Playbook
    from processminer.playbook.parts.metrics import Metric
    from processminer.playbook.parts.upkeep import Material
    from processminer.report.book.book import Line
    from processminer.report.book.places import Places

GROUP = "Keeping it good"

_ACCEPTED = {
    "skipped": "the stage is skipped",
    "not-repeated": "the stage is not done again after a return",
    "undeclared": "deals pass through a stage that this book does not know",
    "returned": "deals go back",
    "started-late": "deals begin here",
    "over-time": "the time limit is passed",
    "task-missing": "the task is not done",
    "task-late": "the task is done late",
    "criterion-missing": "deals move on without the criterion",
    "entry-criterion-missing": "deals come in without the criterion",
    "too-many-visits": "deals come here more often",
    "too-long-silent": "deals are silent for longer",
    "too-few-contacts": "fewer people of the buyer take part",
    "wrong-owner": "another role owns the deal",
    "late-handover": "the deal is handed over late",
    "no-loss-reason": "no reason is given for a loss",
    "service-late": "service begins late",
}
"""What is accepted, by the kind of deviation."""

_COUNTED = {
    "win rate": "deals won, of those won or lost",
    "won lead time": "days from the first event of a deal to its win",
    "time in stage": "days in the stage",
    "conversion": "deals that go on from the stage, of those that came to it",
    "deals over limit": "open deals over their time limit, of all open deals",
    "no decision": "lost deals that nobody decided, of all lost deals",
    "fitness": "how closely deals follow this book, from 0 to 1",
}
"""How the log says a metric, by its measure."""


def outcomes_page(places: Places) -> Page:
    """Return how deals end, and what the ends are called."""
    outcomes = places.playbook.outcomes
    kinds = (*outcomes.no_decision, *outcomes.disqualified)
    lost = [name for name in outcomes.lost if name not in kinds]
    wins = [places.stage(name) for name in places.playbook.names if name in places.moves.wins]
    rows = [
        fact("Won", as_written(outcomes.won) if outcomes.won else NOT_SAID),
        fact("Won from", listed(wins, "or") if wins else Run("no stage yet", "missing")),
        fact("Lost", as_written(lost) if lost else Run("only as below") if kinds else NOT_SAID),
        fact("Lost to nobody", "the buyer did not decide: ", as_written(outcomes.no_decision) or NOT_SAID),
        fact("Disqualified", "it should not have been pursued: ", as_written(outcomes.disqualified) or NOT_SAID),
        fact("Lost from", "any stage"),
    ]
    reason = NOT_SAID if outcomes.loss_reason is None else text(outcomes.loss_reason, "code")
    rows.append(fact("Why it was lost", "every lost deal says so in the field ", reason))
    sets_off = set_off_by((*outcomes.won, *outcomes.lost), places)
    blocks = (Paragraph(line("As the CRM writes them:")), Facts((*rows, *sets_off)))
    return Page("outcomes", "How deals end", "After the sale", "Outcomes", (Section("The ends of a deal", blocks),))


def keeping_pages(places: Places, as_of: date | None) -> Iterator[Page]:
    """Yield what keeps the book good: metrics, materials, accepted deviations, changes, and its words."""
    playbook = places.playbook
    yield _page("metrics", "Metrics", "Few numbers that everybody looks at", _metrics(places))
    yield _page("materials", "Materials", "What tasks are done with", _materials(places, as_of))
    if playbook.accepted:
        yield _page("accepted", "Accepted deviations", "Allowed for a time", _accepted(playbook, as_of))
    yield _page("changes", "Changes", "What changed, and why", _changes(playbook))
    words = Section("What the words of this book mean", (_words(places),))
    yield Page("words", "Words", GROUP, "Glossary", (words,), sheet=False)


def _page(page: str, title: str, section: str, block: Table | None) -> Page:
    sections = (Section(section, (block or Paragraph((NOT_SAID,)),)),)
    return Page(page, title, GROUP, "For the whole team", sections, sheet=page == "metrics")


def _metrics(places: Places) -> Table | None:
    rows = tuple(
        ((text(one.name, "strong"),), (either(one.target),), (places.role(one.owner),), _counted(one, places))
        for one in places.playbook.metrics
    )
    return Table(("Metric", "Target", "Owner", "How it is counted"), rows) if rows else None


def _counted(metric: Metric, places: Places) -> Line:
    told = line("by people" if metric.measure is None else f"{metric.measure}: {_COUNTED[metric.measure]}")
    return told if metric.stage is None else line(told, ", in ", places.stage(metric.stage))


def _materials(places: Places, as_of: date | None) -> Table | None:
    playbook = places.playbook
    used: dict[str, list[Line]] = {fold(one.name): [] for one in playbook.materials}
    named = {fold(one.name): one.name for one in playbook.materials}
    for stage, task in tasks_of(playbook):
        if task.material and task.material.strip():
            named.setdefault(fold(task.material), task.material)
            used.setdefault(fold(task.material), []).append(line(text(task.do), " (", places.stage(stage.name), ")"))
    known: dict[str, Material] = {fold(one.name): one for one in playbook.materials}
    rows = tuple(
        (
            (text(named[key], "strong"),),
            _where(named[key], known.get(key), places),
            (places.role(known[key].owner if key in known else None),),
            (freshness(known[key].reviewed, playbook.review_every, as_of) if key in known else NOT_SAID,),
            listed(tasks) if tasks else line("no task"),
        )
        for key, tasks in used.items()
    )
    return Table(("Material", "Where", "Owner", "State", "Used for"), rows) if rows else None


def _where(name: str, material: Material | None, places: Places) -> Line:
    said = name if material is None or not says(material.where) else str(material.where)
    address = places.address(name)
    return (NOT_SAID,) if said == name and address is None else (text(said, address=address),)


def _accepted(playbook: Playbook, as_of: date | None) -> Table:
    rows = tuple(
        (
            (text(one.subject, "strong"),),
            line(_ACCEPTED[one.deviation]),
            deals_meant(one.where),
            (text(one.because),),
            (accepted_until(one, as_of),),
        )
        for one in playbook.accepted
    )
    return Table(("Where", "What is accepted", "For which deals", "Why", "Until"), rows)


def deals_meant(where: dict[str, tuple[str, ...]]) -> Line:
    """Say which deals are meant by attributes and their values."""
    if not where:
        return line("all deals")
    said = [
        line(text(attribute, "code"), " is ", as_written(values) if values else NOT_SAID)
        for attribute, values in where.items()
    ]
    return listed(said)


def _changes(playbook: Playbook) -> Table | None:
    rows = tuple(
        (
            (text(one.version, "strong"),),
            (NOT_SAID if one.day is None else Run(str(one.day)),),
            (text(one.why),),
            (either(one.evidence),),
        )
        for one in playbook.changes
    )
    return Table(("Version", "Day", "Why", "What it rests on"), rows) if rows else None


_WORDS = {
    "Deal": "one chance to sell something to one buyer, from its first stage to its end",
    "Stage": "where a deal stands; it is in one at a time",
    "Task": "something that somebody does in a stage, in four parts: who, how, with what, what comes out",
    "Criterion": "what must be true before a deal comes to a stage or moves on from it",
    "Filled": "a field that holds something other than no or 0, unless this book names the values that count",
    "Time limit": "how long a deal may stay in a stage; after it, somebody decides: on, back or lost",
    "Hand-over": "a deal passes from one role to another, with what the next one needs to know",
    "Not said yet": "the playbook leaves it open; whoever knows the answer tells the playbook's owner",
}


def _words(places: Places) -> Facts:
    rows = [fact(word, meaning) for word, meaning in _WORDS.items()]
    used = dict.fromkeys(criterion.uses or criterion.name for _, criterion in criteria_of(places.playbook))
    for name in used:
        if name in FRAMEWORKS:
            framework = FRAMEWORKS[name]
            rows.append(fact(name, "a way to qualify deals: ", listed(framework.elements)))
    return Facts(tuple(rows))
