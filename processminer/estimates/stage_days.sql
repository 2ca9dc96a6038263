-- How many deals came to each stage, how often, how many are in it still, how many days they spent there, how many were lost there.
WITH stayed AS (
    SELECT stays.stage,
           stays.deal,
           stays.left_at IS NULL AS is_open,
           epoch_us(coalesce(stays.left_at, $as_of)) - epoch_us(stays.entered_at) AS length,
           deals.outcome = 'lost' AND paths.close_step = stays.position + 1 AS is_lost_here
    FROM stays
    JOIN stage_names ON stage_names.code = stays.stage
    JOIN deals ON deals.deal = stays.deal
    JOIN paths ON paths.deal = stays.deal
    WHERE stage_names.class = 'open' AND NOT stays.after_close
)
SELECT stage,
       count(DISTINCT deal) AS deals,
       count(*) AS visits,
       count(*) FILTER (WHERE is_open) AS open,
       sum(length) / 86400000000.0 AS days,
       count(*) FILTER (WHERE is_lost_here) AS lost_here
FROM stayed
GROUP BY stage
ORDER BY stage
