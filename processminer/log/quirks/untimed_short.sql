-- Deals of which everything happened within a day.
INSERT INTO untimed_deals
SELECT deal_id, 'closed-within-a-day'
FROM deal_histories
WHERE close_step > 1 AND epoch_us(closed_at) - epoch_us(first_at) < 86400000000
