"""`processminer explain`: the manual page of a rule, or of a quirk of exports."""

from __future__ import annotations

import click

from processminer.cli.terminal import say


@click.command("explain")
@click.argument("rule", required=False)
def command(rule: str | None) -> None:
    """Explain a RULE (what is wrong, its symptom, its remedy) or a quirk of exports. Without RULE, list the rules."""
    from processminer.findings.manual import explain, rules
    from processminer.log.quirks.catalogue import explain_quirk, quirks

    if rule is None:
        say("\n".join(rules()))
    else:
        say(explain_quirk(rule) if rule in quirks() else explain(rule))
