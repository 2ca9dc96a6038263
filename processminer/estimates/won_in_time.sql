-- Within how many days of their first event deals were won or lost, and how long those have been going that are still open.
SELECT (epoch_us(coalesce(deals.closed_at, $as_of)) - epoch_us(deals.first_at)) // 86400000000 + 1 AS days,
       count(*) FILTER (WHERE deals.outcome = 'won') AS won,
       count(*) FILTER (WHERE deals.outcome = 'lost') AS lost,
       count(*) FILTER (WHERE deals.outcome = 'open') AS open
FROM deals
JOIN paths ON paths.deal = deals.deal
WHERE (paths.close_step IS NULL OR paths.close_step > 1) AND deals.deal NOT IN (SELECT deal FROM untimed_leads)
GROUP BY days
ORDER BY days
