-- Within how many days of its first stage event nine in ten of the won deals were won.
SELECT quantile_cont(epoch_us(closed_at) - epoch_us(first_at), 0.9) / 86400000000.0 AS p90_days
FROM deals JOIN paths USING (deal)
WHERE outcome = 'won' AND close_step > 1 AND deals.deal NOT IN (SELECT deal FROM untimed_leads)
