-- Deals that stayed in a stage for longer than some time and were won all the same, the most valuable first.
WITH long AS (
    SELECT DISTINCT stays.deal
    FROM stays
    WHERE stays.stage = $code AND NOT stays.after_close AND stays.timed AND NOT stays.clicked
      AND epoch_us(coalesce(stays.left_at, $as_of)) - epoch_us(stays.entered_at) > $age_us
)
SELECT deals.deal_id,
       CASE WHEN deals.currency IS NOT DISTINCT FROM $currency THEN deals.amount END AS amount,
       count(*) OVER () AS won,
       sum(CASE WHEN deals.currency IS NOT DISTINCT FROM $currency THEN deals.amount END) OVER () AS worth
FROM long
JOIN deals ON deals.deal = long.deal
WHERE deals.outcome = 'won'
ORDER BY amount DESC NULLS LAST, deals.deal_id
LIMIT $most
