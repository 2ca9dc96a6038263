"""Studies made by hand for the tests of the report: a plausible one, a hostile one, and a nearly empty one."""

# The stories are tables: a row reads best on one line.
# ruff: noqa: E501

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, date, datetime

from processminer.conformance.conformance import (
    Alignment,
    Conformance,
    Deviation,
    Obligation,
    OverLimit,
    OverNow,
    Step,
)
from processminer.discovery.discovery import Discovery, LeadTime, Move, StageFlow, TaskCount, Totals, Variant
from processminer.discovery.exemplars import Exemplars
from processminer.engines.relations import Relations
from processminer.estimates.effects.trial import Adjusted, Arm, Effect, Part, Trial
from processminer.estimates.estimates import Estimates
from processminer.estimates.figures import Exit, StageTime, WinRate
from processminer.estimates.winners.winners import Winners
from processminer.findings.finding import Evidence, Finding
from processminer.log.eventlog import Answer, EventLog, IngestReport, Problem, SourceFile, StageName
from processminer.playbook.edits import Edit
from processminer.playbook.model import Playbook
from processminer.revisions.revision import Belief, Revision, TrialPlan, Undecided
from processminer.revisions.together import Together
from processminer.statistics.estimated import Estimated
from processminer.statistics.interval import Interval
from processminer.statistics.sensitivity import Benchmark
from processminer.study import Declared, Study

STAGES = ("Lead In", "Qualification", "Demo", "Proposal", "Negotiation", "Contract Sent")
WON, LOST = "Closed Won", "Closed Lost"

PLAYBOOK_TEXT = """\
name: New business, mid-market
version: 2.1.0
owner: Sales operations
stages:
  - name: Lead In
  - name: Qualification
    probability: 20%
    time_limit: 14 days
    may_return_to: [Lead In]
    tasks:
      - do: Discovery call
        by: SDR
        seen_as: [Call, Meeting]
  - name: Demo      # the security review came later
  - name: Proposal
    time_limit: 10 days
  - name: Negotiation
  - name: Contract Sent
outcomes:
  won: [Closed Won]
  lost: [Closed Lost]
"""

DIFF = """\
--- playbook.yaml
+++ playbook.yaml
@@ -12,3 +12,4 @@
         seen_as: [Call, Meeting]
   - name: Demo      # the security review came later
+    optional: true
   - name: Proposal
"""

LIMIT_DIFF = """\
--- playbook.yaml
+++ playbook.yaml
@@ -14,4 +14,4 @@
   - name: Proposal
-    time_limit: 10 days
+    time_limit: 21 days
   - name: Negotiation
"""


def playbook() -> Playbook:
    """Return the playbook that PLAYBOOK_TEXT says."""
    return Playbook.model_validate(
        {
            "name": "New business, mid-market",
            "version": "2.1.0",
            "owner": "Sales operations",
            "stages": [
                {"name": "Lead In"},
                {
                    "name": "Qualification",
                    "probability": "20%",
                    "time_limit": "14 days",
                    "may_return_to": ["Lead In"],
                    "tasks": [{"do": "Discovery call", "by": "SDR", "seen_as": ["Call", "Meeting"]}],
                },
                {"name": "Demo"},
                {"name": "Proposal", "time_limit": "10 days"},
                {"name": "Negotiation"},
                {"name": "Contract Sent"},
            ],
            "outcomes": {"won": ["Closed Won"], "lost": ["Closed Lost"]},
        }
    )


def event_log() -> EventLog:
    """Return a log without rows: the report looks at what was counted, never at the deals."""
    return EventLog(
        relations=Relations(),
        as_of=datetime(2026, 9, 30, 17, 5, tzinfo=UTC),
        ingest=IngestReport(
            profile="salesforce_opportunity_history",
            title="Salesforce opportunity history report",
            reasons=(
                "columns Opportunity ID, From Stage and To Stage",
                "dates read as month/day/year: 14 rows have a day above 12",
            ),
            files=(
                SourceFile("opportunity_history.csv", "stage changes", 6912),
                SourceFile("opportunity.csv", "deals", 1200),
            ),
            rows_read=8112,
            rows_used=8057,
            set_aside={"no deal id": 17, "unreadable date": 38},
            problems=(
                Problem(
                    "unreadable-date",
                    38,
                    "Set aside: the date could not be read as month/day/year.",
                    ("opportunity_history.csv:1207", "opportunity_history.csv:3311"),
                    set_aside=True,
                ),
                Problem(
                    "no-deal-id",
                    17,
                    "Set aside: nothing says which deal the row belongs to.",
                    ("opportunity_history.csv:90",),
                    set_aside=True,
                ),
                Problem("tied-timestamps", 212, "Kept in the order of the file.", ("006A0041", "006A0977")),
            ),
            answers=(
                Answer("path", "yes", "every stage change has its time"),
                Answer("loops", "yes", "every visit is recorded"),
                Answer("durations", "partly", "times have day precision: stays below a day are rounded"),
                Answer("outcomes", "yes", "won and lost are both recorded"),
                Answer("tasks", "yes", "calls and meetings are in the export"),
                Answer("money", "no", "the export has no amount"),
            ),
        ),
        stages=(*(StageName(stage, "open") for stage in STAGES), StageName(WON, "won"), StageName(LOST, "lost")),
        source="exports/opportunity_history.csv",
        has_tasks=True,
        attributes=("segment", "source"),
    )


def discovery(log: EventLog) -> Discovery:
    """Return what happened in the plausible story."""
    return Discovery(
        log=log,
        totals=Totals(1200, 412, 530, 258, {"created straight as closed": 12}),
        stages=(
            StageFlow("Lead In", "open", 1120, 1154, 31, 1120, 96, 0, 380, 478),
            StageFlow("Qualification", "open", 1081, 1143, 54, 68, 171, 0, 401, 470),
            StageFlow("Demo", "open", 604, 640, 38, 0, 61, 0, 240, 287),
            StageFlow("Proposal", "open", 702, 811, 71, 0, 128, 12, 402, 262),
            StageFlow("Negotiation", "open", 521, 566, 49, 0, 52, 31, 390, 96),
            StageFlow("Contract Sent", "open", 401, 409, 15, 0, 10, 366, 369, 20),
            StageFlow(WON, "won", 412, 412, 0, 0, 0, 0, 412, 0),
            StageFlow(LOST, "lost", 530, 533, 0, 0, 0, 0, 3, 530),
        ),
        moves=(
            Move("Lead In", "Qualification", 1013, 996, 3.1, 372, 440),
            Move("Qualification", "Demo", 590, 584, 9.4, 232, 270),
            Move("Demo", "Proposal", 470, 466, 6.2, 236, 175),
            Move("Negotiation", "Contract Sent", 398, 392, 11.5, 361, 18),
            Move("Contract Sent", WON, 366, 366, 4.0, 366, 0),
            Move("Proposal", "Negotiation", 560, 512, 8.7, 388, 90),
            Move("Qualification", "Proposal", 241, 238, 12.8, 160, 60),
            Move("Qualification", LOST, 171, 171, 21.0, 0, 171),
            Move("Proposal", LOST, 128, 128, 34.2, 0, 128),
            Move("Lead In", LOST, 96, 96, 15.5, 0, 96),
            Move("Proposal", "Qualification", 92, 81, 5.5, 22, 48),
            Move("Demo", LOST, 61, 61, 18.0, 0, 61),
            Move("Negotiation", LOST, 52, 52, 27.3, 0, 52),
            Move("Negotiation", "Proposal", 44, 40, 2.3, 18, 17),
            Move("Qualification", "Lead In", 34, 33, 1.9, 8, 19),
            Move("Negotiation", WON, 31, 31, 6.6, 31, 0),
            Move("Demo", "Qualification", 27, 27, 3.3, 6, 14),
            Move("Proposal", WON, 12, 12, 5.1, 12, 0),
            Move("Contract Sent", LOST, 10, 10, 30.0, 0, 10),
            Move(LOST, "Qualification", 3, 3, 41.0, 1, 2),
        ),
        variants=(
            Variant((*STAGES, WON), 208, 208, 0, 0, "006A0003"),
            Variant(("Lead In", "Qualification", LOST), 141, 0, 141, 0, "006A0011"),
            Variant(
                ("Lead In", "Qualification", "Proposal", "Negotiation", "Contract Sent", WON),
                118,
                118,
                0,
                0,
                "006A0008",
            ),
            Variant(("Lead In", LOST), 96, 0, 96, 0, "006A0019"),
            Variant(("Lead In", "Qualification", "Demo", "Proposal", LOST), 71, 0, 71, 0, "006A0020"),
            Variant(("Lead In", "Qualification"), 54, 0, 0, 54, "006A0047"),
            Variant(("Lead In", "Qualification", "Demo", LOST), 49, 0, 49, 0, "006A0051"),
            Variant(("Lead In", "Qualification", "Demo", "Proposal"), 44, 0, 0, 44, "006A0102"),
            Variant(
                ("Lead In", "Qualification", "Proposal", "Qualification", "Proposal", LOST), 31, 0, 31, 0, "006A0204"
            ),
            Variant(("Lead In",), 31, 0, 0, 31, "006A0300"),
            Variant(
                ("Qualification", "Demo", "Proposal", "Negotiation", "Contract Sent", WON), 29, 29, 0, 0, "006A0311"
            ),
            Variant(("Lead In", "Qualification", "Demo", "Proposal", "Negotiation", LOST), 24, 0, 24, 0, "006A0342"),
        ),
        tasks=(
            TaskCount("Email", 4310, 1011, 396, "Proposal"),
            TaskCount("Call", 2204, 842, 371, "Qualification"),
            TaskCount("Meeting", 911, 540, 301, "Demo"),
            TaskCount("Security questionnaire", 88, 61, 40, "Negotiation"),
        ),
        lead_times=(LeadTime("won", 412, 47.5), LeadTime("lost", 530, 33.0)),
    )


def _stage_time(
    flow: tuple[str, int, int, int], quartiles: tuple[float | None, ...], mean: Interval, shares: tuple[float, float]
) -> StageTime:
    stage, deals, visits, still = flow
    ten, quarter, half, three, ninety = quartiles
    following = {
        "Lead In": "Qualification",
        "Qualification": "Demo",
        "Demo": "Proposal",
        "Proposal": "Negotiation",
        "Negotiation": "Contract Sent",
    }
    target = following.get(stage, WON)
    return StageTime(
        stage=stage, deals=deals, visits=visits, open=still, median_days=half, p90_days=ninety,
        quartiles=(ten, quarter, half, three, ninety), median_limits=(half and half - 1, half and half + 1), mean_days=mean, tau_days=120.0, grid="day",
        share_of_deal_days=shares[0], share_of_losses=shares[1],
        exits=(
            Exit(target, "won" if target == WON else "open", Interval(0.68, 0.65, 0.71)),
            Exit(LOST, "lost", Interval(0.24, 0.21, 0.27)),
        ),
    )  # fmt: skip


def _effect(
    trial: Trial, sides: tuple[tuple[int, int], tuple[int, int]], crude: Interval, found: tuple[float, float] | None
) -> Effect:
    """Return what a step changes: deals and wins on both sides, and the adjusted difference with its error."""
    arms = tuple(Arm(deals, won, 6, deals - 9, 31.0) for deals, won in sides)
    adjusted = None
    if found is not None:
        difference = Estimated(found[0], found[1], 40.0)
        half = Estimated(found[0] / 2, found[1] / 2, 40.0)
        less = Estimated(-found[0] / 2, found[1] / 2, 40.0)
        balance = {"Segment": (0.41, 0.03), "owner's open deals": (0.1, 0.02)}
        adjusted = Adjusted(difference, 0.44, 0.44 - found[0], half, less, "deals", 14, 0.97, (401.5, 192.25), balance)
    newest = None if adjusted is None else replace(adjusted, difference=Estimated(found[0] + 0.01, 2 * found[1], 20.0))  # type: ignore[index]
    return Effect(
        trial=trial,
        horizon_days=90,
        acted=arms[0],
        did_not=arms[1],
        crude=crude,
        adjusted=adjusted,
        refused="" if adjusted else "21 deals on one side are too few",
        held_equal=("owner", "Segment", "quarter"),
        left_out={"amount at the moment": "its changes are not kept"},
        benchmark=None if adjusted is None else Benchmark("owner", 0.024),
        e_value=None if adjusted is None else (1.7, 1.0),
        negative_control=None if adjusted is None else Estimated(0.02, 0.05, 600.0),
        discovery=adjusted,
        confirmation=newest,
        overlap=None if adjusted is None else 0.97,
        segment="Segment",
        parts=() if adjusted is None else (Part("Enterprise", 301, 122, Estimated(0.03, 0.04, float("inf"))),),
        parts_alike=None if adjusted is None else 0.4,
    )


def estimates() -> Estimates:
    """Return the numbers with intervals of the plausible story."""
    return Estimates(
        stages=(
            _stage_time(("Lead In", 1120, 1154, 31), (0.4, 1.2, 3.0, 6.1, 14.0), Interval(5.2, 4.8, 5.6), (0.11, 0.185)),
            _stage_time(("Qualification", 1081, 1143, 54), (1.0, 4.0, 9.0, 17.0, 31.0), Interval(13.4, 12.6, 14.2), (0.27, 0.33)),
            _stage_time(("Demo", 604, 640, 38), (1.0, 3.0, 6.0, 11.0, 20.0), Interval(8.3, 7.7, 8.9), (0.10, 0.118)),
            _stage_time(("Proposal", 702, 811, 71), (1.5, 5.0, 9.5, 24.0, 61.0), Interval(19.8, 18.1, 21.5), (0.31, 0.247)),
            _stage_time(("Negotiation", 521, 566, 49), (2.0, 5.0, 11.0, 19.0, 38.0), Interval(15.6, 14.2, 17.0), (0.17, 0.10)),
            _stage_time(("Contract Sent", 401, 409, 15), (0.2, 0.9, 4.0, 7.0, None), Interval(5.5, 4.9, 6.1), (0.04, 0.02)),
        ),
        win_rate=WinRate(Interval(412 / 942, 0.406, 0.469), 412, 942, "Won deals as a share of the 942 deals that closed by 2026-09-30.", Interval(0.361, 0.333, 0.39), 90.0),
        effects=(
            _effect(Trial("stage", "Demo", "Demo"), ((553, 236), (231, 160)), Interval(-0.266, -0.34, -0.19), (-0.021, 0.037)),
            _effect(Trial("task", "Discovery call", "Qualification", ("Call",)), ((701, 331), (290, 70)), Interval(0.23, 0.166, 0.294), (0.118, 0.033)),
            _effect(Trial("task", "Security questionnaire", "Negotiation"), ((21, 10), (340, 210)), Interval(-0.14, -0.4, 0.1), None),
        ),
    )  # fmt: skip


def _deviation(
    kind: str,
    subject: str,
    counts: tuple[int, int, int, int, int],
    share: Interval,
    sentence: str,
    line: int | None,
    stage: str | None = None,
) -> Deviation:
    deals, reached, won, lost, still = counts
    return Deviation(
        kind, subject, deals, reached, share, won, lost, still, ("006A0008", "006A0204"), sentence, line, stage
    )  # type: ignore[arg-type]


def conformance() -> Conformance:
    """Return the verdicts of the plausible story."""
    declared = (
        {(a, b) for a, b in itertools.pairwise(STAGES)}
        | {("Qualification", "Lead In"), ("Contract Sent", WON)}
        | {(stage, LOST) for stage in STAGES}
    )
    taken = {(move.source, move.target): move.deals for move in discovery(event_log()).moves}
    return Conformance(
        fitness=0.913,
        deals_conforming=604,
        deals_violating=471,
        deals_pending=113,
        deviations=(
            _deviation("skipped", "Demo", (238, 802, 160, 60, 18), Interval(0.297, 0.266, 0.329), "238 of 802 deals that went past Demo never had one.", 13, "Demo"),
            _deviation("over-time", "Proposal", (301, 740, 118, 132, 51), Interval(0.407, 0.372, 0.443), "301 of 740 deals stayed in Proposal beyond its limit of 10 days.", 15, "Proposal"),
            _deviation("returned", "Proposal -> Qualification", (81, 702, 22, 48, 11), Interval(0.115, 0.094, 0.141), "81 of 702 deals went back from Proposal to Qualification.", None, "Proposal"),
            _deviation("task-missing", "Discovery call", (290, 991, 70, 171, 49), Interval(0.293, 0.265, 0.322), "290 of 991 deals left Qualification without a discovery call.", 10, "Qualification"),
            _deviation("started-late", "Qualification", (68, 1188, 21, 40, 7), Interval(0.057, 0.045, 0.072), "68 of 1,188 deals began at Qualification.", 6, "Qualification"),
        ),
        obligations=(
            Obligation("path", "Path", None, 604, 471, 113, 0, None, None),
            Obligation("time-limit", "Proposal", "Proposal", 388, 301, 51, 0, None, 15),
            Obligation("task", "Discovery call", "Qualification", 701, 290, 49, 0, None, 10),
            Obligation("exit-criterion", "BANT", "Qualification", 0, 0, 0, 991, "the column Budget_Confirmed__c", 11),
        ),
        alignments=(
            Alignment(
                ("Lead In", "Qualification", "Proposal", "Negotiation", "Contract Sent"), "won", 1, 11,
                (Step("sync", "Lead In"), Step("sync", "Qualification"), Step("model", "Demo"), Step("sync", "Proposal"), Step("sync", "Negotiation"), Step("sync", "Contract Sent")),
            ),
            Alignment(STAGES, "won", 0, 12, tuple(Step("sync", stage) for stage in STAGES)),
            Alignment(("Lead In", "Qualification"), "open", 0, 2, (Step("sync", "Lead In"), Step("sync", "Qualification"))),
        ),
        declared_moves=frozenset(declared),
        move_counts={move: taken.get(move, 0) for move in sorted(declared)},
        over_limit=OverLimit(
            2,
            90_500.0,
            "EUR",
            (
                OverNow("006A1", "Proposal", "Ann", 80_000.0, "EUR", 41.0, 31.0),
                OverNow("006B7", "Proposal", None, 10_500.0, "EUR", 13.0, 3.0),
            ),
        ),
    )  # fmt: skip


def _finding(
    number: int,
    rule: str,
    subject: str,
    ranks: tuple[str, str],
    message: str,
    counts: tuple[int, int],
    share: tuple[float, float, float] | None,
) -> Finding:
    severity, grade = ranks
    evidence = Evidence(
        "Deals that reached the stage; the open ones that may still do it are left out.", *counts, share,
        {"limit_days": 10, "median_days": 9.5, "not_reached": None}, ("006A0008", "006A0204", "006A0311"),
        "processminer show deviations exports/opportunity_history.csv --playbook playbook.yaml",
    )  # fmt: skip
    return Finding(f"F{number}", rule, subject, severity, grade, message, evidence)  # type: ignore[arg-type]


def findings() -> tuple[Finding, ...]:
    """Return seven findings of the plausible story."""
    return (
        _finding(1, "stage-over-limit", "Proposal", ("high", "C"), "301 of 740 deals (41 %) stay in Proposal beyond its limit of 10 days; every tenth stays longer than 61 days.", (301, 740), (0.407, 0.372, 0.443)),
        _finding(2, "unrequired-step-helps", "Discovery call", ("high", "B"), "Deals with a discovery call by day 5 are won more often than comparable deals without: 331 of 701 (47 %) against 70 of 290 (24 %).", (701, 991), (0.707, 0.678, 0.735)),
        _finding(3, "required-stage-skipped", "Demo", ("medium", "C"), "238 of 802 deals (30 %) go past Demo without one.", (238, 802), (0.297, 0.266, 0.329)),
        _finding(4, "return-loop", "Proposal -> Qualification", ("medium", "C"), "81 of 702 deals (12 %) go back from Proposal to Qualification, which the playbook does not mention.", (81, 702), (0.115, 0.094, 0.141)),
        _finding(5, "stage-waits", "Proposal", ("medium", "C"), "128 lost deals stay in Proposal for a median of 34 days before they are given up.", (128, 530), (0.242, 0.207, 0.28)),
        _finding(6, "started-late", "Qualification", ("low", "C"), "68 of 1,188 deals (6 %) begin at Qualification.", (68, 1188), (0.057, 0.045, 0.072)),
        _finding(7, "required-task-not-done", "Security questionnaire", ("low", "D"), "Only 61 deals have a security questionnaire: too few to tell what it does.", (61, 401), None),
    )  # fmt: skip


def revisions() -> tuple[Revision, ...]:
    """Return two revisions of the plausible story, one with an effect and one without."""
    return (
        Revision(
            "R1", "make-stage-optional", "Demo", "B", ("F3",), 784, 0.012,
            {"win_rate": Interval(0.004, -0.011, 0.019), "won_cycle_days": Interval(-5.2, -7.9, -2.6)},
            "Deals without a demo are won as often as comparable deals with one, and are done sooner.",
            "Buyers who decide by the demo; the engineers who learn from it.",
            "A win rate 7 points lower among deals without a demo, once 1,480 deals have been decided.",
            "Let two of four teams skip the demo for SMB deals for 90 days, drawn by lot.",
            (Edit("set", ("stages", "Demo", "optional"), True),), DIFF,
            crude=Interval(0.081, 0.03, 0.132), older=Interval(0.006, -0.012, 0.024),
            population="the deals that come to Demo or past it",
            beliefs={"win_rate": Belief("who skips it would have been lost by it", "every deal skips it"), "won_cycle_days": Belief("no other stage takes longer", "nobody skips it")},
            pays=("quality", "flexibility"),
            plan=TrialPlan("Teams begin one after the other, in an order drawn by lot.", "The share won within 120 days of coming to Demo.", 1480, date(2027, 4, 2)),
            migration=("Take away the rule that forces people through Demo.", "Deals under way end by the old version."),
            examples=("006A0008", "006A0204"),
            conflicts=("R2",),
        ),
        Revision(
            "R2", "set-time-limit", "Proposal", "C", ("F1", "F5"), 740, None, {},
            "The limit of 10 days is broken by 301 of 740 deals; three in four are out within 24 days.",
            "Whoever uses the limit to forecast the quarter.",
            "Deals past the new limit are won as often as those within it.",
            "Use the new limit in the weekly pipeline review for one quarter.",
            (Edit("set", ("stages", "Proposal", "time_limit"), "21 days"),), LIMIT_DIFF,
            pays=("flexibility",),
            plan=TrialPlan("Owners begin one after the other.", "The days in Proposal.", None, None),
            conflicts=("R1",),
        ),
    )  # fmt: skip


def full_study() -> Study:
    """Return a plausible study: six stages, findings, revisions, problems."""
    log = event_log()
    return Study(
        log=log,
        declared=Declared(playbook(), PLAYBOOK_TEXT, "playbook.yaml", drafted=False),
        discovery=discovery(log),
        conformance=conformance(),
        estimates=estimates(),
        findings=findings(),
        revisions=revisions(),
        undecided=(
            Undecided(
                "drop-task", "Security questionnaire", 3900, "no stratum holds both kinds of deals", date(2028, 2, 29)
            ),
        ),
        revised=PLAYBOOK_TEXT.replace("10 days", "21 days"),
        version="0.1.0",
        winners=Winners(Exemplars(None, ()), (), None),
        together=together(),
    )


def together() -> Together:
    """Return what both revisions of the plausible story do."""
    return Together(("R1", "R2"), {"win_rate": Interval(0.003, -0.008, 0.014)}, (("R1", "R2"),), "It is not the sum.")


HOSTILE = "</script><img src=x onerror=alert(1)>\u202e\x1b[2J\x07`|*[a](http://evil.example)@everyone<!--\u2028é提案 {{ 7 * 7 }}"
"""One name that tries everything: HTML, terminal escapes, Markdown, mentions, templates, line separators, bidi override."""


def hostile_study() -> Study:
    """Return the plausible study with a hostile name in every place that a log or a playbook can reach."""
    study = full_study()
    renamed = {"Demo": HOSTILE}
    log = replace(
        study.log,
        source=HOSTILE,
        stages=tuple(replace(stage, name=renamed.get(stage.name, stage.name)) for stage in study.log.stages),
        ingest=replace(
            study.log.ingest,
            files=(SourceFile(HOSTILE, "deals", 8112),),
            reasons=(HOSTILE,),
            set_aside={HOSTILE: 55},
            problems=(Problem(HOSTILE, 55, HOSTILE, (HOSTILE,), set_aside=True),),
        ),
    )
    found = study.discovery
    declared = study.declared.playbook
    return replace(
        study,
        log=log,
        declared=replace(
            study.declared,
            file=HOSTILE,
            text=HOSTILE,
            playbook=declared.model_copy(
                update={
                    "name": HOSTILE,
                    "stages": tuple(
                        stage.model_copy(update={"name": renamed.get(stage.name, stage.name)}) for stage in declared.stages
                    ),
                }
            ),
        ),
        discovery=replace(
            found,
            log=log,
            totals=replace(found.totals, excluded={HOSTILE: 12}),
            stages=tuple(replace(flow, stage=renamed.get(flow.stage, flow.stage)) for flow in found.stages),
            moves=tuple(
                replace(m, source=renamed.get(m.source, m.source), target=renamed.get(m.target, m.target)) for m in found.moves
            ),
            variants=tuple(
                replace(v, path=tuple(renamed.get(s, s) for s in v.path), example=HOSTILE) for v in found.variants
            ),
            tasks=tuple(replace(task, name=HOSTILE, stage=HOSTILE) for task in found.tasks[:1]),
        ),
        conformance=replace(
            study.conformance,
            declared_moves=frozenset(
                (renamed.get(a, a), renamed.get(b, b)) for a, b in study.conformance.declared_moves
            ),
            move_counts={
                (renamed.get(a, a), renamed.get(b, b)): n for (a, b), n in study.conformance.move_counts.items()
            },
            deviations=tuple(
                replace(d, subject=HOSTILE, stage=HOSTILE, sentence=HOSTILE, examples=(HOSTILE,))
                for d in study.conformance.deviations[:1]
            ),
            obligations=tuple(replace(o, subject=HOSTILE, stage=HOSTILE, needs=HOSTILE) for o in study.conformance.obligations),
            over_limit=OverLimit(1, 1.0, HOSTILE, (OverNow(HOSTILE, HOSTILE, HOSTILE, 1.0, HOSTILE, 2.0, 1.0),)),
        ),
        estimates=replace(
            study.estimates,
            stages=tuple(
                replace(
                    time,
                    stage=renamed.get(time.stage, time.stage),
                    exits=tuple(replace(leave, target=renamed.get(leave.target, leave.target)) for leave in time.exits),
                )
                for time in study.estimates.stages
            ),
            effects=tuple(
                replace(one, trial=replace(one.trial, subject=HOSTILE, stage=HOSTILE), held_equal=(HOSTILE,), segment=HOSTILE)
                for one in study.estimates.effects
            ),
        ),
        findings=tuple(
            replace(
                finding,
                subject=HOSTILE,
                message=HOSTILE,
                evidence=replace(
                    finding.evidence, population=HOSTILE, numbers={HOSTILE: HOSTILE}, examples=(HOSTILE,), command=HOSTILE
                ),
            )
            for finding in study.findings
        ),
        revisions=tuple(
            replace(
                revision,
                subject=HOSTILE, why=HOSTILE, losers=HOSTILE, refutation=HOSTILE, trial=HOSTILE,
                edits=(Edit("set", ("stages", HOSTILE), {HOSTILE: [HOSTILE]}),),
                diff=f"--- {HOSTILE}\n+++ b\n@@ -1 +1 @@\n-{HOSTILE}\n+{HOSTILE}\n",
            )
            for revision in study.revisions
        ),
        undecided=(Undecided("drop-task", HOSTILE, 10, HOSTILE),),
    )  # fmt: skip


def bare_study() -> Study:
    """Return a study of one open deal: nothing closed, nothing found, nothing to compare."""
    study = full_study()
    log = replace(
        study.log,
        has_tasks=False,
        ingest=replace(
            study.log.ingest,
            set_aside={},
            problems=(),
            rows_read=1,
            rows_used=1,
            files=(SourceFile("one.csv", "deals", 1),),
        ),
    )
    return replace(
        study,
        log=log,
        declared=replace(study.declared, file="drafted from the log", drafted=True),
        discovery=Discovery(
            log=log,
            totals=Totals(1, 0, 0, 1, {}),
            stages=(StageFlow("Lead In", "open", 1, 1, 1, 1, 0, 0, 0, 0),),
            moves=(),
            variants=(Variant(("Lead In",), 1, 0, 0, 1, "x"),),
            tasks=(),
            lead_times=(),
        ),
        conformance=replace(
            study.conformance, fitness=1.0, deals_conforming=0, deals_violating=0, deals_pending=1,
            deviations=(), obligations=(), over_limit=OverLimit(), alignments=(), move_counts=dict.fromkeys(study.conformance.move_counts, 0),
        ),
        estimates=Estimates(
            stages=(
                StageTime("Lead In", 1, 1, 1, None, None, (None,) * 5, Interval(0.0, 0.0, 0.0), 0.0, "day", 1.0, 0.0, ()),  # type: ignore[arg-type]
            ),
            win_rate=WinRate(Interval(0.0, 0.0, 1.0), 0, 0, "won deals of all closed deals"),
        ),
        findings=(), revisions=(), undecided=(), revised=PLAYBOOK_TEXT,
    )  # fmt: skip


def long_study(names: list[str]) -> Study:
    """Return a study of many stages, each entered by every deal, one after the other."""
    study = full_study()
    stages = (*(StageName(name, "open") for name in names), StageName(WON, "won"))
    log = replace(study.log, stages=stages)
    flows = tuple(StageFlow(name, "open", 90, 90, 0, 90 * (name == names[0]), 0, 0, 90, 0) for name in names)
    path = (*names, WON)
    return replace(
        study,
        log=log,
        discovery=Discovery(
            log=log,
            totals=Totals(90, 90, 0, 0, {}),
            stages=(*flows, StageFlow(WON, "won", 90, 90, 0, 0, 0, 0, 90, 0)),
            moves=tuple(Move(a, b, 90, 90, 2.0, 90, 0) for a, b in itertools.pairwise(path)),
            variants=(Variant(path, 90, 90, 0, 0, "x"),),
            tasks=(),
            lead_times=(LeadTime("won", 90, 40.0),),
        ),
        estimates=replace(study.estimates, stages=()),
    )
