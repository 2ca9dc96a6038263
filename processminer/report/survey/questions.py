"""Which questions are asked: at most ten, about the deviations behind proposals and behind what cannot be told."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from processminer.findings.pattern import say_part
from processminer.report.escape import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from processminer.findings.finding import Finding
    from processminer.study import Study

MOST = 10
"""A form of more questions is not answered."""

PROMOTER = "promoter"
"""The id of the question that the promoter score comes from."""

OTHER = "other"

Choices = tuple[tuple[str, str], ...]

_SKIPPED: Choices = (
    ("not-needed", "It was not needed for these deals"),
    ("buyer", "The buyer did not want it"),
    ("no-time", "There was no time for it"),
    ("not-recorded", "It was done, but not recorded"),
    ("not-known", "I did not know that it is asked for"),
)
_RETURNED: Choices = (
    ("missing", "Something was missing when the deal went on"),
    ("buyer", "The buyer changed what they want"),
    ("too-early", "The deal had been moved on too early"),
    ("usual", "That is how we work"),
)
_WAITS: Choices = (
    ("decision", "For the buyer to decide"),
    ("papers", "For the buyer's lawyers or purchasing"),
    ("us", "For somebody of us"),
    ("not-moved", "For nothing: it was not moved on in the CRM"),
)
_NEW_STAGE: Choices = (
    ("own-work", "It is work of its own, and deals need it"),
    ("some", "Only some deals need it"),
    ("name", "It is another name for a stage that the playbook has"),
    ("not-needed", "It is not needed"),
)
_UNUSED: Choices = (
    ("never", "Never"),
    ("rarely", "In emergencies, and it should stay"),
    ("not-seen", "Yes, it is not recorded"),
)
_HELPS: Choices = (
    ("good-deals", "For deals that look good anyway"),
    ("all", "For all that there is time for"),
    ("buyer", "When the buyer asks for it"),
    ("habit", "Some of us do it, others never did"),
)
_AGREES: Choices = (("yes", "Yes"), ("partly", "In part"), ("no", "No"))


@dataclass(frozen=True, slots=True)
class Asking:
    """How a kind of finding is asked about; `{}` stands for its subject."""

    text: str
    choices: Choices


ASKINGS: Mapping[str, Asking] = MappingProxyType(
    {
        "required-stage-skipped": Asking("Why do deals leave out {}?", _SKIPPED),
        "stages-jumped": Asking("Why do deals jump {}?", _SKIPPED),
        "started-late": Asking("Why do deals begin at {}?", _SKIPPED),
        "required-task-not-done": Asking("Why is '{}' not done?", _SKIPPED),
        "task-done-late": Asking("Why is '{}' done only after the deal has gone on?", _SKIPPED),
        "criterion-not-met": Asking("Why do deals go on without {}?", _SKIPPED),
        "return-loop": Asking("Why do deals go back ({})?", _RETURNED),
        "stage-over-limit": Asking("What do deals wait for in {}?", _WAITS),
        "stage-waits": Asking("What do deals wait for in {}?", _WAITS),
        "silent-in-stage": Asking("What happens while nothing is heard of deals in {}?", _WAITS),
        "stale-deals": Asking("What do open deals wait for that have been silent for so long?", _WAITS),
        "undeclared-stage": Asking("What is {} for?", _NEW_STAGE),
        "unused-declared-move": Asking("Do you ever need what the playbook permits here: {}?", _UNUSED),
        "unrequired-step-helps": Asking("When do you do '{}'?", _HELPS),
    }
)
"""By rule. Whatever else stands behind a proposal is put as it was found, and asked whether it is so."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question, with the answers that can be ticked."""

    id: str
    """Stays the same as long as the same is asked about: `skipped Demo` of a rule, or `promoter`."""
    text: str
    known: str
    """What the log shows, so that nobody answers about a thing that hardly happens; empty for the promoter score."""
    choices: Choices
    """Key and wording; empty for the promoter score, which is a number from 0 to 10."""
    about: tuple[str, ...]
    """Ids of the proposals that it may change; empty where the log could not tell."""

    @property
    def keys(self) -> tuple[str, ...]:
        """What an answer may say."""
        return tuple(map(str, range(11))) if self.id == PROMOTER else (*(key for key, _ in self.choices), OTHER)


def questions_of(study: Study) -> tuple[Question, ...]:
    """Return the questions, those behind proposals first, then behind what cannot be told, the promoter score last."""
    asked = {question.id: question for question in _asked(study)}
    return (*list(asked.values())[: MOST - 1], _promoter(study))


def _asked(study: Study) -> Iterator[Question]:
    findings = {finding.id: finding for finding in study.findings}
    about: dict[str, list[str]] = {}
    for revision in study.revisions:
        for id_ in revision.because:
            about.setdefault(id_, []).append(revision.id)
    for id_, proposals in about.items():
        if id_ in findings:
            yield _question(findings[id_], proposals)
    unsure = {one.subject for one in study.undecided}
    yield from (_question(one, ()) for one in study.findings if one.subject in unsure and one.id not in about)


def _question(finding: Finding, about: Sequence[str]) -> Question:
    subject = plain(finding.subject)
    asking = ASKINGS.get(finding.rule)
    shown = say_part(finding.evidence.n, finding.evidence.of)
    if asking is None:
        text, known, choices = "Is that how you see it?", plain(finding.message), _AGREES
    else:
        text, known, choices = asking.text.format(subject), f"The log shows it for {shown}.", asking.choices
    return Question(f"{finding.rule} {subject}", text, known, choices, tuple(about))


def _promoter(study: Study) -> Question:
    name = plain(study.declared.playbook.name)
    text = f"How likely is it that you would recommend to a new colleague to work by {name}?"
    return Question(PROMOTER, text, "", (), ())
