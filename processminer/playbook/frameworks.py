"""Ready blocks of qualification: what is to be established about a deal, and how many of it are enough."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Framework:
    """A way to qualify deals."""

    elements: tuple[str, ...]
    enough: int
    """How many of the elements a deal needs, unless the playbook says `at_least`."""
    questions: tuple[str, ...]
    """What to find out for each element, in a sales manager's words."""


FRAMEWORKS = {
    "BANT": Framework(
        ("Budget", "Authority", "Need", "Timeline"),
        3,
        (
            "Is there money for it, and how much?",
            "Who may sign, and have we met them?",
            "Which problem do we solve, and what does it cost them?",
            "By when do they want it solved, and why then?",
        ),
    ),
    "MEDDIC": Framework(
        ("Metrics", "Economic buyer", "Decision criteria", "Decision process", "Identify pain", "Champion"),
        6,
        (
            "Which figure of theirs gets better, and by how much?",
            "Who controls the money?",
            "By what will they choose?",
            "Who decides in which steps, by when?",
            "What hurts enough to act?",
            "Who wants us to win, and has a say?",
        ),
    ),
    "MEDDPICC": Framework(
        (
            "Metrics",
            "Economic buyer",
            "Decision criteria",
            "Decision process",
            "Paper process",
            "Identify pain",
            "Champion",
            "Competition",
        ),
        8,
        (
            "Which figure of theirs gets better, and by how much?",
            "Who controls the money?",
            "By what will they choose?",
            "Who decides in which steps, by when?",
            "Which papers have to be signed, by whom, and how long does it take?",
            "What hurts enough to act?",
            "Who wants us to win, and has a say?",
            "Against whom do we stand, doing nothing included?",
        ),
    ),
    "SPICED": Framework(
        ("Situation", "Pain", "Impact", "Critical event", "Decision"),
        5,
        (
            "What is their position, in facts?",
            "What hurts?",
            "What is it worth to them when it is solved?",
            "What happens if it is not solved by when?",
            "Who decides how?",
        ),
    ),
}
"""By the name that `uses` gives."""
