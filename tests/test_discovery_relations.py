"""The relations that a discovery leaves behind are those that its docstring tells."""

from __future__ import annotations

import re

import pytest

from processminer.discovery.discover import discover
from processminer.discovery.discovery import Discovery
from tests.worlds import log_of


@pytest.mark.parametrize("relation", ["stays", "variants", "deal_variants"])
def test_a_relation_has_the_columns_that_are_told(relation: str) -> None:
    told = re.search(rf"`{relation}\(([^)]*)\)`", Discovery.__doc__ or "")
    assert told is not None
    found = discover(log_of({"x": ["A", "B", "Won"], "y": ["A"]}))
    assert told[1].replace("\n", " ").replace(" ", "").split(",") == list(found.log.relations.columns(relation))
