-- How many deals would have broken each of several time limits for a stage, and how many kept it; some cannot tell yet.
WITH stayed AS (
    SELECT stays.deal,
           max(epoch_us(coalesce(left_at, $as_of::TIMESTAMP)) - epoch_us(entered_at)) AS longest,
           bool_or(left_at IS NULL) AS still
    FROM stays
    JOIN stage_names ON stage_names.code = stays.stage
    WHERE NOT after_close AND timed AND list_contains($stages, stage_names.stage)
    GROUP BY stays.deal
),
tried AS (
    SELECT unnest($limits::DOUBLE[]) AS days
)
SELECT days,
       count(*) FILTER (WHERE longest > days * 86400000000) AS broken,
       count(*) FILTER (WHERE longest <= days * 86400000000 AND NOT still) AS kept
FROM stayed CROSS JOIN tried
GROUP BY days
ORDER BY days
