-- How well deals fit the playbook, deal by deal and by what they are worth in the currency that most of them have.
WITH weighed AS (
    SELECT deal, fitness, currency, CASE WHEN amount > 0 AND NOT isinf(amount) THEN amount END AS amount
    FROM deal_fitness JOIN deals USING (deal)
),
currencies AS (
    SELECT currency FROM weighed WHERE amount IS NOT NULL GROUP BY currency ORDER BY count(*) DESC, currency LIMIT 1
)
SELECT count(*) AS deals,
       avg(fitness ORDER BY deal) AS mean,
       var_samp(fitness ORDER BY deal) AS variance,
       any_value(currencies.currency) AS currency,
       count(amount) FILTER (WHERE weighed.currency IS NOT DISTINCT FROM currencies.currency) AS value_deals,
       sum(amount * fitness ORDER BY deal) FILTER (WHERE weighed.currency IS NOT DISTINCT FROM currencies.currency)
           / sum(amount ORDER BY deal) FILTER (WHERE weighed.currency IS NOT DISTINCT FROM currencies.currency) AS value_fitness
FROM weighed
LEFT JOIN currencies ON true
