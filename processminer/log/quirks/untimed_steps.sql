-- The steps of the paths whose moment is not that of the deal's move, and why.
INSERT INTO untimed_steps
WITH marked AS (
    SELECT deals.deal, epoch_us(untimed_rows.occurred_at) * 1024 + stage_names.code AS step, min(untimed_rows.why) AS why
    FROM untimed_rows
    JOIN deals ON deals.deal_id = untimed_rows.deal_id
    JOIN read_codes ON read_codes.code = untimed_rows.code
    JOIN stage_names ON stage_names.stage = read_codes.stage
    GROUP BY ALL
),
placed AS (
    SELECT deal, unnest(range(1, len(steps) + 1))::INTEGER AS place, unnest(steps) AS step
    FROM paths
    WHERE deal IN (SELECT deal FROM marked)
),
whole AS (
    SELECT deals.deal, unnest(range(1, len(paths.steps) + 1))::INTEGER AS place, untimed_deals.why
    FROM untimed_deals
    JOIN deals ON deals.deal_id = untimed_deals.deal_id
    JOIN paths ON paths.deal = deals.deal
),
closings AS (
    SELECT deals.deal, paths.close_step AS place, untimed_closings.why
    FROM untimed_closings
    JOIN deals ON deals.deal_id = untimed_closings.deal_id
    JOIN paths ON paths.deal = deals.deal
    WHERE paths.close_step IS NOT NULL
),
every AS (
    SELECT deal, place, why FROM placed JOIN marked USING (deal, step)
    UNION ALL
    SELECT deal, place, why FROM whole
    UNION ALL
    SELECT deal, place, why FROM closings
)
SELECT deal, place, min(why) FROM every GROUP BY deal, place ORDER BY deal, place
