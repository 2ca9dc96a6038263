-- How long deals took from their first event to their outcome.
SELECT outcome,
       count(*) AS deals,
       quantile_cont(epoch_us(closed_at) - epoch_us(first_at), 0.5) / 86400000000.0 AS median_days
FROM deal_histories
WHERE outcome <> 'open' AND close_step > 1 AND deal NOT IN (SELECT deal FROM untimed_leads)
GROUP BY outcome
ORDER BY outcome DESC
