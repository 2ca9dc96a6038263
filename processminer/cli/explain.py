"""`processminer explain`: a rule's manual page."""

from __future__ import annotations

import click

from processminer.cli.terminal import say


@click.command("explain")
@click.argument("rule", required=False)
def command(rule: str | None) -> None:
    """Explain a RULE: what is wrong, its symptom and its remedy. Without RULE, list the rules."""
    from processminer.findings.manual import explain, rules

    say(explain(rule) if rule is not None else "\n".join(rules()))
