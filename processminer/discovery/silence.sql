-- How many open deals have had no event of any kind for how many whole days, the longest silent first.
WITH touched AS (
    SELECT deal, max(occurred_at) AS occurred_at FROM task_events GROUP BY deal
),
silent AS (
    SELECT
        deals.deal_id,
        CAST(floor(epoch($as_of::TIMESTAMP - greatest(deals.created_at, deals.last_at, touched.occurred_at)) / 86400) AS INTEGER)
            AS days
    FROM deals
    LEFT JOIN touched USING (deal)
    WHERE deals.outcome = 'open'
)
SELECT days, count(*) AS deals, min(deal_id, 5) AS examples
FROM silent
WHERE days IS NOT NULL
GROUP BY days
ORDER BY days DESC
