"""A what-if for a terminal: what is asked, whether it can be told, the range, and the belief that each end needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.report.forecast_text import say_gate
from processminer.report.listing import paragraph, table
from processminer.report.telling import MINUS, say_date, say_points, say_range, say_signed
from processminer.words import say_count, say_days, say_percent

if TYPE_CHECKING:
    from processminer.estimates.flow.predict import Predicted
    from processminer.estimates.flow.what_if import End, WhatIf

NOT_KNOWN = (
    "A log shows which deals went on, not why: the truth lies between the ends as far as their beliefs do. How many"
    " deals people can handle is not in it either. Try the change on a part of the deals, and compare."
)
"""What no what-if from a log of stage changes knows; printed with each."""


def render_what_if(found: Predicted, *, width: int = 100) -> str:
    """Return what changes would do as text, the lower end first."""
    told, as_of = found.what_if, say_date(found.discovery.log.as_of)
    asked = "; and ".join(told.changes)
    lines = [
        *paragraph(asked, width, "What if   "),
        *paragraph(say_gate(found.gate), width, "Gate      "),
        *paragraph(f"{_now(told)}, as of {as_of}", width, "Now       "),
        "",
    ]
    if found.gate.verdict == "shut":
        doubt = "Deals do not go on as they went: what follows holds for how they went, not for how they go now."
        lines += [*paragraph(doubt, width), ""]
    rows = [row for place, end in enumerate(told.ends) for row in _end(end, place, told)]
    lines += table(("", "", "Change", "95 % limits"), rows, width)
    for place, end in enumerate(told.ends):
        needs = f"{'; '.join(dict.fromkeys(end.beliefs))}."
        lines += paragraph(needs, width, f"{_name(place, told)} if: ")
    return "\n".join([*lines, "", *paragraph(NOT_KNOWN, width, "Not known ")]) + "\n"


def _now(told: WhatIf) -> str:
    share = f"{say_percent(told.base_share)} of new deals are won within {say_days(told.within_days)}"
    wins = f"{told.base_wins:,.1f} wins of the deals that begin in 30 days"
    return f"{share}, after {say_days(told.base_days)} on average; {wins}; from {say_count(told.deals, 'deal')}"


def _name(place: int, told: WhatIf) -> str:
    return "So" if len(told.ends) == 1 else ("At least", "At most")[place]


def _end(end: End, place: int, told: WhatIf) -> list[tuple[str, str, str, str]]:
    days = end.won_days
    return [
        (_name(place, told), "share won", say_points(end.win_share.estimate), say_range(end.win_share, say_points)),
        ("", "wins of 30 days", say_signed(end.wins.estimate), say_range(end.wins, say_signed)),
        ("", "days to a win", _days(days.estimate), say_range(days, _days)),
    ]


def _days(days: float) -> str:
    if abs(days) < 1 / 24:
        return "0 days"
    return f"{'+' if days > 0 else MINUS}{say_days(abs(days))}"
