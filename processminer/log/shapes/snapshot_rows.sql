-- Every look at a deal: what the look before said of it, and when the stage that it shows was entered, exactly or at the latest.
CREATE OR REPLACE TABLE snapshot_rows AS
WITH looks AS (
    SELECT looked_at, lag(looked_at) OVER (ORDER BY looked_at) AS earlier_look
    FROM (SELECT DISTINCT looked_at FROM seen_deals WHERE looked_at IS NOT NULL)
),
lengths AS (
    -- A look that is known by its day counts to the day's end: what happened on that day may be in it.
    SELECT CASE WHEN bool_and(looked_at = date_trunc('day', looked_at)) THEN INTERVAL 1 DAY ELSE INTERVAL 0 DAY END AS look
    FROM looks
),
in_order AS (
    SELECT seen_deals.*, earlier_look,
           lag(stage) OVER told AS stage_before,
           lag(looked_at) OVER told AS seen_before
    FROM seen_deals LEFT JOIN looks USING (looked_at)
    WINDOW told AS (PARTITION BY deal, looked_at IS NULL ORDER BY looked_at, position)
),
judged AS (
    SELECT *,
           looked_at IS NOT NULL AND stage IS NOT NULL AND stage IS DISTINCT FROM stage_before AS moved,
           since < looked_at + look AND since >= coalesce(seen_before, since) AS is_dated,
           seen_before IS NULL AND created < looked_at + look AND created >= coalesce(earlier_look, looked_at) AS is_new
    FROM in_order, lengths
)
SELECT deal, stage, position, looked_at, looked_text, seen_before, moved,
       CASE WHEN moved AND is_dated THEN 'dated'
            WHEN moved AND is_new THEN 'created-between-looks'
            WHEN moved AND seen_before IS NOT NULL THEN 'moved-between-looks'
            WHEN moved AND earlier_look IS NULL THEN 'under-way-at-first-look'
            WHEN moved THEN 'appeared-later'
            WHEN seen_before IS NOT NULL AND since > seen_before AND since < looked_at + look THEN 'return-between-looks'
            ELSE 'same' END AS told,
       CASE told WHEN 'dated' THEN since WHEN 'created-between-looks' THEN created ELSE looked_at END AS entered,
       CASE told WHEN 'moved-between-looks' THEN seen_before
                 WHEN 'appeared-later' THEN earlier_look
                 WHEN 'under-way-at-first-look' THEN CASE WHEN created < looked_at THEN created END END AS not_before
FROM judged
