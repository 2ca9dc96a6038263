"""The tables that lie beside a history and say what its ids mean: stages, pipelines, people, and merged deals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from processminer.engines.relations import quoted
from processminer.log.columns import ids_of, number_of, text_of, yes_of
from processminer.log.eventlog import StageClass  # noqa: TC001
from processminer.log.names import fold

if TYPE_CHECKING:
    from collections.abc import Mapping

    from processminer.engines.relations import Relations
    from processminer.log.sources.profile import Role
    from processminer.log.sources.recognise import Part

BETWEEN = "\x1f"
"""Stands between a stage and its pipeline where the two together are the key of a stage."""


@dataclass(frozen=True, slots=True)
class StageEntry:
    """What a dictionary says of one stage."""

    stage: str
    """Its id, or its label where the export has no ids."""
    label: str
    pipeline: str | None
    """The id of its pipeline."""
    pipeline_label: str | None
    position: float | None
    probability: float | None
    """Of winning from there, 0 to 1."""
    kind: StageClass | None
    """None where the dictionary does not say whether the stage ends a deal."""
    active: bool


@dataclass(frozen=True, slots=True)
class Dictionary:
    """The stages that an export declares, in its own order; empty where it declares none."""

    entries: tuple[StageEntry, ...] = ()

    def find(self, stage: str, pipeline: str | None) -> StageEntry | None:
        """Return the entry of a stage named by id or label, of that pipeline where it is known."""
        for known in (_same_id, _same_label):
            fitting = [entry for entry in self.entries if known(entry, stage)]
            for entry in fitting:
                if pipeline is not None and fold(pipeline) in _names(entry):
                    return entry
            if fitting and (pipeline is None or len(fitting) == 1):
                return fitting[0]
        return None

    def pipeline_name(self, pipeline: str) -> str:
        """Return what people call the pipeline of that id; the id itself where the dictionary does not say."""
        named = (entry.pipeline_label for entry in self.entries if fold(pipeline) in _names(entry))
        return next((name for name in named if name is not None), pipeline)

    @property
    def by_id(self) -> bool:
        """Whether stages go by ids that differ from their labels, so that an unknown one is no label."""
        return sum(fold(entry.stage) != fold(entry.label) for entry in self.entries) * 2 > len(self.entries)


def _same_id(entry: StageEntry, stage: str) -> bool:
    return entry.stage == stage


def _same_label(entry: StageEntry, stage: str) -> bool:
    return fold(entry.label) == fold(stage)


def _names(entry: StageEntry) -> set[str]:
    return {fold(name) for name in (entry.pipeline, entry.pipeline_label) if name is not None}


def read_dictionary(relations: Relations, parts: Mapping[Role, Part]) -> Dictionary:
    """Return the stages that the export's own dictionary declares, by pipeline and position.

    Makes `stage_dictionary(stage, label, pipeline, pipeline_label, position, probability, class, active)` of them too.
    """
    part = parts.get("stages")
    entries = () if part is None else _entries(relations, part, _pipelines(relations, parts.get("pipelines")))
    relations.put(
        "stage_dictionary",
        {
            "stage": [entry.stage for entry in entries],
            "label": [entry.label for entry in entries],
            "pipeline": [entry.pipeline for entry in entries],
            "pipeline_label": [entry.pipeline_label for entry in entries],
            "position": [entry.position for entry in entries],
            "probability": [entry.probability for entry in entries],
            "class": [entry.kind for entry in entries],
            "active": [entry.active for entry in entries],
        },
        {
            "stage": "VARCHAR",
            "label": "VARCHAR",
            "pipeline": "VARCHAR",
            "pipeline_label": "VARCHAR",
            "position": "DOUBLE",
            "probability": "DOUBLE",
            "class": "VARCHAR",
            "active": "BOOLEAN",
        },
    )
    return Dictionary(entries)


def _pipelines(relations: Relations, part: Part | None) -> dict[str, tuple[str, float]]:
    """Return the label and the position of each pipeline, by its id."""
    if part is None:
        return {}
    columns = part.columns
    rows = relations.rows(
        f"SELECT DISTINCT {text_of(columns['pipeline'])} AS id, {text_of(columns.get('label'))} AS label, "
        f"{number_of(columns.get('position'))} AS position FROM {quoted(part.table.name)} WHERE id IS NOT NULL "
        "ORDER BY ALL"
    )
    return {str(one): (str(label or one), float(position or 0)) for one, label, position in rows}


def _entries(relations: Relations, part: Part, pipelines: Mapping[str, tuple[str, float]]) -> tuple[StageEntry, ...]:
    columns = part.columns
    flags = [
        yes_of(columns[flag]) if flag in columns else "NULL::BOOLEAN" for flag in ("is_closed", "is_won", "is_lost")
    ]
    active = "true" if "active" not in columns else yes_of(columns["active"])
    rows = relations.rows(
        f"SELECT DISTINCT {text_of(columns['stage'])} AS stage, {text_of(columns.get('label'))} AS label, "
        f"{text_of(columns.get('pipeline'))} AS pipeline, {text_of(columns.get('pipeline_label'))} AS pipeline_label, "
        f"{number_of(columns.get('position'))} AS position, {number_of(columns.get('probability'))} AS probability, "
        f"{', '.join(flags)}, {active} AND NOT {yes_of(columns.get('deleted'))} "
        f"FROM {quoted(part.table.name)} WHERE stage IS NOT NULL ORDER BY ALL"
    )
    percent = any(row[5] is not None and row[5] > 1 for row in rows)
    entries = [
        StageEntry(
            stage=str(stage),
            label=str(label or stage),
            pipeline=pipeline,
            pipeline_label=pipeline_label or (pipelines[pipeline][0] if pipeline in pipelines else pipeline),
            position=position,
            probability=probability if probability is None or not percent else probability / 100,
            kind=_kind(closed, won, lost, probability),
            active=bool(live),
        )
        for stage, label, pipeline, pipeline_label, position, probability, closed, won, lost, live in rows
    ]
    return tuple(sorted(entries, key=lambda entry: _rank(entry, pipelines)))


def _kind(closed: bool | None, won: bool | None, lost: bool | None, probability: float | None) -> StageClass | None:  # noqa: FBT001
    """Return how a deal stands that is in a stage of such flags, None where they do not say."""
    if won:
        return "won"
    if lost:
        return "lost"
    if closed is None:
        return None
    if not closed:
        return "open"
    # HubSpot's API flags a stage as closed and tells won from lost by the probability alone.
    return "won" if won is None and probability is not None and probability > 0 else "lost"


def _rank(entry: StageEntry, pipelines: Mapping[str, tuple[str, float]]) -> tuple[float, str, float, str]:
    position = float("inf") if entry.position is None else entry.position
    _, pipeline = pipelines.get(entry.pipeline or "", ("", 0.0))
    return pipeline, entry.pipeline or "", position, entry.label


def name_people(relations: Relations, part: Part | None, relation: str, column: str) -> None:
    """Put people's names in the place of their ids in a column of a relation, where the export has both."""
    if part is None:
        return
    relations.run(
        f"UPDATE {quoted(relation)} SET {quoted(column)} = people.name FROM people WHERE {quoted(column)} = people.id"
    )


def read_people(relations: Relations, part: Part | None) -> None:
    """Make `people(id, name)`: one name a person, the last row of a table of users counts."""
    relations.run("CREATE OR REPLACE TABLE people (id VARCHAR, name VARCHAR)")
    if part is None:
        return
    columns = part.columns
    full = f"nullif(concat_ws(' ', {text_of(columns.get('first_name'))}, {text_of(columns.get('last_name'))}), '')"
    name = f"coalesce({text_of(columns.get('name'))}, {full}, {text_of(columns.get('email'))})"
    relations.run(
        f"INSERT INTO people SELECT {text_of(columns['owner'])} AS id, {name} AS name "
        f"FROM {quoted(part.table.name)} WHERE id IS NOT NULL AND name IS NOT NULL "
        f"QUALIFY row_number() OVER (PARTITION BY id ORDER BY {part.table.row_number} DESC) = 1"
    )
    # Two people of one name are told apart by their ids; a name alone would make one owner of them.
    relations.run(
        "UPDATE people SET name = concat(name, ' (', id, ')') "
        "WHERE name IN (SELECT name FROM people GROUP BY name HAVING count(*) > 1)"
    )
    if "user" in columns:
        _add_users(relations, part)


def _add_users(relations: Relations, part: Part) -> None:
    """Add to `people` the numbers of HubSpot's users: who owns deals bears another number when changing something."""
    user, owner = text_of(part.columns["user"]), text_of(part.columns["owner"])
    relations.run(
        f"""INSERT INTO people
        SELECT unnest([users.id, concat('userId:', users.id)]), people.name
        FROM (SELECT id, min(owner) AS owner
              FROM (SELECT {user} AS id, {owner} AS owner FROM {quoted(part.table.name)})
              GROUP BY id
              HAVING count(DISTINCT owner) = 1) AS users
        JOIN people ON people.id = users.owner
        WHERE users.id NOT IN (SELECT id FROM people)"""
    )


def read_merges(relations: Relations, parts: Mapping[Role, Part]) -> None:
    """Make `merged_deals(deal_id, survivor)`: deals that live on in another one."""
    relations.run("CREATE OR REPLACE TABLE merged_deals (deal_id VARCHAR, survivor VARCHAR)")
    told = [_merge_rows(parts.get("merges")), _listed_merges(parts.get("deals"))]
    for sql in [sql for sql in told if sql is not None]:
        relations.run(
            f"INSERT INTO merged_deals SELECT DISTINCT loser, survivor FROM ({sql}) "
            "WHERE loser IS NOT NULL AND survivor IS NOT NULL AND loser <> survivor"
        )


def _merge_rows(part: Part | None) -> str | None:
    if part is None:
        return None
    columns = part.columns
    return (
        f"SELECT {text_of(columns['merged'])} AS loser, {text_of(columns['deal'])} AS survivor "
        f"FROM {quoted(part.table.name)}"
    )


def _listed_merges(part: Part | None) -> str | None:
    """Return the query of merges that the survivor's own record lists, as "123;456"."""
    if part is None or "merged_ids" not in part.columns:
        return None
    listed = ids_of(part.columns["merged_ids"])
    return f"SELECT {listed} AS loser, {text_of(part.columns['deal'])} AS survivor FROM {quoted(part.table.name)}"
