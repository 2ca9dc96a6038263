-- Moments at which a deal has more than one row, with the stages that each row left and entered.
CREATE OR REPLACE TABLE tied_moments AS
WITH moved AS (
    SELECT stage_rows.deal_id, stage_rows.occurred_at,
           (coalesce(same.code, keyed.code, -1) + 1) * 1024 + stage_rows.code AS move,
           stage_rows.code
    FROM stage_rows
    LEFT JOIN labels AS same ON same.raw = stage_rows.left_stage
    LEFT JOIN labels AS keyed ON keyed.raw = concat(stage_rows.left_stage, chr(31), stage_rows.pipeline)
    WHERE stage_rows.fault = 0 AND stage_rows.occurred_at <= $as_of
)
SELECT deal_id, occurred_at, list_sort(list(DISTINCT move::INTEGER)) AS moves
FROM moved
GROUP BY deal_id, occurred_at
HAVING count(DISTINCT code) > 1
