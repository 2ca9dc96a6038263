-- What each deal broke: the order of the stages, and each rule beside it.
CREATE OR REPLACE TABLE deal_breaches AS
SELECT deal, breach
FROM deal_variants
JOIN variant_paths USING (variant)
JOIN path_breaches USING (path)
UNION ALL
SELECT deal, breach
FROM rule_verdicts
JOIN rule_breaches USING (rule, remark)
WHERE verdict = 'broken'
