-- Each deal with its begin, its end, its owner, and whether it is of those for which the rules changed.
WITH said AS (
    SELECT deal, lower(trim(attribute)) AS attribute, lower(trim(value)) AS value FROM attributes
    UNION
    SELECT deal, 'owner', lower(trim(owner)) FROM deals
    UNION
    SELECT deal, 'pipeline', lower(trim(pipeline)) FROM deals
),
matched AS (
    SELECT said.deal, count(DISTINCT said.attribute) AS held
    FROM said
    JOIN changed_where USING (attribute, value)
    GROUP BY said.deal
),
asked AS (
    SELECT count(DISTINCT attribute) AS attributes FROM changed_where
),
parted AS (
    SELECT deal, min(value) AS value FROM said WHERE attribute = $part GROUP BY deal
)
SELECT deals.deal_id,
       epoch_us(deals.first_at) / 86400000000.0 AS begun,
       (epoch_us(coalesce(deals.closed_at, $as_of)) - epoch_us(deals.first_at)) // 86400000000 + 1 AS days,
       (epoch_us($as_of) - epoch_us(deals.first_at)) // 86400000000 + 1 AS watched,
       CASE deals.outcome WHEN 'won' THEN 1 WHEN 'lost' THEN 2 ELSE 0 END AS cause,
       coalesce(deals.owner, '') AS owner,
       coalesce(parted.value, '') AS part,
       asked.attributes > 0 AND coalesce(matched.held, 0) = asked.attributes AS changed
FROM deals
JOIN paths ON paths.deal = deals.deal
LEFT JOIN matched ON matched.deal = deals.deal
LEFT JOIN parted ON parted.deal = deals.deal
CROSS JOIN asked
WHERE (paths.close_step IS NULL OR paths.close_step > 1) AND deals.deal NOT IN (SELECT deal FROM untimed_leads)
      AND coalesce(deals.closed_at, $as_of) >= deals.first_at
ORDER BY deals.deal
