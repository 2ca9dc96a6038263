"""The study as `summary.md`: one page that a manager can paste into a message or a ticket."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from processminer.report.escape import markdown, markdown_code, plain
from processminer.report.gains import NOT_KNOWN, say_gains
from processminer.report.judged import say_judged
from processminer.report.over_limit import say_over_limit
from processminer.report.proposals import (
    FIRST_REVISIONS,
    NOTHING,
    rows_of,
    say_change,
    say_revision,
    say_together,
    say_undecided,
)
from processminer.report.read_and_left import say_deals, say_hidden, say_met, say_shown
from processminer.report.since_told import lines_of
from processminer.report.stage_rows import stage_rows
from processminer.report.team import heading, said_beside
from processminer.report.telling import (
    FIRST_FINDINGS,
    GRADES,
    QUESTIONS,
    headline,
    next_commands,
    say_conformance,
    say_date,
    say_lead_times,
    say_mean,
    say_playbook,
    say_range,
    say_rows,
    say_speed,
    say_win_rate,
    say_won_in_time,
)
from processminer.report.weighed import metric_row, say_weighed
from processminer.words import say_count, say_days, say_share

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from processminer.report.stage_rows import StageRow
    from processminer.revisions.revision import Revision
    from processminer.study import Study

Lines = list[str]


def render_markdown(study: Study) -> str:
    """Return the study as one page of Markdown without deal ids; text from the log shows letter by letter."""
    rows = stage_rows(study)
    parts = (
        _opening(study),
        _outcomes(study),
        _times(rows),
        _speed(study, rows),
        _metrics(study),
        _findings(study),
        _revisions(study),
        _judged(study),
        _team(study),
        _read(study),
        _again(study),
    )
    return "\n\n".join("\n".join(part) for part in parts if part) + "\n"


def _opening(study: Study) -> Lines:
    log = study.log
    return [
        f"# {headline(study)}",
        "",
        f"- Log: {markdown_code(log.source)} ({markdown(log.ingest.title)}), as of {say_date(log.as_of)}; "
        f"{say_rows(study)}",
        f"- Shows: {markdown(say_shown(log))}",
        *([f"- Not shown: {markdown(say_hidden(log))}"] if say_hidden(log) else []),
        f"- Playbook: {markdown(say_playbook(study))}",
        f"- Kept to: {say_conformance(study)}",
        *([f"- Judged: {markdown(judged)}"] if (judged := say_judged(log.ingest, study.conformance)) else []),
        *([f"- Over now: {markdown(over)}"] if (over := say_over_limit(study.conformance)) else []),
        *(f"- {heading}: {markdown(said)}" for heading, said in say_weighed(study.conformance)),
    ]


def _read(study: Study) -> Lines:
    ingest = study.log.ingest
    treated = [problem for problem in ingest.problems if not problem.harmless]
    titles = ("What", "How often", "Treatment", "Otherwise")
    cells = (
        (
            markdown(problem.title or problem.kind.replace("-", " ")),
            say_met(problem),
            markdown(problem.treatment),
            ", ".join(markdown_code(f"--treat {problem.kind}={other}") for other in problem.others),
        )
        for problem in treated
    )
    short = [
        f"- {answer.question}: {answer.verdict}. {markdown(answer.because)} {markdown(answer.instead)}".rstrip()
        for answer in ingest.answers
        if answer.verdict != "yes"
    ]
    lines = ["## What was read", "", f"{say_rows(study)}. {markdown(say_deals(ingest))}"]
    lines += ["", *_table(titles, cells)] if treated else []
    return [*lines, "", *short] if short else lines


def _outcomes(study: Study) -> Lines:
    totals = study.discovery.totals
    answer = f"{say_count(totals.won, 'deal')} won, {totals.lost:,} lost, {totals.open:,} open."
    return [
        f"## {QUESTIONS[0]}",
        "",
        f"{answer} Win rate: {markdown(say_win_rate(study))}. {say_won_in_time(study)} "
        f"Lead time: {markdown(say_lead_times(study))}.",
    ]


def _times(rows: tuple[StageRow, ...]) -> Lines:
    titles = ("Stage", "Deals", "Mean stay", "95 % interval", "Median", "9 in 10 within", "Lost here")
    cells = (
        (
            markdown(row.stage),
            f"{row.flow.deals:,}",
            say_mean(row),
            say_range(row.time.mean_days, say_days) if row.time else "",
            say_days(row.time.median_days) if row.time else "",
            say_days(row.time.p90_days) if row.time else "",
            say_share(row.flow.lost_here, row.flow.deals),
        )
        for row in rows
    )
    return [f"## {QUESTIONS[1]}", "", *_table(titles, cells)]


def _speed(study: Study, rows: tuple[StageRow, ...]) -> Lines:
    sooner = [
        f"- {revision.id}, {markdown(say_revision(revision))}: "
        f"{say_change('won_cycle_days', revision.effect['won_cycle_days'])} to win (grade {revision.grade})"
        for revision in study.revisions
        if "won_cycle_days" in revision.effect
    ]
    gained = say_gains(study.estimates)
    told = ["", markdown(f"{gained} {NOT_KNOWN}")] if gained else []
    return [f"## {QUESTIONS[2]}", "", markdown(say_speed(rows)), *told, *([""] if sooner else []), *sooner]


def _findings(study: Study) -> Lines:
    if not study.findings:
        return ["## Findings", "", "Nothing stands out."]
    shown = study.findings[:FIRST_FINDINGS]
    cells = (
        (
            finding.id,
            finding.severity,
            finding.grade,
            markdown(finding.message),
            f"{finding.evidence.n:,} of {finding.evidence.of:,}",
        )
        for finding in shown
    )
    more = len(study.findings) - len(shown)
    return [
        "## Findings",
        "",
        *_table(("", "Severity", "Grade", "Finding", "Deals"), cells),
        *(["", f"{more} more in the report."] if more else []),
        "",
        f"Grades: {'; '.join(f'{grade} {meaning}' for grade, meaning in GRADES.items())}.",
    ]  # fmt: skip


def _metrics(study: Study) -> Lines:
    rows = [tuple(map(markdown, metric_row(one))) for one in study.estimates.metrics]
    titles = ("Metric", "Target", "Measured, 95 % interval", "Which is", "Verdict")
    return ["## Metrics of the playbook", "", *_table(titles, rows)] if rows else []


def _revisions(study: Study) -> Lines:
    title = "## Proposed changes of the playbook"
    unsure = [f"- {markdown(say_undecided(item))}" for item in study.undecided]
    if not study.revisions:
        return [title, "", NOTHING, *([""] if unsure else []), *unsure]
    cells = (
        (
            revision.id,
            markdown(say_revision(revision)),
            say_change("win_rate", revision.effect.get("win_rate")),
            say_change("won_cycle_days", revision.effect.get("won_cycle_days")),
            revision.grade,
            f"{revision.n:,}",
            markdown(", ".join(revision.pays)),
            "" if revision.plan is None or revision.plan.judged_on is None else say_date(revision.plan.judged_on),
        )
        for revision in study.revisions
    )
    titles = (
        "",
        "Change",
        "Win rate of the deals concerned",
        "Days to win",
        "Grade",
        "Deals",
        "Its price",
        "To be judged",
    )
    together = say_together(study.together)
    return [
        title,
        "",
        *_table(titles, cells),
        *(["", markdown(together)] if together else []),
        *([""] if unsure else []),
        *unsure,
        *(line for one in study.revisions[:FIRST_REVISIONS] for line in ["", *_card(one, study)]),
    ]


def _card(revision: Revision, study: Study) -> Lines:
    return markdown_card(revision, 3, deals=False, team=said_beside(revision, study))


def markdown_card(revision: Revision, level: int, *, deals: bool, team: Sequence[str] = ()) -> Lines:
    """Return all that is told of a proposal, under a heading of this level, its diff last."""
    rows = rows_of(revision, deals=deals, team=team)
    return [
        f"{'#' * level} {revision.id}: {markdown(say_revision(revision))}",
        "",
        markdown(revision.why),
        "",
        *(
            f"- {markdown(row.label)}: {markdown(row.said)}" if row.label else f"  - {markdown(row.said)}"
            for row in rows
        ),
        "",
        *fenced(revision.diff),
    ]


def fenced(diff: str) -> Lines:
    """Return a diff as a block of code that nothing in it can end."""
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall(r"`+", diff)), default=0))
    return [f"{fence}diff", *(plain(line) for line in diff.removesuffix("\n").split("\n")), fence]


def _judged(study: Study) -> Lines:
    if study.judged is None:
        return []
    told = (
        f"{markdown(line.label)}: {markdown(line.said)}" if line.label else markdown(line.said)
        for line in lines_of(study.judged)
    )
    return ["## Did the change work?", "", *(f"- {one}" for one in told)]


def _team(study: Study) -> Lines:
    if not study.team:
        return []
    told = (f"- {markdown(heading(one))}: {markdown(one.answered)}" for one in study.team)
    return ["## What the team says", "", *told]


def _again(study: Study) -> Lines:
    commands = next_commands(study)
    return ["## Next", "", *(f"- {markdown_code(command)}" for command in commands)] if commands else []


def _table(titles: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Lines:
    return [_table_row(titles), _table_row("---" for _ in titles), *(_table_row(row) for row in rows)]


def _table_row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
