"""What the team answered, in sentences to stand beside the evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.revisions.said import Said
from processminer.words import say_count

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from processminer.report.survey.answers import Survey, Tally

FIRST_COMMENTS = 3


def say_tally(tally: Tally) -> str:
    """Say how many answered what, and a few of their words; nobody's name is told."""
    if not tally.people and not tally.comments:
        return "Nobody has answered yet."
    told = [f"{number} of {tally.people}: {wording}" for wording, number in tally.counts]
    if tally.score is not None:
        score = tally.score
        told.append(
            f"promoter score {score.estimate:+.0f} (95 % limits {score.low:+.0f} to {score.high:+.0f}) from"
            f" {say_count(tally.people, 'answer')}"
        )
    elif not tally.counts and tally.people:
        told.append(f"{say_count(tally.people, 'answer')}, too few for a score")
    more = len(tally.comments) - FIRST_COMMENTS
    words = "; ".join(f"\u201c{one}\u201d" for one in tally.comments[:FIRST_COMMENTS])
    told += [words + (f" and {say_count(more, 'more comment')}" if more > 0 else "")] if words else []
    return "; ".join(told) + "."


def said_of(survey: Survey) -> Mapping[str, tuple[str, ...]]:
    """Return, by the id of a proposal, the questions about it with what was answered."""
    told: dict[str, list[str]] = {}
    for tally in survey.tallies:
        for id_ in tally.question.about:
            told.setdefault(id_, []).append(f"{tally.question.text} {say_tally(tally)}")
    return {id_: tuple(lines) for id_, lines in told.items()}


def told_by(survey: Survey) -> tuple[Said, ...]:
    """Return each question with what was answered and the proposals it is about, then what was left out."""
    about = [tally.question.about for tally in survey.tallies]
    questions = [tally.question.text for tally in survey.tallies]
    rest = list(say_survey(survey))[len(questions) :]
    answers = (say_tally(tally) for tally in survey.tallies)
    return (*map(Said, questions, answers, about), *(Said(asked, answered, ()) for asked, answered in rest))


def say_survey(survey: Survey) -> Iterator[tuple[str, str]]:
    """Yield each question with what was answered, then what was left out, each with its heading."""
    for tally in survey.tallies:
        about = f" ({', '.join(tally.question.about)})" if tally.question.about else ""
        yield f"{tally.question.text}{about}", say_tally(tally)
    if survey.no_longer_asked:
        yield "Left out", f"{say_count(survey.no_longer_asked, 'answer')} to questions that this log does not raise."
    if survey.repeated:
        yield "Answered twice", f"{say_count(survey.repeated, 'earlier answer')} of the same person; the last counts."
