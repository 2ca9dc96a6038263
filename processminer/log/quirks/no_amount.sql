-- Deals without an amount, and how many of the lost ones have none, in a log that knows amounts.
SELECT count(*) FILTER (WHERE amount IS NULL),
       count(*) FILTER (WHERE amount IS NULL AND outcome = 'lost'),
       count(*) FILTER (WHERE outcome = 'lost'),
       coalesce(min(deal_id, $most) FILTER (WHERE amount IS NULL), [])
FROM deal_histories
HAVING count(amount) > 0
