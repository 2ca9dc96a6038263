-- In which currency most deals are, how many have an amount in it, and what a won one was worth on average by $as_of.
WITH known AS (
    SELECT currency, amount, outcome = 'won' AND closed_at <= $as_of AS won
    FROM deals
    WHERE amount IS NOT NULL
)
SELECT currency,
       count(*) AS deals,
       avg(amount) FILTER (WHERE won) AS mean,
       coalesce(var_samp(amount) FILTER (WHERE won), 0) AS variance
FROM known
GROUP BY currency
ORDER BY deals DESC, currency
LIMIT 1
