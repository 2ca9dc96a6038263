-- How many days after their beginning deals were won or lost, how old those are that are still open, and at which age deals came to
-- be seen that had begun before the history did (seen; null for all others). Targets: won 0, lost 1, open -1.
WITH told AS (
    SELECT CASE deals.outcome WHEN 'won' THEN 0 WHEN 'lost' THEN 1 ELSE -1 END AS target,
           CASE WHEN late_stays.deal IS NULL THEN deals.first_at ELSE least(deals.first_at, deals.created_at) END AS begun_at,
           coalesce(deals.closed_at, $as_of) AS until,
           late_stays.seen_at
    FROM deals
    JOIN paths ON paths.deal = deals.deal
    LEFT JOIN late_stays ON late_stays.deal = deals.deal
    WHERE (paths.close_step IS NULL OR paths.close_step > 1)
      AND deals.deal NOT IN (SELECT deal FROM untimed_leads WHERE deal NOT IN (SELECT deal FROM late_stays))
      AND NOT EXISTS (FROM untimed_steps WHERE untimed_steps.deal = deals.deal AND untimed_steps.place = paths.close_step)
),
aged AS (
    SELECT target,
           (epoch_us(until) - epoch_us(begun_at)) // 86400000000 AS age,
           (epoch_us(seen_at) - epoch_us(begun_at)) // 86400000000 AS seen
    FROM told
)
SELECT age + 1 AS days, target, seen + 1 AS seen, count(*) AS deals
FROM aged
WHERE seen IS NULL OR seen < age
GROUP BY ALL
ORDER BY days, target, seen
