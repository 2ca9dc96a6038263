"""A playbook is held against the deals it is for; the others are set aside, counted and said."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processminer.errors import InputError
from processminer.log.options import Options
from processminer.study import Study, mine, study_of
from tests.worlds import write_export

STAGES = "stages: [{name: Lead}, {name: Demo}]\noutcomes: {won: [Won], lost: [Lost]}\n"


def export(folder: Path, said: dict[str, dict[str, str]]) -> Path:
    """Deals that are said this of, each skipping the demo."""
    folder.mkdir(exist_ok=True)
    deals = {deal: [("Lead", float(at)), ("Won", at + 1.0)] for at, deal in enumerate(said)}
    write_export(folder, deals, {}, said, ["Won"], ["Lost"])
    return folder


def playbook(folder: Path, applies_to: str) -> Path:
    file = folder / "book.yaml"
    file.write_text(f"name: S\napplies_to: {applies_to}\n{STAGES}")
    return file


def studied(folder: Path, applies_to: str, said: dict[str, dict[str, str]], options: Options | None = None) -> Study:
    return study_of(export(folder / "export", said), playbook(folder, applies_to), options or Options())


SAID = {
    "a": {"Type": "New Business", "Segment": "SMB"},
    "b": {"Type": "new  business", "Segment": "Enterprise"},
    "c": {"Type": "Renewal", "Segment": "SMB"},
    "d": {"Type": "", "Segment": "SMB"},
}


def judged(found: Study) -> set[str]:
    return {deal for (deal,) in found.log.relations.rows("SELECT deal_id FROM deals")}


def test_only_the_deals_that_a_playbook_is_for_are_judged_and_the_others_counted(tmp_path):
    found = studied(tmp_path, "{type: [New Business]}", SAID)
    assert judged(found) == {"a", "b"}
    assert found.log.ingest.deals_set_aside == {"outside-the-playbook": 2}
    (told,) = [one for one in found.log.ingest.problems if one.kind == "outside-the-playbook"]
    assert told.treatment == "Set aside: the deal is outside the playbook. It applies to type New Business."
    (skipped,) = found.conformance.deviations
    assert (skipped.deals, skipped.reached) == (2, 2)


def test_attributes_hold_together_and_values_stand_beside_each_other(tmp_path):
    assert judged(studied(tmp_path, "{Type: [New Business, Renewal], SEGMENT: smb}", SAID)) == {"a", "c"}


VALUES = st.sampled_from(["", "x", "X ", "y", "z"])


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(VALUES, VALUES), min_size=1, max_size=6), st.sets(st.sampled_from("xyz"), min_size=1))
def test_the_deals_judged_are_those_that_a_look_at_each_record_gives(tmp_path_factory, records, wanted):
    said = {f"d{at}": {"Kind": kind, "Tier": tier} for at, (kind, tier) in enumerate(records)}
    inside = {deal for deal, one in said.items() if one["Kind"].strip().lower() in wanted}
    folder = tmp_path_factory.mktemp("world")
    if not any(one["Kind"].strip() for one in said.values()):
        assert judged(studied(folder, f"{{kind: [{', '.join(sorted(wanted))}]}}", said)) == set(said)
    elif not inside:
        with pytest.raises(InputError, match="no deal of this log is one of those"):
            studied(folder, f"{{kind: [{', '.join(sorted(wanted))}]}}", said)
    else:
        found = studied(folder, f"{{kind: [{', '.join(sorted(wanted))}]}}", said)
        assert judged(found) == inside
        assert sum(found.log.ingest.deals_set_aside.values()) == len(said) - len(inside)


def test_an_attribute_that_the_log_does_not_have_leaves_no_deal_out_and_is_told(tmp_path):
    found = studied(tmp_path, "{Region: [North], Type: [Renewal]}", SAID)
    assert judged(found) == {"c"}
    (told,) = [one for one in found.log.ingest.problems if one.kind == "applies-to-unknown"]
    assert told.treatment == (
        "All deals are looked at: whether the playbook is for them cannot be told. The log does not say: Region."
    )


def test_where_no_deal_is_left_the_values_that_there_are_are_told(tmp_path):
    with pytest.raises(InputError) as caught:
        studied(tmp_path, "{Type: [Upsell]}", SAID)
    assert str(caught.value) == (
        "The playbook applies to Type Upsell, and no deal of this log is one of those.\n"
        "  The log's: New Business (1 deal), Renewal (1 deal) and new  business (1 deal). "
        "Mend 'applies_to', or is it the right playbook?"
    )


def test_what_the_user_asks_for_by_name_stands_instead_and_the_rest_beside_it(tmp_path):
    renewals = Options(only={"type": "Renewal"})
    assert judged(studied(tmp_path, "{Type: [New Business]}", SAID, renewals)) == {"c"}
    small = Options(only={"Segment": "SMB"})
    assert judged(studied(tmp_path, "{Type: [New Business]}", SAID, small)) == {"a"}
    with pytest.raises(InputError, match="--only Segment=Enterprise and the playbook's applies_to"):
        studied(tmp_path, "{Type: [Renewal]}", SAID, Options(only={"Segment": "Enterprise"}))


PIPELINES = {"Sales": 3, "Partners": 5, "Renewals": 2}


def pipelines(folder: Path) -> Path:
    rows = ["deal_id,stage,entered_at,pipeline"]
    for name, deals in PIPELINES.items():
        for deal in range(deals):
            rows += [f"{name}{deal},{stage},2026-01-0{day},{name}" for day, stage in ((1, "Lead"), (2, "Won"))]
            rows += [f"{name}{deal},Terms,2026-01-01T05:00:00,{name}"] if name == "Renewals" else []
    file = folder / "log.csv"
    file.write_text("\n".join(rows) + "\n")
    return file


@pytest.mark.parametrize(
    ("said", "asked", "deals"),
    [
        ("{pipeline: sales}", None, 3),
        ("{Pipeline: [Sales, Renewals]}", None, 5),
        ("{pipeline: Sales}", "Renewals", 2),
        ("{Type: New}", None, 5),
    ],
)
def test_a_playbooks_pipelines_are_looked_at_rather_than_the_largest(tmp_path, said, asked, deals):
    found = study_of(pipelines(tmp_path), playbook(tmp_path, said), Options(pipeline=asked))
    assert found.discovery.totals.deals == deals
    assert sum(found.log.ingest.deals_set_aside.values()) == 10 - deals
    kinds = {one.kind for one in found.log.ingest.problems}
    named = asked is None and "ipeline" in said
    assert ("outside-the-playbook" in kinds, "several-pipelines" in kinds) == (named, not named)
    assert ("Terms" in {stage.name for stage in found.log.stages}) == ("Renewals" in said or asked == "Renewals")


def test_no_pipeline_of_the_playbook_in_the_log(tmp_path):
    with pytest.raises(
        InputError, match=r"The log's: Partners \(5 deals\), Sales \(3 deals\) and Renewals \(2 deals\)\."
    ):
        study_of(pipelines(tmp_path), playbook(tmp_path, "{pipeline: Service}"), Options())


def test_a_map_drawn_with_a_playbook_shows_the_deals_that_it_is_for(tmp_path):
    found = mine(export(tmp_path / "export", SAID), playbook(tmp_path, "{Type: [Renewal]}"), Options())
    assert found.discovery.totals.deals == 1
