-- Each deal from its first stage: what it is by two attributes, whose it was, and how it ended or how long it has run.
-- A deal with two values of one attribute is counted under the first of them.
WITH named AS (
    SELECT attribute, value, row_number() OVER (PARTITION BY attribute ORDER BY value) AS number
    FROM (SELECT DISTINCT attribute, value FROM attributes WHERE attribute IN ($one, $other))
),
spoken AS (
    SELECT attributes.deal,
           min(named.number) FILTER (WHERE named.attribute = $one) AS one,
           min(named.number) FILTER (WHERE named.attribute = $other) AS other
    FROM attributes
    JOIN named ON named.attribute = attributes.attribute AND named.value = attributes.value
    GROUP BY attributes.deal
),
-- An edit that came later tells whose a deal was before it; without one it was whose it is now.
former AS (
    SELECT deals.deal, arg_min(field_rows.old, (field_rows.occurred_at, field_rows.position)) AS owner
    FROM field_rows
    JOIN deals ON deals.deal_id = field_rows.deal_id
    WHERE field_rows.field = 'owner' AND field_rows.occurred_at > deals.first_at
    GROUP BY deals.deal
)
SELECT spoken.one::BIGINT AS one,
       spoken.other::BIGINT AS other,
       dense_rank() OVER (ORDER BY coalesce(nullif(former.owner, ''), deals.owner, '')) AS owner,
       epoch_us(deals.first_at) AS moment_us,
       (epoch_us(coalesce(deals.closed_at, $as_of)) - epoch_us(deals.first_at)) // 86400000000 + 1 AS days,
       (epoch_us($as_of) - epoch_us(deals.first_at)) // 86400000000 + 1 AS watched,
       (CASE deals.outcome WHEN 'won' THEN 1 WHEN 'lost' THEN 2 ELSE 0 END)::BIGINT AS cause
FROM deals
JOIN paths ON paths.deal = deals.deal
JOIN spoken ON spoken.deal = deals.deal
LEFT JOIN former ON former.deal = deals.deal
WHERE spoken.one IS NOT NULL
  AND spoken.other IS NOT NULL
  AND (paths.close_step IS NULL OR paths.close_step > 1)
  AND (deals.outcome = 'open' OR deals.closed_at IS NOT NULL)
  AND deals.deal NOT IN (SELECT deal FROM untimed_leads)
ORDER BY deals.deal
