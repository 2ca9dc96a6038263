-- The verdict on each deal with a path: an open one that has broken nothing so far is pending.
CREATE OR REPLACE TABLE deal_verdicts AS
SELECT deal,
       CASE WHEN cost > 0 OR deal IN (SELECT deal FROM deal_breaches) THEN 'violating'
            WHEN outcome = 'open' THEN 'pending'
            ELSE 'conforming' END AS verdict,
       cost,
       fitness
FROM deal_variants
JOIN variant_paths USING (variant)
JOIN path_costs USING (path)
JOIN deals USING (deal)
ORDER BY deal
