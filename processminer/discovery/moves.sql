-- Which stage follows which, how often, in how many deals, and how long after entering the first.
WITH steps AS (
    SELECT variant, deals, won, lost, unnest(path[:-2]) AS source, unnest(path[2:]) AS target FROM variants
),
taken AS (
    SELECT source, target, variant, count(*) AS times, any_value(deals) AS deals, any_value(won) AS won, any_value(lost) AS lost
    FROM steps
    GROUP BY source, target, variant
),
counted AS (
    SELECT source, target, sum(times * deals)::BIGINT AS times, sum(deals)::BIGINT AS deals,
           sum(won)::BIGINT AS won, sum(lost)::BIGINT AS lost
    FROM taken
    GROUP BY source, target
),
timed_moves AS MATERIALIZED (
    SELECT stage, next_stage, quantile_cont(epoch_us(left_at) - epoch_us(entered_at), 0.5) FILTER (WHERE timed) AS us
    FROM stays
    WHERE next_stage IS NOT NULL
    GROUP BY stage, next_stage
),
-- A move of which no moment is true is told by the moments there are.
untimed_moves AS (
    SELECT stage, next_stage, quantile_cont(epoch_us(left_at) - epoch_us(entered_at), 0.5) AS us
    FROM stays SEMI JOIN (SELECT stage, next_stage FROM timed_moves WHERE us IS NULL) AS without USING (stage, next_stage)
    GROUP BY stage, next_stage
),
lasted AS (
    SELECT stage AS source, next_stage AS target, coalesce(timed_moves.us, untimed_moves.us) / 86400000000.0 AS median_days
    FROM timed_moves LEFT JOIN untimed_moves USING (stage, next_stage)
)
SELECT from_stage.stage, to_stage.stage, times, deals, median_days, won, lost
FROM counted
JOIN lasted USING (source, target)
JOIN stage_names AS from_stage ON from_stage.code = source
JOIN stage_names AS to_stage ON to_stage.code = target
ORDER BY times DESC, source, target
