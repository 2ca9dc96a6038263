-- How many elements of a criterion were there when each deal moved on, and what became of the deal: days, end, worth.
WITH met AS (
    SELECT deal, any_value(moment) AS moment, count(*) FILTER (filled) AS elements FROM field_states GROUP BY deal
)
SELECT met.elements::BIGINT AS elements,
       (epoch_us(coalesce(deals.closed_at, $as_of)) - epoch_us(met.moment)) // 86400000000 + 1 AS days,
       (CASE deals.outcome WHEN 'won' THEN 1 WHEN 'lost' THEN 2 ELSE 0 END)::BIGINT AS cause,
       coalesce(deals.amount, 0.0) AS amount,
       coalesce(owner_numbers.number, 0)::BIGINT AS owner
FROM met
JOIN deals ON deals.deal = met.deal
LEFT JOIN owner_numbers ON owner_numbers.owner = deals.owner
WHERE deals.outcome = 'open' OR deals.closed_at IS NOT NULL
ORDER BY met.deal
