-- Rows that repeat an earlier row of the same deal, stage and moment, and left the same stage where they say so.
CREATE OR REPLACE TABLE repeated AS
WITH doubled AS (
    SELECT deal_id, occurred_at, code, left_stage FROM stage_rows WHERE fault = 0 GROUP BY ALL HAVING count(*) > 1
)
SELECT stage_rows.deal_id, stage_rows.position
FROM stage_rows
JOIN doubled ON doubled.deal_id = stage_rows.deal_id AND doubled.occurred_at = stage_rows.occurred_at AND doubled.code = stage_rows.code
 AND doubled.left_stage IS NOT DISTINCT FROM stage_rows.left_stage
WHERE fault = 0 AND position IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY stage_rows.deal_id, stage_rows.occurred_at, stage_rows.code, stage_rows.left_stage ORDER BY position) > 1
