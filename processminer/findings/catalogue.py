"""Every rule by its name. To add one: its cases, its function, its line here."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from processminer.findings.rules.checked_late import checked_late
from processminer.findings.rules.criterion_not_met import criterion_not_met
from processminer.findings.rules.criterion_number import criterion_number
from processminer.findings.rules.deal_edited import deal_edited
from processminer.findings.rules.handed_over_late import handed_over_late
from processminer.findings.rules.handover_waits import handover_waits
from processminer.findings.rules.helps_one_harms_another import helps_one_harms_another
from processminer.findings.rules.kept_too_long import kept_too_long
from processminer.findings.rules.missing_at_exit import missing_at_exit
from processminer.findings.rules.move_harms import move_harms
from processminer.findings.rules.optional_stage_harms import optional_stage_harms
from processminer.findings.rules.order_of_tasks import order_of_tasks
from processminer.findings.rules.probability_is_off import probability_is_off
from processminer.findings.rules.queue_grows import queue_grows
from processminer.findings.rules.rejects_late import rejects_late
from processminer.findings.rules.required_stage_skipped import required_stage_skipped
from processminer.findings.rules.required_task_not_done import required_task_not_done
from processminer.findings.rules.return_loop import return_loop
from processminer.findings.rules.segment_goes_its_own_way import segment_goes_its_own_way
from processminer.findings.rules.silent_in_stage import silent_in_stage
from processminer.findings.rules.stage_clicked_through import stage_clicked_through
from processminer.findings.rules.stage_is_two import stage_is_two
from processminer.findings.rules.stage_not_repeated import stage_not_repeated
from processminer.findings.rules.stage_over_limit import stage_over_limit
from processminer.findings.rules.stage_waits import stage_waits
from processminer.findings.rules.stages_jumped import stages_jumped
from processminer.findings.rules.stale_deals import stale_deals
from processminer.findings.rules.started_late import started_late
from processminer.findings.rules.task_done_late import task_done_late
from processminer.findings.rules.task_helps_early import task_helps_early
from processminer.findings.rules.triage_pays import triage_pays
from processminer.findings.rules.undeclared_stage import undeclared_stage
from processminer.findings.rules.unexplained_loss import unexplained_loss
from processminer.findings.rules.unrequired_step_helps import unrequired_step_helps
from processminer.findings.rules.unused_declared_move import unused_declared_move
from processminer.findings.rules.wrong_owner import wrong_owner

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from processminer.findings.facts import Facts
    from processminer.findings.finding import Finding

    Rule: TypeAlias = Callable[[Facts], Iterator[Finding]]

RULES: Mapping[str, Rule] = MappingProxyType(
    {
        "required-stage-skipped": required_stage_skipped,
        "undeclared-stage": undeclared_stage,
        "started-late": started_late,
        "return-loop": return_loop,
        "stages-jumped": stages_jumped,
        "move-harms": move_harms,
        "stage-not-repeated": stage_not_repeated,
        "stage-over-limit": stage_over_limit,
        "stage-waits": stage_waits,
        "kept-too-long": kept_too_long,
        "helps-one-harms-another": helps_one_harms_another,
        "segment-goes-its-own-way": segment_goes_its_own_way,
        "triage-pays": triage_pays,
        "deal-edited": deal_edited,
        "queue-grows": queue_grows,
        "stage-is-two": stage_is_two,
        "stage-clicked-through": stage_clicked_through,
        "required-task-not-done": required_task_not_done,
        "task-done-late": task_done_late,
        "task-helps-early": task_helps_early,
        "unrequired-step-helps": unrequired_step_helps,
        "optional-stage-harms": optional_stage_harms,
        "criterion-not-met": criterion_not_met,
        "missing-at-exit": missing_at_exit,
        "criterion-number": criterion_number,
        "checked-late": checked_late,
        "rejects-late": rejects_late,
        "order-of-tasks": order_of_tasks,
        "silent-in-stage": silent_in_stage,
        "handed-over-late": handed_over_late,
        "handover-waits": handover_waits,
        "wrong-owner": wrong_owner,
        "unexplained-loss": unexplained_loss,
        "stale-deals": stale_deals,
        "probability-is-off": probability_is_off,
        "unused-declared-move": unused_declared_move,
    }
)
"""Rule names are public: they stand in reports, gates and pages, and never change silently."""
