-- What each deal broke: the order of the stages, a time limit, a task, a criterion.
CREATE OR REPLACE TABLE deal_breaches AS
SELECT deal, breach
FROM deal_variants
JOIN variant_paths USING (variant)
JOIN path_breaches USING (path)
UNION ALL
SELECT deal, rule AS breach
FROM rule_verdicts
WHERE verdict = 'broken'
