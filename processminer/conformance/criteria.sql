-- Whether enough of a criterion's fields are filled, as the export shows them, for deals that went on from its stage.
INSERT INTO rule_verdicts
WITH filled AS (
    SELECT rule, deal, count(DISTINCT field) AS fields
    FROM attributes
    JOIN criterion_fields USING (attribute)
    WHERE lower(trim(value)) NOT IN ('', 'false', 'no') AND coalesce(TRY_CAST(trim(value) AS DOUBLE) <> 0, true)
    GROUP BY rule, deal
)
SELECT rule, deal,
       CASE WHEN NOT checkable THEN 'unchecked'
            WHEN pending THEN 'pending'
            WHEN coalesce(fields, 0) >= needed THEN 'kept'
            WHEN coalesce(fields, 0) + absent < needed THEN 'broken'
            ELSE 'unchecked' END,
       false
FROM stage_dues
JOIN criterion_rules USING (place)
LEFT JOIN filled USING (rule, deal)
