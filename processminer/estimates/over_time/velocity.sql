-- Of the deals that began in a span of time and were followed for so many days: how many there are, how many of them were won by then,
-- what these are worth and how long they took. Only deals in the currency of most.
WITH currencies AS (
    SELECT currency, count(amount) AS deals FROM deals GROUP BY currency
),
most AS (
    SELECT currency FROM currencies ORDER BY deals DESC, currency NULLS LAST LIMIT 1
),
cohort AS (
    SELECT deals.amount, deals.currency IS NOT DISTINCT FROM most.currency AS same,
           epoch_us(deals.closed_at) - epoch_us(deals.first_at) AS us,
           coalesce(deals.outcome = 'won' AND epoch_us(deals.closed_at) - epoch_us(deals.first_at) <= $days * 86400000000, false) AS won
    FROM deals
    CROSS JOIN most
    JOIN paths ON paths.deal = deals.deal
    WHERE (paths.close_step IS NULL OR paths.close_step > 1)
      AND deals.deal NOT IN (SELECT deal FROM untimed_leads)
      AND deals.first_at >= $since AND deals.first_at < $until
)
SELECT (SELECT currency FROM most) AS currency,
       count(*) FILTER (WHERE same AND amount IS NOT NULL) AS deals,
       count(*) FILTER (WHERE NOT same OR amount IS NULL) AS without,
       count(*) FILTER (WHERE same AND amount IS NOT NULL AND won) AS won,
       avg(amount) FILTER (WHERE same AND won) AS amount,
       avg(us) FILTER (WHERE same AND amount IS NOT NULL AND won) / 86400000000.0 AS days
FROM cohort
