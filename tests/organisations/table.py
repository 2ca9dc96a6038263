"""Rows of the table: how audits did on organisations with the same thing planted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from tests.organisations.audited import Verdict

COLUMNS = ("right", "undec.", "missed", "strays", "fooled", "promises", "truth in range", "faulty edits")
HEAD = f"{'':<26}{'runs':>5}" + "".join(f"{name:>{max(7, len(name) + 2)}}" for name in COLUMNS)


@dataclass(slots=True)
class Row:
    """The audits of organisations with the same thing planted."""

    name: str
    verdicts: list[Verdict] = field(default_factory=list[Verdict])

    @property
    def right(self) -> int:
        """What was planted and proposed, by kind and subject."""
        return sum(len(one.found) for one in self.verdicts)

    @property
    def undecided(self) -> int:
        """What was planted and is told to take more deals."""
        return sum(len(one.undecided) for one in self.verdicts)

    @property
    def missed(self) -> int:
        """What was planted, and of which nothing is told."""
        return sum(len(one.missed) for one in self.verdicts)

    @property
    def strays(self) -> int:
        """Audits with a revision that answers nothing that was planted."""
        return sum(bool(one.strays) for one in self.verdicts)

    @property
    def fooled(self) -> int:
        """Audits with a revision on a decoy."""
        return sum(bool(one.fooled) for one in self.verdicts)

    @property
    def promising(self) -> int:
        """Audits with a revision that promises an effect."""
        return sum(any(one["grade"] in "AB" for one in verdict.document["revisions"]) for verdict in self.verdicts)

    @property
    def covered(self) -> tuple[bool, ...]:
        """Whether each true effect lies in the printed range."""
        return tuple(one for verdict in self.verdicts for one in verdict.covered)

    @property
    def faulty(self) -> int:
        """Audits with an edit that is no good."""
        return sum(bool(one.faults) for one in self.verdicts)

    def __str__(self) -> str:
        covered = f"{sum(self.covered)} of {len(self.covered)}"
        cells = (
            self.right,
            self.undecided,
            self.missed,
            self.strays,
            self.fooled,
            self.promising,
            covered,
            self.faulty,
        )
        told = "".join(f"{cell:>{max(7, len(name) + 2)}}" for cell, name in zip(cells, COLUMNS, strict=True))
        return f"{self.name:<26}{len(self.verdicts):>5}{told}"


def total(rows: Iterable[Row], name: str) -> Row:
    """Return rows as one."""
    return Row(name, [verdict for row in rows for verdict in row.verdicts])


def told(verdict: Verdict, *, all_effects: bool = False) -> Iterator[str]:
    """Yield what is worth looking at in one audit."""
    yield from (f"missed {one.kind} {one.subject}" for one in verdict.missed)
    for wanted, row in verdict.undecided:
        yield f"undecided {wanted.kind} {wanted.subject}: {row['needed_deals']} deals"
    for one in verdict.strays:
        mark = "FOOLED" if one in verdict.fooled else "stray"
        yield f"{mark} {one['kind']} {one['subject']} {one['grade']} {_rules(verdict, one['because'])}"
    yield from verdict.faults
    for (revision, truth), covered in zip(verdict.truths, verdict.covered, strict=True):
        if all_effects or not covered:
            effect = revision["effect"]["win_rate"]
            yield (
                f"{'in' if covered else 'OUT'}: {revision['kind']} {revision['subject']} {revision['grade']}: true"
                f" {100 * truth.deciding:.1f} ({100 * truth.overall:.1f} overall), printed {100 * effect['low']:.1f}"
                f" to {100 * effect['high']:.1f}"
            )


def _rules(verdict: Verdict, because: Sequence[str]) -> str:
    return ", ".join(one["rule"] for one in verdict.document["findings"] if one["id"] in because)
