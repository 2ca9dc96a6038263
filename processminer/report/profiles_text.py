"""Every kind of export that is read: what it is recognised by, and what it can tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.log.sources.profile import Profile, Shape, profiles
from processminer.report.escape import markdown, markdown_code
from processminer.report.listing import paragraph

if TYPE_CHECKING:
    from collections.abc import Mapping

TELLS: Mapping[Shape, str] = {
    "history": "every change of stage",
    "changes": "every change of stage, and of the other fields that are kept",
    "status-changes": "every change of stage, won and lost, and of the other fields that are kept",
    "wide": "when each stage was last entered; no returns",
    "two-dates": "how each deal stands and how long it took; no stages between",
    "snapshots": "moves between one look and the next; what lies between two looks is unseen",
    "durations": "the stages and the time spent in each; no returns, times rebuilt from their lengths",
    "xes": "every event, in the file's own order",
    "ocel": "every event of the objects that are deals",
    "clean": "everything that was written out",
}
"""What an export of each shape tells of the way of a deal."""


def render_profiles(width: int = 100) -> str:
    """Return the kinds of export as text for a terminal."""
    lines: list[str] = []
    for profile in profiles():
        lines += [*paragraph(profile.title, width, f"{profile.name}: ")]
        lines += [*paragraph(f"recognised by {_told_by(profile)}", width, "    ")]
        lines += [*paragraph(f"tells {_tells(profile)}", width, "    ")]
    return "\n".join(lines) + "\n"


def render_profile_table() -> str:
    """Return the kinds of export as a Markdown table, as the README shows them."""
    rows = [
        f"| {markdown(_capital(profile.title))} | {_in_code(profile)} | {markdown(_tells(profile))} |"
        for profile in sorted(profiles(), key=lambda profile: profile.title.casefold())
    ]
    return "\n".join(["| Export | Recognised by | Tells |", "|---|---|---|", *rows]) + "\n"


def _in_code(profile: Profile) -> str:
    headers = _headers(profile)
    dated = " and a date column for each stage" if profile.stage_column is not None else ""
    return ", ".join(markdown_code(header) for header in headers) + dated if headers else _told_by(profile)


def _capital(title: str) -> str:
    return title[:1].upper() + title[1:]


def _told_by(profile: Profile) -> str:
    """Return the headers without which a table is not taken for this export, in their likeliest spelling."""
    dated = [] if profile.stage_column is None else ["a date column for each stage"]
    return ", ".join([*_headers(profile), *dated]) or "its format"


def _headers(profile: Profile) -> list[str]:
    shape = profile.tables.get(profile.main)
    if shape is None or profile.shape in {"xes", "ocel"}:
        return []
    return [shape.spellings[ours][0] for ours in shape.required if shape.spellings.get(ours)]


def _tells(profile: Profile) -> str:
    if profile.loses_returns and profile.shape == "history":
        return "when each stage was last entered; no returns"
    return TELLS[profile.shape]
