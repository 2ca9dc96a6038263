"""The whole process, its queues and its outlook in `audit.json` and in words: valid, read back, and bounded."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from importlib import resources

import jsonschema
import numpy as np
import pytest

from processminer.estimates.queue.weeks import StageWeek
from processminer.report.audit_file import read_audit
from processminer.report.json_report import audit_document, for_page, render_json
from processminer.report.process_json import MOST_WEEKS, PAGE_WEEKS, queue_document
from processminer.report.process_text import say_ahead, say_late, say_life, say_over_time, say_queues
from processminer.report.queue_text import render_queue, say_balance, say_bursts, say_growth
from processminer.report.records import read_record
from processminer.report.text_report import render_text
from processminer.statistics.interval import Interval
from processminer.study import Study, study
from tests.worlds import Stop, log_of

PARTS = ("whole_process", "queue", "forecast", "outcomes", "groups")


@cache
def told() -> Study:
    """A year of deals of three owners; from the two hundredth day on twice as many are won; at the end a heap comes."""
    random = np.random.default_rng(8)
    deals: dict[str, list[Stop]] = {}
    said: dict[str, dict[str, str]] = {}
    for number in range(600):
        begun = float(random.uniform(0, 400)) if number < 540 else float(random.uniform(372, 400))
        offer, end = begun + float(random.uniform(1, 9)), begun + float(random.uniform(10, 30))
        wins = random.random() < (0.25 if begun < 200 else 0.6)
        path: list[Stop] = [("Lead", begun), ("Offer", offer), ("Won" if wins else "Lost", end)]
        deals[f"d{number:03}"] = [stop for stop in path if stop[1] <= 400] if number < 540 else path[:1]
        said[f"d{number:03}"] = {
            "OwnerId": f"o{number % 3}",
            "Amount": str(100 + number),
            "LeadSource": "ab"[number % 2],
        }
    return study(log_of(deals, as_of_day=400, attributes=said, order=("Lead", "Offer")))


def test_an_audit_tells_them_validly_and_reads_them_back() -> None:
    text = render_json(told())
    document = json.loads(text)
    schema = json.loads(resources.files("processminer.report").joinpath("audit.schema.json").read_text("utf-8"))
    checked = {**schema, "properties": {name: schema["properties"][name] for name in PARTS}, "required": list(PARTS)}
    jsonschema.validate({name: document[name] for name in PARTS}, checked)
    again, _ = read_audit(text, "audit.json")
    second = json.loads(render_json(again))
    for name in PARTS:
        first = dict(_values(document[name]))
        assert len(first) > 5
        # What is counted again from ten digits may differ in the last.
        assert dict(_values(second[name])) == {
            place: pytest.approx(value, rel=1e-6) if isinstance(value, float) else value
            for place, value in first.items()
        }
    assert render_text(again) == render_text(told())


def _values(node: object, place: str = "") -> Iterator[tuple[str, object]]:
    if isinstance(node, dict):
        for key, inner in node.items():
            yield from _values(inner, f"{place}.{key}")
    elif isinstance(node, list):
        for at, inner in enumerate(node):
            yield from _values(inner, f"{place}[{at}]")
    else:
        yield place, node


def test_the_summary_says_what_changed_what_grows_and_what_comes() -> None:
    found = told()
    assert found.whole is not None
    assert "The share won within" in say_over_time(found.whole)
    assert "Lead grows (" in say_queues(found.estimates.queue)
    assert re.match(r"Half of the [\d,]+ wins whose times are known came by day \d", say_life(found.whole))
    ahead = say_ahead(found.outlook)
    assert ("No forecast of the next 90 days is given" in ahead) == (found.outlook.gate.verdict == "shut")
    for said in (say_over_time(found.whole), say_queues(found.estimates.queue), ahead):
        assert " ".join(said.split())[:40] in " ".join(render_text(found).split())
    assert (say_over_time(None), say_queues(None), say_ahead(None), say_life(None), say_late(())) == ("",) * 5


def test_a_refused_forecast_stands_in_no_document() -> None:
    found = told()
    assert found.outlook is not None
    shut = replace(found.outlook, gate=replace(found.outlook.gate, verdict="shut", because="it rains"))
    document = audit_document(replace(found, outlook=shut))["forecast"]
    assert (document["forecast"], document["refused"]) == (None, "it rains")
    assert "No forecast of the next 90 days is given: it rains." in say_ahead(shut)
    opened = replace(shut, gate=replace(shut.gate, verdict="open"))
    assert audit_document(replace(found, outlook=opened))["forecast"]["forecast"] is not None


def test_old_weeks_are_left_out_and_counted() -> None:
    queue = told().estimates.queue
    assert queue is not None
    many = 150
    weeks = tuple(
        StageWeek(stage, date(2020, 1, 6) + timedelta(weeks=n), 2, 1, 1, 0, 2 * n + 2, n + 1, complete=True)
        for stage in ("Lead", "Offer")
        for n in range(many)
    )
    document = queue_document(replace(queue, weeks=weeks))["weeks"]
    assert len(document["begin"]) == MOST_WEEKS
    assert document["left_out"] == many - MOST_WEEKS
    assert [len(stage["arrivals"]) for stage in document["stages"]] == [MOST_WEEKS, MOST_WEEKS]
    assert document["stages"][0]["arrived_so_far"][-1] == 2 * many
    page = for_page({**audit_document(told()), "queue": {"weeks": document}})
    assert len(page["queue"]["weeks"]["begin"]) == PAGE_WEEKS
    assert page["queue"]["weeks"]["left_out"] == many - PAGE_WEEKS
    assert [one["measure"] for one in page["whole_process"]["series"]] == ["won"]


def test_queues_are_said_in_words_within_the_screen() -> None:
    queue = told().estimates.queue
    assert queue is not None
    lines = list(render_queue(queue, 80))
    assert max(map(len, lines)) <= 80
    assert "Lead grows:" in say_growth(queue.growth)
    apart = replace(queue.balances[0], in_progress=9.0, expected=Interval(5.0, 4.0, 6.0), stalled=0.0)
    assert "holds 9.0 deals where 5.0 are expected (4.0 to 6.0)" in say_balance((apart,))
    assert "every stage holds as many deals" in say_balance((replace(apart, in_progress=5.5),))
    assert queue.bursts is not None
    tidied = replace(queue.bursts, in_bursts=Interval(0.3, 0.2, 0.4), on_weekday=Interval(0.5, 0.4, 0.6), weekday=5)
    assert say_bursts(tidied).endswith(
        "times of days are partly those of the tidying up, and Friday is when the CRM is filled in."
    )


@dataclass(frozen=True)
class Inner:
    """A part."""

    day: date
    share: float
    limits: tuple[float | None, float | None]


@dataclass(frozen=True)
class Outer:
    """A whole."""

    name: str | None
    parts: tuple[Inner, ...]


def test_a_record_is_read_by_the_types_of_its_fields() -> None:
    row = {"name": None, "parts": [{"day": "2026-01-02", "share": None, "limits": [1, None], "more": 3}]}
    found = read_record(Outer, row, {})
    (inner,) = found.parts
    assert (inner.day, inner.limits, found.name) == (date(2026, 1, 2), (1.0, None), None)
    assert inner.share != inner.share
    with pytest.raises(KeyError):
        read_record(Outer, {"name": "x"}, {})
