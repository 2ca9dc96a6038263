-- Deals that were created more than a day before the first thing known of them, or of which just as much is known as the CRM keeps.
CREATE OR REPLACE TABLE truncated AS
WITH late AS (
    SELECT deal_id FROM deal_histories WHERE steps IS NOT NULL AND epoch_us(first_at) - epoch_us(created_at) > 86400000000
),
capped AS (
    SELECT deal_id
    FROM stage_rows
    WHERE fault = 0 AND $kept_changes IS NOT NULL
    GROUP BY deal_id
    HAVING count(*) = $kept_changes
)
SELECT deal_id, deal_id IN (SELECT deal_id FROM late) AS late, deal_id IN (SELECT deal_id FROM capped) AS capped
FROM (SELECT deal_id FROM late UNION SELECT deal_id FROM capped)
