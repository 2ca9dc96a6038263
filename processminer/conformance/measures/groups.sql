-- How the deals of each owner, each segment and each quarter of their close keep to the playbook; small groups together.
WITH quarters AS (
    SELECT deal, 'quarter' AS attribute,
           strftime(closed_at, '%Y') || '-Q' || quarter(closed_at) AS value,
           -1 AS place
    FROM deals JOIN paths USING (deal)
    WHERE closed_at IS NOT NULL AND close_step IS NOT NULL
      AND (deal, close_step) NOT IN (SELECT (deal, place) FROM untimed_steps)
),
grouped AS (
    SELECT * FROM deal_groups UNION ALL SELECT * FROM quarters
),
counted AS (
    SELECT attribute, place, value,
           count(*) AS deals,
           sum(fitness ORDER BY deal) AS fitness,
           count(*) FILTER (WHERE verdict = 'violating') AS violating
    FROM grouped JOIN deal_fitness USING (deal)
    GROUP BY attribute, place, value
),
folded AS (
    SELECT *, CASE WHEN deals >= $enough THEN value END AS told FROM counted
)
SELECT attribute, told, count(*) AS groups,
       sum(deals)::BIGINT AS deals,
       sum(fitness ORDER BY value) / sum(deals) AS fitness,
       sum(violating)::BIGINT AS violating
FROM folded
GROUP BY attribute, place, told
ORDER BY place, told IS NULL, CASE WHEN place < 0 THEN told END, sum(deals) DESC, told
