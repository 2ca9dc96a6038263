"""What the team answered, read back and counted."""

from __future__ import annotations

import csv
import io
import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from processminer.errors import Fault, InputError, Place
from processminer.report.survey.questions import OTHER, PROMOTER
from processminer.statistics.interval import Interval
from processminer.statistics.proportions import normal_quantile
from processminer.words import say_list

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from processminer.report.survey.questions import Question

NEEDED = ("question", "person", "answer", "comment")


@dataclass(frozen=True, slots=True)
class Answer:
    """What one person said to one question."""

    question: str
    person: str
    answer: str
    comment: str


@dataclass(frozen=True, slots=True)
class Tally:
    """The answers to one question."""

    question: Question
    counts: tuple[tuple[str, int], ...]
    """Wording to how many chose it, the most frequent first; empty for the promoter score."""
    people: int
    comments: tuple[str, ...]
    score: Interval | None
    """Of the promoter question: promoters (9 and 10) less detractors (0 to 6), in points from -100 to 100, with 95 %
    limits; None with fewer than two answers (Reichheld, 2003)."""


@dataclass(frozen=True, slots=True)
class Survey:
    """All that came back."""

    tallies: tuple[Tally, ...]
    """In the order of the questions; those that nobody answered too."""
    no_longer_asked: int
    """Answers to questions that the log no longer gives rise to."""
    repeated: int
    """Answers of a person to a question that this person answered again further down: the last one counts."""


def read_answers(files: Sequence[Path], questions: Sequence[Question]) -> Survey:
    """Return what came back in these files, which are sheets or what the page saved.

    A row without an answer and without a comment was left empty. Raises InputError with every fault: a missing column,
    a question without a name, an answer that is none of those offered.
    """
    known = {question.id: question for question in questions}
    faults: list[Fault] = []
    rows = [row for file in files for row in _rows(file, faults)]
    answers = [answer for place, answer in rows if _fits(answer, known.get(answer.question), place, faults)]
    if faults:
        raise InputError("\n".join(map(str, faults)), hint="Mend these rows, or leave their answer empty.")
    own = [answer for answer in answers if answer.question in known]
    # Of a person who answered twice the last answer counts; who gave no name is somebody else in every row.
    last = {(one.question, one.person or f"#{place}"): one for place, one in enumerate(own)}
    return Survey(
        tallies=tuple(_tally(one, [said for said in last.values() if said.question == one.id]) for one in questions),
        no_longer_asked=len(answers) - len(own),
        repeated=len(own) - len(last),
    )


def _rows(file: Path, faults: list[Fault]) -> Iterator[tuple[Place, Answer]]:
    """Yield the rows of a file that hold an answer or a comment, with their places."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        faults.append(Fault("is not there.", Place(str(file)), "Look at its name."))
        return
    except (OSError, UnicodeDecodeError) as error:
        faults.append(
            Fault(f"cannot be read ({error.__class__.__name__}).", Place(str(file)), "Save it as CSV, UTF-8.")
        )
        return
    first = text.partition("\n")[0]
    comma = ";" if first.count(";") > first.count(",") else ","
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=comma, strict=True)
    missing = [name for name in NEEDED if name not in (reader.fieldnames or ())]
    if missing:
        faults.append(
            Fault(f"has no column {say_list(missing)}.", Place(str(file), 1), "Start from the survey's sheet.")
        )
        return
    try:
        for row in reader:
            place = Place(str(file), reader.line_num)
            said = Answer(*((row[name] or "").strip() for name in NEEDED))
            if row.get(None):
                hint = "Put a comment with commas in it in quotation marks."
                faults.append(Fault("has more cells than the sheet has columns.", place, hint))
            elif said.answer or said.comment:
                yield place, said
    except csv.Error as error:
        hint = "Is a quotation mark opened and not closed?"
        faults.append(Fault(f"cannot be read as CSV from here on ({error}).", Place(str(file), reader.line_num), hint))


def _fits(said: Answer, question: Question | None, place: Place, faults: list[Fault]) -> bool:
    """Tell whether an answer can be counted; what is wrong with it goes to the faults."""
    if not said.question:
        faults.append(Fault("answers no question.", place, "The column 'question' holds its name."))
        return False
    if question is not None and said.answer and said.answer not in question.keys:
        hint = f"It may be: {say_list(question.keys, 12)}."
        faults.append(Fault(f"{said.answer!r} is no answer to '{question.id}'.", place, hint))
        return False
    return True


def _tally(question: Question, answers: Sequence[Answer]) -> Tally:
    given = [one.answer for one in answers if one.answer]
    wording = {**dict(question.choices), OTHER: "Something else"}
    promoter = question.id == PROMOTER
    counted = [] if promoter else sorted(Counter(given).items(), key=lambda one: (-one[1], question.keys.index(one[0])))
    return Tally(
        question=question,
        counts=tuple((wording[key], number) for key, number in counted),
        people=len(given),
        comments=tuple(one.comment for one in answers if one.comment),
        score=promoter_score([int(one) for one in given]) if promoter else None,
    )


def promoter_score(given: Sequence[int]) -> Interval | None:
    """Return promoters less detractors in points of a hundred answers; None with fewer than two answers.

    The limits are those of a mean of values 1, 0 and -1.

    >>> promoter_score([10, 9, 8, 3])
    Interval(estimate=25.0, low=-68.83, high=100.0)
    """
    if len(given) < 2:
        return None
    votes = [(one >= 9) - (one <= 6) for one in given]
    mean = sum(votes) / len(votes)
    spread = math.sqrt(sum((one - mean) ** 2 for one in votes) / (len(votes) - 1) / len(votes))
    half = normal_quantile(0.95) * spread
    return Interval(*(round(100 * end, 2) for end in (mean, max(-1.0, mean - half), min(1.0, mean + half))))
