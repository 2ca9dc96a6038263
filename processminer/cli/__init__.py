"""Parse, call, print, exit. No arithmetic; the one place where errors are shown.

A command's module is imported when the command is called, so that `--help` opens at once.
"""

from __future__ import annotations

import os
import sys
import traceback
from difflib import get_close_matches
from importlib import import_module
from typing import Any, NoReturn

import click

from processminer import __version__
from processminer.errors import ProcessminerError, Question

# The matrices of an audit are small: threads that wait for each other cost twice the work that they save.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

COMMANDS = {
    "audit": ("processminer.cli.audit", "The main job: read, compare, estimate, propose, and write the report."),
    "mine": ("processminer.cli.mine", "Show the stage flow that really happens."),
    "check": ("processminer.cli.check", "Compare deals with a playbook; a gate for CI."),
    "bottlenecks": (
        "processminer.cli.bottlenecks",
        "Say where deals wait, and where it would pay if they waited less.",
    ),
    "forecast": ("processminer.cli.forecast", "Say what the next months will bring, if that can be told."),
    "what-if": ("processminer.cli.what_if", "Say what a change of the flow would do, as a range."),
    "revise": ("processminer.cli.revise", "Print the proposed changes of a playbook as a diff, or apply chosen ones."),
    "compare": ("processminer.cli.compare", "Say whether a change of the playbook was lived, and whether it worked."),
    "explain": ("processminer.cli.explain", "Explain a rule, or a quirk of exports."),
    "doctor": ("processminer.cli.doctor", "Say what was recognised in an export and what is wrong with it."),
    "convert": ("processminer.cli.convert", "Write a log as Parquet, CSV, XES or OCEL 2.0, for other programs."),
    "report": ("processminer.cli.report", "Make the page again from an audit.json, without the log."),
    "playbook": ("processminer.cli.playbook", "Write, check and draw playbooks."),
    "show": ("processminer.cli.show", "Print a number's rows again, or the query behind it."),
}
"""Every verb, the module it lives in, and its line in the help."""


WORDS = "processminer.words"
"""Where a run keeps its own command line."""


class Verbs(click.Group):
    """The group that imports a verb when it is called, and turns faults into words and exit codes."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the verbs in the order a newcomer meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a verb."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(COMMANDS[cmd_name][0]).command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the verb; suggest the nearest where there is none of that name."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            close = get_close_matches(args[0], list(COMMANDS), 1)
            if not close or "Did you mean" in error.message:
                raise
            message = f"{error.message.rstrip('.')}. Did you mean {close[0]!r}?"
            raise click.UsageError(message, ctx) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the verbs without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, told) for name, (_, told) in COMMANDS.items()])

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Keep the words of the command, to run it again once a question is answered."""
        ctx.meta[WORDS] = tuple(args)
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a verb; say a fault of the user's input in words, keep a bug's traceback.

        What only a person can know is asked where one sits at the terminal, and the verb is run again with the answer.
        """
        words: tuple[str, ...] = ctx.meta[WORDS]
        try:
            return super().invoke(ctx)
        except Question as question:
            from processminer.cli.questions import ask, can_ask

            if not can_ask():
                return self._refuse(ctx, question)
            with self.make_context(ctx.info_name, [*words, *ask(question, words)]) as again:
                return self.invoke(again)
        except ProcessminerError as error:
            return self._refuse(ctx, error)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except Exception:
            click.echo(traceback.format_exc(), err=True, nl=False)
            click.echo(
                "This is a fault of processminer, not of your input. Please report it with the lines above.", err=True
            )
            ctx.exit(3)

    @staticmethod
    def _refuse(ctx: click.Context, error: ProcessminerError) -> NoReturn:
        from processminer.cli.terminal import harmless

        click.echo(harmless(f"Error: {error}"), err=True)
        ctx.exit(error.exit_code)


@click.group(
    "processminer", cls=Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__, message="processminer %(version)s")
def main() -> None:
    """Find out what your sales deals really do, compare it with your playbook, and get its next version as a diff."""


main.epilog = "Start here: processminer audit --sample salesforce"


if __name__ == "__main__":
    sys.exit(main())
