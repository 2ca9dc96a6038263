-- Which stage follows which and how often, told by a window over single events: the plain form, for other engines.
WITH followed AS (
    SELECT deal_id, stage AS source, occurred_at,
           lead(stage) OVER (PARTITION BY deal_id ORDER BY occurred_at) AS target,
           lead(occurred_at) OVER (PARTITION BY deal_id ORDER BY occurred_at) AS left_at
    FROM changes
)
SELECT source, target, count(*) AS times, count(DISTINCT deal_id) AS deals,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY epoch(left_at) - epoch(occurred_at)) / 86400 AS median_days
FROM followed
WHERE target IS NOT NULL
GROUP BY source, target
ORDER BY times DESC, source, target
