"""Small worlds to draw: counts and estimates as the lower rooms would hand them over, made by hand."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from itertools import pairwise
from random import Random
from typing import TYPE_CHECKING, cast

from processminer.discovery.discovery import Discovery, Move, StageFlow, Totals, Variant
from processminer.estimates.estimates import Estimates
from processminer.estimates.figures import StageTime, WinRate
from processminer.log.eventlog import EventLog, IngestReport, StageClass, StageName
from processminer.playbook.model import Playbook
from processminer.statistics.interval import Interval

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.engines.relations import Relations

Paths = dict[tuple[str, ...], int]
HOSTILE = (
    '<script>alert("1")</script>',
    'A "quoted" \\N stage',
    "]]> & --> end",
    "A name that goes on and on about what the buyer, the champion and procurement should have agreed upon by now",
    "需求确认与方案评审",
    "🚀 Launch 🎉",
    "مرحلة التفاوض",
    "Bell\x07 and\u202enoitator",
    "Unbreakable" * 9,
    "#quot; %%{init}%% `tick`",
)


def discovery_of(
    paths: Paths, order: tuple[str, ...] = (), won: tuple[str, ...] = ("Won",), lost: tuple[str, ...] = ("Lost",)
) -> Discovery:
    """Count paths the dull way; a path that ends in no terminal stage belongs to an open deal."""
    kinds: dict[str, StageClass] = dict.fromkeys(order, "open")
    kinds |= {name: _kind(name, won, lost) for path in paths for name in path}
    names = sorted(kinds, key=lambda name: (("open", "won", "lost").index(kinds[name]), [*order, name].index(name)))
    ends: Counter[str] = Counter()
    for path, deals in paths.items():
        ends[kinds[path[-1]]] += deals
    return Discovery(
        log=_log(tuple(StageName(name, kinds[name]) for name in names)),
        totals=Totals(sum(paths.values()), ends["won"], ends["lost"], ends["open"], {}),
        stages=tuple(_stage_flow(name, paths, kinds) for name in names),
        moves=tuple(sorted(_moves(paths, kinds), key=lambda move: (-move.count, move.source, move.target))),
        variants=tuple(
            Variant(path, n, *(n * (kinds[path[-1]] == end) for end in ("won", "lost", "open")), "D1")
            for path, n in sorted(paths.items(), key=lambda item: (-item[1], item[0]))
        ),
        tasks=(),
        lead_times=(),
    )


def _kind(name: str, won: tuple[str, ...], lost: tuple[str, ...]) -> StageClass:
    return "won" if name in won else "lost" if name in lost else "open"


def _stage_flow(name: str, paths: Paths, kinds: dict[str, StageClass]) -> StageFlow:
    through = {path: deals for path, deals in paths.items() if name in path}
    ended = {kind: {p: n for p, n in through.items() if kinds[p[-1]] == kind} for kind in ("open", "won", "lost")}
    return StageFlow(
        stage=name,
        kind=kinds[name],
        deals=sum(through.values()),
        visits=sum(path.count(name) * deals for path, deals in through.items()),
        open=sum(deals for path, deals in ended["open"].items() if path[-1] == name),
        starts=sum(deals for path, deals in through.items() if path[0] == name),
        lost_here=sum(deals for path, deals in ended["lost"].items() if path[-2:-1] == (name,)),
        won_here=sum(deals for path, deals in ended["won"].items() if path[-2:-1] == (name,)),
        won=sum(ended["won"].values()),
        lost=sum(ended["lost"].values()),
    )


def _moves(paths: Paths, kinds: dict[str, StageClass]) -> Iterator[Move]:
    for source, target in {pair for path in paths for pair in pairwise(path)}:
        times = {path: list(pairwise(path)).count((source, target)) for path in paths}
        through = {path: paths[path] for path in paths if times[path]}
        won, lost = (sum(n for p, n in through.items() if kinds[p[-1]] == end) for end in ("won", "lost"))
        count = sum(times[path] * deals for path, deals in through.items())
        yield Move(source, target, count, sum(through.values()), _days(source, target), won, lost)


def _days(a: str, b: str) -> float:
    return round(0.4 + (len(a) * 7 + len(b) * 3) % 29 + len(a) / 10, 2)


def _log(stages: tuple[StageName, ...]) -> EventLog:
    report = IngestReport("test", "Test", (), (), 0, 0, {}, (), ())
    # The drawings read no relation; a test that made them do so would fail on this.
    return EventLog(cast("Relations", None), datetime(2026, 1, 1), report, stages, "test", False, ())


def estimates_of(discovery: Discovery) -> Estimates:
    """Give every open stage a time that follows from its name, the last one without a reached median."""
    stages = [flow for flow in discovery.stages if flow.kind == "open"]
    lost = sum(flow.lost_here for flow in stages) or 1
    closed = discovery.totals.won + discovery.totals.lost
    rate = discovery.totals.won / closed if closed else 0.0
    return Estimates(
        stages=tuple(
            _time(flow, 1 / len(stages), flow.lost_here / lost, reached=flow is not stages[-1]) for flow in stages
        ),
        win_rate=WinRate(Interval(rate, rate, rate), discovery.totals.won, closed, "won / closed"),
    )


def _time(flow: StageFlow, days: float, losses: float, *, reached: bool) -> StageTime:
    middle = 1.5 + (len(flow.stage) * 5) % 23
    p50, p75, p90 = (middle, 1.7 * middle, 3.1 * middle) if reached else (None, None, None)
    return StageTime(
        stage=flow.stage,
        deals=flow.deals,
        visits=flow.visits,
        open=flow.open,
        median_days=p50,
        p90_days=p90,
        quartiles=(0.2 * middle, 0.6 * middle, p50, p75, p90),
        mean_days=Interval(middle * 1.3, middle * 1.1, middle * 1.55),
        tau_days=90.0,
        grid="day",
        share_of_deal_days=days,
        share_of_losses=losses,
        exits=(),
    )


def sales() -> tuple[Discovery, Playbook]:
    """Six declared stages, skips, returns, a stage that nobody declared, losses, deals still open."""
    lead, qual, demo, prop, nego, contract, poc = (
        "Prospecting", "Qualification", "Demo", "Proposal", "Negotiation", "Contract", "Proof of concept",
    )  # fmt: skip
    paths: Paths = {
        (lead, qual, demo, prop, nego, contract, "Won"): 180,
        (lead, qual, demo, prop, nego, "Won"): 41,
        (lead, qual, "Lost"): 310,
        (lead, "Lost"): 220,
        (lead, qual, demo, "Lost"): 160,
        (lead, qual, demo, prop, "Lost"): 120,
        (lead, qual, prop, nego, contract, "Won"): 35,
        (lead, qual, prop, "Lost"): 42,
        (qual, demo, prop, nego, "Lost"): 60,
        (qual, demo, poc, prop, nego, contract, "Won"): 44,
        (qual, demo, poc, "Lost"): 23,
        (lead, qual, demo, prop, demo, prop, nego, contract, "Won"): 18,
        (lead, qual, demo, prop, nego, prop, nego, contract, "Lost"): 14,
        (lead, qual, demo, qual, demo, "Lost"): 25,
        (demo, prop, nego, contract, "Won"): 9,
        (lead, contract, "Won"): 6,
        (lead, qual, demo, prop, nego, prop): 12,
        (lead, qual): 85,
        (lead, qual, demo): 40,
        (lead,): 62,
        (lead, qual, "Lost", qual, demo, prop, nego, contract, "Won"): 4,
        (lead, qual, demo, prop, nego, contract, "Won", nego): 3,
    }
    playbook = Playbook.model_validate(
        {
            "name": "New business, mid-market",
            "stages": [
                {"name": lead, "owner": "SDR", "time_limit": "14 days"},
                {
                    "name": qual, "owner": "SDR", "time_limit": "14 days", "may_start": True, "probability": "20%",
                    "goal": "The need is real and we can meet it.", "may_return_to": [lead],
                    "tasks": [{"do": "Discovery call", "by": "SDR", "how": "Ask for the problem", "output": "Notes"}],
                    "exit_criteria": [{"name": "BANT", "at_least": 3, "of": {
                        "Budget": "Budget__c", "Authority": "Dm__c", "Need": "Pain__c", "Timeline": "When__c"}}],
                },
                {"name": demo, "owner": "Account executive", "optional": True},
                {"name": prop, "owner": "Account executive", "time_limit": "10 days", "may_return_to": [demo]},
                {"name": nego, "owner": "Account executive", "time_limit": "21 days", "may_return_to": [prop]},
                {"name": contract, "owner": "Legal", "time_limit": "10 days"},
            ],
            "outcomes": {"won": ["Won"], "lost": ["Lost"]},
        }
    )  # fmt: skip
    return discovery_of(paths, order=(lead, qual, demo, prop, nego, contract)), playbook


def wide(stages: int = 18, extra: int = 120, seed: int = 7) -> Discovery:
    """A long line with about `extra` different moves, most of them short."""
    random = Random(seed)
    names = [f"Stage {chr(65 + index)} {'of the deal' if index % 3 == 0 else ''}".strip() for index in range(stages)]
    paths: Counter[tuple[str, ...]] = Counter({(*names, "Won"): 900})
    pairs: set[tuple[int, int]] = set()
    while len(pairs) < extra:
        a = random.randrange(stages)
        b = a + random.choice((-6, -4, -3, -2, -2, -1, -1, 2, 2, 2, 3, 3, 4, 5, 7))
        if not 0 <= b < stages or (a, b) in pairs:
            continue
        pairs.add((a, b))
        paths[(*names[: a + 1], *names[b : b + 2], random.choice(("Lost", "Won")))] += random.randrange(5, 140)
    return discovery_of(dict(paths), order=tuple(names))


def hostile() -> Discovery:
    """A flow whose names try to break out of every format."""
    paths: Paths = {(*HOSTILE, "Won"): 50, (*HOSTILE[:4], "Lost"): 20, (HOSTILE[0], HOSTILE[4], HOSTILE[1]): 7}
    return discovery_of(paths)
