-- How many open deals have had no event of any kind for how many whole days, the longest silent first.
WITH touched AS (
    SELECT deal, max(occurred_at) AS occurred_at FROM task_events GROUP BY deal
),
last_seen AS (
    SELECT deal_id, greatest(least(deals.created_at, $as_of::TIMESTAMP), deals.last_at, touched.occurred_at) AS occurred_at
    FROM deals LEFT JOIN touched USING (deal)
    WHERE outcome = 'open'
)
SELECT ((epoch_us($as_of::TIMESTAMP) - epoch_us(occurred_at)) // 86400000000)::INTEGER AS days,
       count(*) AS deals,
       min(deal_id, 5) AS examples
FROM last_seen
WHERE occurred_at IS NOT NULL
GROUP BY days
ORDER BY days DESC
