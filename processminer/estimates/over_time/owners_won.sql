-- Of the deals that were followed for so many days, how many each owner had and how many were won by then.
SELECT deals.owner,
       count(*) AS deals,
       count(*) FILTER (WHERE deals.outcome = 'won'
                          AND epoch_us(deals.closed_at) - epoch_us(deals.first_at) <= $days * 86400000000) AS won
FROM deals
JOIN paths ON paths.deal = deals.deal
WHERE deals.owner IS NOT NULL
  AND (paths.close_step IS NULL OR paths.close_step > 1)
  AND deals.deal NOT IN (SELECT deal FROM untimed_leads)
  AND epoch_us($as_of::TIMESTAMP) - epoch_us(deals.first_at) >= $days * 86400000000
GROUP BY deals.owner
ORDER BY deals.owner
