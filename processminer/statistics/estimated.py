"""An estimate with its standard error and degrees of freedom: limits at any level, and tests against any bound."""

from __future__ import annotations

from dataclasses import dataclass

from processminer.statistics.interval import Interval


@dataclass(frozen=True, slots=True)
class Estimated:
    """What was estimated, how far it may be off, and how many independent pieces of evidence tell how far."""

    value: float
    error: float
    """Standard error; above 0."""
    freedom: float
    """Degrees of freedom of Student's t; infinite for a large sample of single units."""

    def interval(self, level: float = 0.95) -> Interval:
        """Return the two-sided limits at a level."""
        half = self._quantile(0.5 + level / 2) * self.error
        return Interval(self.value, self.value - half, self.value + half)

    @property
    def p_value(self) -> float:
        """Two-sided, against "the truth is 0"."""
        return 2 * min(self.chance_above(0.0), self.chance_below(0.0))

    def chance_above(self, bound: float) -> float:
        """Return the one-sided p-value against "the truth is `bound` or more"."""
        return self._below((self.value - bound) / self.error)

    def chance_below(self, bound: float) -> float:
        """Return the one-sided p-value against "the truth is `bound` or less"."""
        return self._below((bound - self.value) / self.error)

    def equivalence(self, margin: float) -> float:
        """Return the p-value against "the truth lies `margin` or more from 0" (two one-sided tests, Schuirmann, 1987).

        It is 0.05 exactly where the 90 % limits just touch the margin.
        """
        return max(self.chance_above(margin), self.chance_below(-margin))

    def _below(self, t: float) -> float:
        from scipy.special import stdtr  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType]

        return float(stdtr(self.freedom, t))  # pyright: ignore[reportUnknownArgumentType]

    def _quantile(self, share: float) -> float:
        from scipy.special import stdtrit  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType]

        return float(stdtrit(self.freedom, share))  # pyright: ignore[reportUnknownArgumentType]
