"""Nine things that pm4py 2.7.23 gets wrong on sales logs: what it says, where that is cheap to see, and what we say."""

from __future__ import annotations

import csv
import math
import os
import random
import subprocess
import sys
import time
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from processminer.conformance.conform import conform
from processminer.diagrams.charts.bottlenecks import draw_bottlenecks
from processminer.diagrams.charts.incidence import incidence_chart
from processminer.diagrams.charts.series import series_chart
from processminer.diagrams.dot import draw_dot
from processminer.diagrams.flow import read_flow
from processminer.diagrams.lettering import short_days
from processminer.diagrams.scale import scale_of
from processminer.diagrams.stage_map import draw_stage_map
from processminer.discovery.discover import discover
from processminer.engines.relations import Relations
from processminer.errors import LogError
from processminer.estimates.bottlenecks import bottlenecks
from processminer.estimates.estimate import estimate
from processminer.estimates.over_time.cohorts import cohort_series
from processminer.estimates.over_time.process_time import process_time
from processminer.log.cells.conventions import Conventions
from processminer.log.names import Names
from processminer.log.options import Options
from processminer.log.read import read_log
from processminer.playbook.parts.stages import Stage
from processminer.words import say_days
from tests.conformance_stories import playbook_of
from tests.worlds import FIRST_DAY, Stop, log_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from processminer.diagrams.colours import Colouring
    from processminer.discovery.discovery import Discovery
    from processminer.log.eventlog import EventLog, Problem

SVG = "{http://www.w3.org/2000/svg}"
STAGES = ("Lead", "Demo", "Talks", "Contract")
PLAYBOOK = playbook_of(*STAGES)


def replayed(*paths: str) -> list[float]:
    """The fitness of each path by pm4py's token replay against the same stages in a row."""
    import pm4py
    from pm4py.objects.log.obj import Event, EventLog, Trace
    from pm4py.objects.petri_net.obj import Marking, PetriNet
    from pm4py.objects.petri_net.utils.petri_utils import add_arc_from_to

    net = PetriNet("playbook")
    places = [PetriNet.Place(f"p{number}") for number in range(len(STAGES) + 1)]
    net.places.update(places)
    for number, stage in enumerate(STAGES):
        transition = PetriNet.Transition(stage, stage)
        net.transitions.add(transition)
        add_arc_from_to(places[number], transition, net)
        add_arc_from_to(transition, places[number + 1], net)
    start = datetime(2026, 1, 1)
    traces = [
        Trace(
            [
                Event({"concept:name": stage, "time:timestamp": start + timedelta(days=day)})
                for day, stage in enumerate(path.split())
            ],
            attributes={"concept:name": path},
        )
        for path in paths
    ]
    found = pm4py.conformance_diagnostics_token_based_replay(
        EventLog(traces), net, Marking({places[0]: 1}), Marking({places[-1]: 1})
    )
    return [each["trace_fitness"] for each in found]


@pytest.fixture(autouse=True)
def _quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no progress bar of pm4py into what the tests print."""
    monkeypatch.setenv("TQDM_DISABLE", "1")


def judged(**deals: str) -> dict[str, tuple[str, float]]:
    """Verdict and fitness of each deal; a path without an end is an open deal."""
    log = log_of({name: path.split() for name, path in deals.items()})
    conform(discover(log), PLAYBOOK)
    told = log.relations.rows("SELECT deal_id, verdict, fitness FROM deal_verdicts JOIN deals USING (deal)")
    return {deal: (verdict, fitness) for deal, verdict, fitness in told}


@pytest.mark.filterwarnings("ignore")
def test_1_an_open_deal_on_its_way_is_not_scored_like_one_that_skipped_a_stage() -> None:
    on_its_way, skipped = replayed("Lead Demo Talks", "Lead Talks Contract")
    assert on_its_way == pytest.approx(skipped)
    told = judged(on="Lead Demo Talks", skipped="Lead Talks Contract Won", lost="Lead Demo Lost")
    assert told["on"] == ("pending", 1.0)
    assert told["lost"] == ("conforming", 1.0)
    assert told["skipped"][0] == "violating"
    assert told["skipped"][1] < 1.0


@pytest.mark.filterwarnings("ignore")
def test_2_a_stage_that_nobody_declared_never_fits() -> None:
    assert replayed("Lead Demo Talks Legal Contract") == [1.0]
    told = judged(extra="Lead Demo Talks Legal Contract Won", plain="Lead Demo Talks Contract Won")
    assert told["plain"] == ("conforming", 1.0)
    assert told["extra"][0] == "violating"
    assert told["extra"][1] == pytest.approx(1 - 1 / 9)


def many_deals(deals: int) -> dict[str, list[Stop]]:
    """Deals that wait about a month in Demo and a few days elsewhere."""
    chance = random.Random(3)
    world: dict[str, list[Stop]] = {}
    for number in range(deals):
        start, lead, demo = chance.uniform(0, 200), chance.uniform(1, 6), chance.uniform(20, 40)
        end = "Won" if chance.random() < 0.4 else "Lost"
        days = (start, start + lead, start + lead + demo, start + lead + demo + 2)
        world[f"d{number:05}"] = list(zip(("Lead", "Demo", "Contract", end), days, strict=True))
    return world


REOPENED: list[Stop] = [
    ("Lead", 0.0), ("Demo", 2.0), ("Lost", 30.0), ("Lead", 883.0), ("Demo", 885.0), ("Contract", 910.0), ("Won", 912.0),
]  # fmt: skip
"""Lost after a month, and taken up again after twenty-eight."""


def colours(discovery: Discovery) -> dict[tuple[str, str], str]:
    """The colour of each line of the map of days."""
    from lxml import etree

    shades: dict[tuple[str, str], str] = {}
    drawn = etree.fromstring(draw_stage_map(discovery, estimate(discovery), colour="days", least_share=0).encode())
    for line in drawn.iterfind(".//*[@data-to]"):
        shades[line.get("data-from", ""), line.get("data-to", "")] = str(
            next((part.get("stroke") for part in line.iter() if part.get("stroke")), "")
        )
    return shades


def far_out(discovery: Discovery) -> dict[str, object]:
    """Ranking by gain, the bounds of the map's colours, and how far the axes of the charts reach."""
    found, times = bottlenecks(discovery).estimates, process_time(discovery)
    assert times is not None
    strips = ET.fromstring(draw_bottlenecks(found, discovery))
    ages = ET.fromstring(incidence_chart(times).part)
    won = series_chart(cohort_series(discovery.log)[0])
    assert won is not None
    return {
        "ranking": [one.stage for one in found.gains],
        "first": found.gains[0].rank_1,
        "bounds": [short_days(limit) for limit in scale_of(read_flow(discovery, found)).days],
        "strips": {row.get("data-stage"): widths(row) for row in strips.iter(f"{SVG}g")},
        "days": [text.text for text in strips.iter(f"{SVG}text") if text.get("y") == "46"],
        "ages": [text.text for text in ages.iter(f"{SVG}text") if text.get("text-anchor") == "middle"],
        "shares": [text.text for text in ET.fromstring(won.part).iter(f"{SVG}text") if "%" in (text.text or "")],
    }


def widths(row: ET.Element) -> list[int]:
    """Whole pixels."""
    return [round(float(bar.get("width", "0"))) for bar in row.iter(f"{SVG}rect")]


def test_3_one_deal_reopened_after_28_months_turns_no_ranking_no_colour_and_no_axis_of_10_000() -> None:
    told = []
    for world in (many_deals(10_000), {**many_deals(10_000), "back": REOPENED}):
        discovery = discover(log_of(world, as_of_day=1000.0))
        times = {one.stage: one for one in estimate(discovery).stages}
        ranking = sorted(times, key=lambda stage: -times[stage].mean_days.estimate)
        shares = sorted(times, key=lambda stage: -times[stage].share_of_deal_days)
        medians = {stage: one.median_days for stage, one in times.items()}
        told.append((ranking, shares, medians, colours(discovery), far_out(discovery)))
    calm, wild = told
    assert calm[0] == calm[1] == ["Demo", "Lead", "Contract"]
    assert calm[:3] == wild[:3]
    assert len(set(calm[3].values())) > 1
    assert {line: wild[3][line] for line in calm[3]} == calm[3]
    assert {name: wild[4][name] for name in calm[4]} == calm[4]


def test_3_moves_that_hardly_any_deal_took_have_no_say_in_what_is_long() -> None:
    flow = read_flow(discover(log_of(many_deals(400), as_of_day=1000.0)))
    rare = [replace(flow.lines[-1], count=1, deals=1, median_days=days) for days in (0.01, 500.0, 900.0, 950.0)]
    assert scale_of(replace(flow, lines=(*flow.lines, *rare))).days == scale_of(flow).days
    often = [replace(one, count=100) for one in rare]
    assert scale_of(replace(flow, lines=(*flow.lines, *often))).days != scale_of(flow).days


@pytest.mark.parametrize("colour", ["frequency", "days"])
def test_4_the_width_of_every_line_says_a_count_of_deals_and_nothing_else(colour: Colouring) -> None:
    from lxml import etree

    # Each stage twice as slow as the last, and every line taken by as many deals, those from the start included.
    stops: list[Stop] = [("Lead", 0.0), ("Demo", 1.0), ("Talks", 3.0), ("Contract", 40.0), ("Won", 400.0)]
    discovery = discover(log_of({f"d{number}": stops for number in range(30)}))
    drawn = etree.fromstring(draw_stage_map(discovery, estimate(discovery), colour=colour).encode())
    lines = [line for line in drawn.iterfind(".//*[@data-to]") if line.get("data-count")]
    widths = {next(part.get("stroke-width") for part in line.iter() if part.get("stroke-width")) for line in lines}
    assert len(lines) == 5
    assert {line.get("data-from") for line in lines} >= {"", "Lead"}
    assert len(widths) == 1


def test_5_a_length_of_three_days_is_not_told_as_two() -> None:
    from pm4py.util.vis_utils import human_readable_stat

    almost = 3 * 86_400 - 1
    assert human_readable_stat(almost) == "2D"
    assert say_days(almost / 86_400) == "3 days"
    assert [say_days(days) for days in (1.5, 2.96, 2.26, 0.24)] == ["1.5 days", "3 days", "2.3 days", "5.8 hours"]
    world: dict[str, list[Stop]] = {
        f"d{number}": [("Lead", 0.0), ("Demo", 3.0 + sway / 100_000), ("Won", 9.0)]
        for number, sway in enumerate((-2, -1, -1, 0, 1))
    }
    (lead, *_) = estimate(discover(log_of(world))).stages
    assert lead.stage == "Lead"
    assert lead.mean_days.estimate == pytest.approx(3.0, abs=0.03)


def table(folder: Path, rows: Sequence[Sequence[str]]) -> Path:
    path = folder / "log.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("deal", "stage", "when"), *rows])
    return path


def moments(log: EventLog) -> list[datetime]:
    return [at for (at,) in log.relations.rows("SELECT occurred_at FROM events JOIN deals USING (deal) ORDER BY 1")]


def noted(log: EventLog) -> dict[str, Problem]:
    return {problem.kind: problem for problem in log.ingest.problems}


ENDS = [("e1", "Won", "28/04/2024"), ("e2", "Lost", "29/04/2024")]


def test_6_a_column_of_dates_is_read_in_one_order_or_not_at_all(tmp_path: Path) -> None:
    proven = read_log(table(tmp_path, [("d", "Lead", "31/03/2024"), ("d", "Demo", "03/04/2024"), *ENDS]))
    assert moments(proven)[:2] == [datetime(2024, 3, 31), datetime(2024, 4, 3)]
    one_bad = read_log(
        table(tmp_path, [("d", "Lead", "31/03/2024"), ("d", "Demo", "soon"), ("d", "Talks", "03/04/2024"), *ENDS])
    )
    assert moments(one_bad)[:2] == [datetime(2024, 3, 31), datetime(2024, 4, 3)]
    assert (noted(one_bad)["unreadable-time"].rows, noted(one_bad)["unreadable-time"].examples) == (
        1,
        ("d (log.csv:3)",),
    )
    open_question = table(
        tmp_path, [("d", "Lead", "01/03/2024"), ("d", "Won", "03/04/2024"), ("e", "Lost", "05/06/2024")]
    )
    with pytest.raises(LogError, match="does not show whether the day or the month comes first"):
        read_log(open_question)
    said = read_log(open_question, Options(conventions=Conventions("mdy")))
    assert moments(said) == [datetime(2024, 1, 3), datetime(2024, 3, 4), datetime(2024, 5, 6)]


def test_7_rows_without_a_deal_or_a_stage_and_times_without_a_zone_are_counted(tmp_path: Path) -> None:
    rows = [
        ("d1", "Lead", "2026-01-01T10:00:00+02:00"),
        ("", "Demo", "2026-01-02T10:00:00Z"),
        ("d1", "", "2026-01-03T10:00:00Z"),
        ("d1", "Won", "2026-01-04T10:00:00"),
        ("d2", "Lost", "2026-01-05T10:00:00-05:00"),
    ]
    log = read_log(table(tmp_path, rows))
    assert log.ingest.set_aside == {"no-deal": 1, "no-stage": 1}
    assert (log.ingest.rows_read, log.ingest.rows_used) == (5, 3)
    assert noted(log)["no-deal"].examples == ("log.csv:3",)
    assert noted(log)["no-stage"].examples == ("d1 (log.csv:4)",)
    day = [datetime(2026, 1, 1, 8), datetime(2026, 1, 4, 10), datetime(2026, 1, 5, 15)]
    assert moments(log) == day
    assert noted(log)["zone-left-out"].rows == 1
    assert "4 of 5 times of the column say their zone" in noted(log)["zone-left-out"].treatment
    in_rome = read_log(table(tmp_path, rows), Options(conventions=Conventions(timezone="Europe/Rome")))
    assert moments(in_rome) == [day[0], datetime(2026, 1, 4, 9), day[2]]
    whole = [row for row in rows if row[0] and row[1] and row[1] != "Won"]
    assert "zone-left-out" not in noted(read_log(table(tmp_path, [*whole, ("d1", "Won", "2026-01-04T10:00:00Z")])))


DRAWING = """
import sys
from processminer.diagrams.charts.bottlenecks import draw_bottlenecks
from processminer.diagrams.charts.incidence import incidence_chart
from processminer.diagrams.charts.series import series_chart
from processminer.diagrams.dot import draw_dot
from processminer.diagrams.flow import read_flow
from processminer.diagrams.lettering import short_days
from processminer.diagrams.scale import scale_of
from processminer.diagrams.stage_map import draw_stage_map
from processminer.discovery.discover import discover
from processminer.estimates.bottlenecks import bottlenecks
from processminer.estimates.estimate import estimate
from processminer.estimates.over_time.cohorts import cohort_series
from processminer.estimates.over_time.process_time import process_time
from processminer.log.read import read_log
found = discover(read_log(sys.argv[1]))
sys.stdout.buffer.write((draw_dot(found, estimate(found)) + draw_stage_map(found, estimate(found))).encode())
"""


def test_8_equal_times_are_told_in_one_order_and_drawings_are_the_same_bytes_in_every_run(tmp_path: Path) -> None:
    chance = random.Random(8)
    rows = [
        (f"d{number}", stage, f"2026-01-{1 + chance.randint(0, 3) // 3 + step:02}")
        for number in range(40)
        for step, stage in enumerate((*STAGES, chance.choice(["Won", "Lost"])))
    ]
    drawn: set[bytes] = set()
    for seed in ("1", "2"):
        chance.shuffle(rows)
        command = [sys.executable, "-c", DRAWING, str(table(tmp_path, rows))]
        hashed = os.environ | {"PYTHONHASHSEED": seed}
        drawn.add(subprocess.run(command, stdout=subprocess.PIPE, check=True, env=hashed).stdout)
    (bytes_of_both,) = drawn
    assert b"digraph stages" in bytes_of_both
    names = Names(STAGES, {}, ("Won",), ("Lost",))
    same_moment = [("d", stage, "2026-01-05") for stage in STAGES] + [("e", "Lost", "2026-01-06")]
    told = set()
    for _ in range(6):
        chance.shuffle(same_moment)
        found = discover(read_log(table(tmp_path, same_moment), Options(names=names)))
        told.add((found.variants, draw_dot(found)))
    assert len(told) == 1
    assert STAGES in {variant.path for variant in told.pop()[0]}


LIMITED = playbook_of(*(Stage(name=stage, time_limit=3.0) for stage in STAGES))


def many_rows(folder: Path, deals: int) -> Path:
    """Deals of five steps each, their stays of one hour to four days."""
    chance = random.Random(9)
    path = folder / f"{deals}.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write("deal,stage,when\n")
        for number in range(deals):
            hours = chance.randint(0, 4_000)
            for stage in (*STAGES, "Won"):
                file.write(f"d{number},{stage},{FIRST_DAY + timedelta(hours=hours)}\n")
                hours += chance.randint(1, 96)
    return path


def test_9_time_limits_cost_as_much_as_there_are_deals(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    plain = {name: getattr(Relations, name) for name in ("run", "rows")}
    for name, ask in plain.items():
        monkeypatch.setattr(
            Relations, name, lambda *said, _ask=ask, **more: (asked.append(said[1]), _ask(*said, **more))[1]
        )
    told: list[tuple[list[str], float]] = []
    for deals in (4_000, 32_000):
        discovery = discover(read_log(many_rows(tmp_path, deals)))
        spent = math.inf
        for _ in range(2):
            asked.clear()
            started = time.process_time()
            found = conform(discovery, LIMITED)
            spent = min(spent, time.process_time() - started)
        assert sum(rule.broken for rule in found.obligations if rule.kind == "time-limit") > deals / 2
        told.append((list(asked), spent))
    (few_asked, few), (many_asked, many) = told
    assert few_asked == many_asked
    # Eight times the deals; what is quadratic takes sixty-four times as long.
    assert many < 24 * few
