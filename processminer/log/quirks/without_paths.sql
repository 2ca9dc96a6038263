-- Deals that count by their outcome alone.
UPDATE deal_histories
SET steps = NULL, close_step = NULL, reopened = false
WHERE deal_id IN (SELECT deal_id FROM pathless)
