-- How many deals were won, and within how many days of their beginning nine in ten of them.
SELECT count(*) AS won,
       coalesce(quantile_cont(epoch_us(deals.closed_at) - epoch_us(deals.first_at), 0.9), 0) / 86400000000.0 AS days
FROM deals
JOIN paths ON paths.deal = deals.deal
WHERE deals.outcome = 'won' AND paths.close_step > 1 AND deals.deal NOT IN (SELECT deal FROM untimed_leads)
