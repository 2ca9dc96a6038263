"""No report shows the mean of completed stays of a stage in which deals still are: it is too short by construction."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import numpy as np
import pytest

from processminer.report.html_report import render_html
from processminer.report.json_report import render_json
from processminer.report.markdown_report import render_markdown
from processminer.report.text_report import render_text
from tests.audits import audit

PLAYBOOK = """
name: t
stages: [{name: A}, {name: B}]
outcomes: {won: [Won], lost: [Lost]}
"""

LAST_DAY = 150


@pytest.fixture(scope="module")
def told():
    """An audit of half a year of deals, a good part of them open, and the mean completed stay of each stage."""
    random = np.random.default_rng(12)
    deals = {}
    for n in range(250):
        begun = float(random.uniform(0, LAST_DAY - 1))
        second = begun + float(random.exponential(31.7))
        end = second + float(random.exponential(44.3))
        path = [("A", begun), ("B", second), ("Won" if n % 3 == 0 else "Lost", end)]
        deals[f"d{n:03}"] = [stop for stop in path if stop[1] <= LAST_DAY]
    means = {}
    for stage in ("A", "B"):
        stays = [
            (day, then[1] if then else None)
            for path in deals.values()
            for (name, day), then in zip(path, [*path[1:], None], strict=True)
            if name == stage
        ]
        done = [left - day for day, left in stays if left is not None]
        assert len(done) < 0.95 * len(stays)
        means[stage] = float(np.mean(done))
    return audit(PLAYBOOK, deals, as_of_day=LAST_DAY), means


def numbers(value: object) -> Iterator[float]:
    if isinstance(value, dict):
        for one in value.values():
            yield from numbers(one)
    elif isinstance(value, list):
        for one in value:
            yield from numbers(one)
    elif isinstance(value, int | float):
        yield float(value)


def test_the_audit_file_holds_no_mean_of_completed_stays(told):
    study, means = told
    document = json.loads(render_json(study))
    found = list(numbers(document))
    assert {one["stage"] for one in document["stages"] if one["open"]} == {"A", "B"}
    for stage, mean in means.items():
        (own,) = (one["mean_days"]["estimate"] for one in document["stages"] if one["stage"] == stage)
        # The search would find it: the mean that open stays lengthen is found this way, and is longer.
        assert any(abs(one - own) < 1e-6 for one in found)
        assert own > 1.1 * mean
        for unit in (1, 24, 1440, 86_400):
            assert not any(abs(one - mean * unit) < 1e-3 * unit for one in found)


def test_no_page_says_one(told):
    study, means = told
    pages = {"text": render_text(study, width=200), "html": render_html(study), "markdown": render_markdown(study)}
    for name, page in pages.items():
        plain = re.sub(r"<[^>]*>", " ", page)
        for mean in means.values():
            for said in (f"{mean:.1f}", f"{mean:.2f}", f"{mean:.3f}"):
                assert not re.search(rf"(?<![\d.]){re.escape(said)}(?![\d])", plain), (name, said)
