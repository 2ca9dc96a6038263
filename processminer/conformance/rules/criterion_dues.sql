-- When each criterion came due for each deal: when it went on from the stage, or when it first came there.
CREATE OR REPLACE TABLE criterion_dues AS
SELECT rule, deal, pending, left_at AS moment
FROM stage_dues JOIN criterion_rules USING (place)
WHERE NOT at_entry
UNION ALL
SELECT rule, deal, false, min(entered_at)
FROM rule_stays JOIN criterion_rules USING (place)
WHERE at_entry
GROUP BY rule, deal
