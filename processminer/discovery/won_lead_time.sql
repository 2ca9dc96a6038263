-- Within how many days of its first stage event nine in ten of the won deals were won.
SELECT quantile_cont(epoch(closed_at - first_at) / 86400, 0.9) AS p90_days
FROM deals
WHERE outcome = 'won' AND closed_at >= first_at
