-- Of the deals that began in each month or quarter, how many were won or lost by which age, and how old the open ones are.
SELECT date_trunc($every, deals.first_at)::DATE AS period,
       (epoch_us(coalesce(deals.closed_at, $as_of)) - epoch_us(deals.first_at)) // 86400000000 + 1 AS days,
       count(*) FILTER (WHERE deals.outcome = 'won') AS won,
       count(*) FILTER (WHERE deals.outcome = 'lost') AS otherwise,
       count(*) FILTER (WHERE deals.outcome = 'open') AS still_there
FROM deals
JOIN paths ON paths.deal = deals.deal
WHERE (paths.close_step IS NULL OR paths.close_step > 1) AND deals.deal NOT IN (SELECT deal FROM untimed_leads)
GROUP BY period, days
ORDER BY period, days
