"""Every rule of the lint, in the order in which a reader would ask."""

from __future__ import annotations

from processminer.playbook.lint import care, flow, handovers, limits, metrics, naming, tasks

RULES = (*flow.RULES, *limits.RULES, *care.RULES, *handovers.RULES, *tasks.RULES, *naming.RULES, *metrics.RULES)
"""Rule names are public: they stand in the answers of the lint and never change silently."""
