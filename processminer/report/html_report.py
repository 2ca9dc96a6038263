"""The study as one self-contained page: no network, no external address, readable without JavaScript."""

from __future__ import annotations

import base64
import hashlib
import json
import math
import re
from importlib import resources
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from processminer.diagrams.charts.bottlenecks import draw_bottlenecks
from processminer.diagrams.colours import DARK
from processminer.diagrams.markup import legal
from processminer.diagrams.stage_map import draw_stage_map
from processminer.report import (
    gains,
    over_limit,
    over_time_text,
    proposals,
    queue_text,
    read_and_left,
    telling,
    weighed,
    winners_text,
)
from processminer.report.escape import plain
from processminer.report.figures import figures_of
from processminer.report.forecast_text import NOT_KNOWN as FORECAST_NOT_KNOWN
from processminer.report.gains import NOT_KNOWN, longest_stage, say_gains
from processminer.report.json_report import audit_document, for_page
from processminer.report.judged import say_judged, say_line
from processminer.report.markdown_report import render_markdown
from processminer.report.since_told import lines_of
from processminer.report.stage_rows import stage_rows
from processminer.report.team import heading, said_beside
from processminer.words import say_count, say_days, say_list, say_percent, say_share

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from processminer.diagrams.colours import Colouring
    from processminer.estimates.effects.trial import Effect
    from processminer.findings.finding import Finding
    from processminer.report.json_report import Json
    from processminer.report.stage_rows import StageRow
    from processminer.study import Study

SHOWN_VARIANTS = 10
"""The paths that most deals take; the others are counted below the table."""

WIDEST_DRAWING = 1700
"""A drawing wider than this has letters below eight pixels when it is shrunk to the page."""

COLOURS: Mapping[Colouring, str] = {"frequency": "how often", "days": "how long", "playbook": "in the playbook or not"}
"""Colourings of the map, by the name that a deep link gives them."""


def render_html(study: Study, document: Json | None = None) -> str:
    """Return the study as an HTML page that holds everything it shows, `audit.json` included.

    `document` is that audit, where one was read back; else it is made from the study.
    """
    document = audit_document(study) if document is None else document
    style, script, rows = _asset("page.css") + _in_the_dark(), _asset("page.js"), stage_rows(study)
    policy = (
        f"default-src 'none'; img-src data:; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    page = _environment().get_template("report.html.j2")
    return page.render(
        study=study,
        rows=rows,
        ranked=_ranked(rows),
        longest=longest_stage(study.estimates.stages),
        figures=figures_of(study),
        over_time=over_time_text,
        queues=queue_text,
        gains=gains,
        forecast_not_known=FORECAST_NOT_KNOWN,
        ratio="{:.2f}".format,
        whole_number="{:,.0f}".format,
        say=telling,
        proposals=proposals,
        judged_lines=lines_of,
        said_beside=said_beside,
        heading_of=heading,
        left=read_and_left,
        judged=say_judged(study.log.ingest, study.conformance),
        say_line=say_line,
        over=over_limit,
        weighed=weighed,
        winners=winners_text,
        gained=say_gains(study.estimates),
        not_known=NOT_KNOWN,
        policy=policy,
        style=Markup(style),
        script=Markup(script),
        colours=COLOURS,
        maps=_maps(study),
        bottlenecks=_picture(draw_bottlenecks(study.estimates, study.discovery, study.declared.playbook)),
        reach=_reach(study.estimates.effects),
        grades=[row["grade"] for row in document["effects"]],
        variants=document["variants"][:SHOWN_VARIANTS],
        paths=len(document["variants"]) + document["variants_left_out"]["variants"],
        days=say_days,
        percent=say_percent,
        share=say_share,
        counted=say_count,
        listed=say_list,
        place=_place_on_map,
        colouring=_colouring,
        diff_lines=_diff_lines,
        sentence=_sentence,
        leaves=_leaves,
        declared={(move["from"], move["to"]) for move in document["moves"] if move["declared"]},
        audit=_escaped(json.dumps(for_page(document), ensure_ascii=False, allow_nan=False, separators=(",", ":"))),
        summary=_escaped(json.dumps(render_markdown(study), ensure_ascii=False)),
    )


def _ranked(rows: Sequence[StageRow]) -> list[StageRow]:
    """Return the stages by what they would gain, the most first; those of which it is not known keep their order."""
    return sorted(rows, key=lambda row: -math.inf if row.gain is None else row.gain.gain.estimate, reverse=True)


def _leaves(path: Sequence[str], declared: Collection[tuple[str, str]]) -> str:
    """Say at which moves a path leaves the playbook."""
    moves = dict.fromkeys(move for move in pairwise(path) if move not in declared)
    return ", ".join(f"{source} → {target}" for source, target in moves)


def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("processminer.report", "page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )


def _shown(value: object) -> object:
    """Return a value as the page may show it: control characters made visible, a number and its % kept together."""
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    return re.sub(r"(?<=\d) (?=%)", "\u00a0", plain(value))


def _asset(name: str) -> str:
    return resources.files("processminer.report").joinpath("page", name).read_text(encoding="utf-8")


OWN_DARK = {"#94a3b8": "#60728a", "#eef1f4": "#243041"}
"""Colours of the page's own small drawings that no diagram has, on a dark page."""


def _in_the_dark() -> str:
    """Return the style that turns drawings dark with the page: their attributes stay light, for who copies them."""
    turned = {**DARK, **OWN_DARK}
    rules = [
        f'svg [{what}="{light}" i]{{{what}:{dark}}}' for light, dark in turned.items() for what in ("fill", "stroke")
    ]
    return f"@media screen and (prefers-color-scheme:dark){{{''.join(rules)}}}\n"


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


class Picture(NamedTuple):
    """A drawing as part of the page."""

    svg: Markup
    wide: bool
    """Whether it scrolls in its own box, since its letters could not be read if it were shrunk to fit."""


def _maps(study: Study) -> dict[Colouring, Picture]:
    found, kept, playbook = study.discovery, study.conformance, study.declared.playbook
    return {
        colour: _picture(draw_stage_map(found, study.estimates, conformance=kept, playbook=playbook, colour=colour))
        for colour in COLOURS
    }


def _picture(svg: str) -> Picture:
    """Take over a drawing of the diagrams room, which escapes every name itself."""
    drawing = svg[svg.index("<svg") :]
    width = re.match(r'<svg\b[^>]*\bwidth="([\d.]+)"', drawing)
    return Picture(Markup(drawing), width is not None and float(width[1]) > WIDEST_DRAWING)


def _place_on_map(*names: str) -> Markup:
    """Return what a deep link opens, `Demo` for a stage, `Demo|Proposal` for a move, in the names of the map."""
    moves = [part for name in names for part in name.split(" -> ")]
    return escape("|".join(legal(part.strip()) for part in moves))


def _colouring(finding: Finding) -> str:
    """Return the colouring in which the map shows a finding best."""
    if " -> " in finding.subject:
        return "playbook"
    return "days" if any("days" in name for name in finding.evidence.numbers) else "frequency"


def _reach(effects: Sequence[Effect]) -> float:
    """Return the largest difference that the intervals of a forest plot span, so that all rows share one scale."""
    told = [one.printed.interval for one in effects if one.printed is not None]
    ends = [abs(end) for limits in told for end in (limits.low, limits.high)]
    return max((end for end in ends if math.isfinite(end)), default=1.0) or 1.0


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _diff_lines(diff: str) -> Iterator[tuple[str, str]]:
    """Yield each line of a unified diff with the part it plays: file, place, added, removed or kept."""
    parts = {"+": "added", "-": "removed", "@": "place"}
    for line in diff.removesuffix("\n").split("\n"):
        kind = "file" if line.startswith(("+++", "---")) else parts.get(line[:1], "kept")
        yield kind, line


def _escaped(text: str) -> Markup:
    """Return JSON in which nothing can end its script element or open a comment in it."""
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)
