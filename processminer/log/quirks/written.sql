-- Rows that say by their writer, or by who wrote them, that no person moved that deal at that moment.
INSERT INTO written
WITH told AS (
    SELECT stage_rows.deal_id, stage_rows.occurred_at, stage_rows.code, stage_rows.position,
           CASE WHEN writers.how IN ('bulk', 'import') THEN writers.how
                WHEN writers.how = 'machine' OR machine_actors.actor IS NOT NULL THEN 'machine' END AS how
    FROM stage_rows
    LEFT JOIN writers ON writers.writer = stage_rows.writer
    LEFT JOIN machine_actors ON machine_actors.actor = lower(stage_rows.actor)
    WHERE stage_rows.fault = 0
)
SELECT deal_id, occurred_at, code, position, how FROM told WHERE how IS NOT NULL
