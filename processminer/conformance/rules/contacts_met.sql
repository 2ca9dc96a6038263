-- Whether as many people of the buyer as the stage asks for took part in the deals that went on from it.
INSERT INTO rule_verdicts
WITH counted AS (
    SELECT deal, attribute, max(TRY_CAST(trim(value) AS DOUBLE)) AS people
    FROM attributes
    WHERE attribute IN (SELECT attribute FROM contact_rules)
    GROUP BY deal, attribute
)
SELECT rule, deal,
       CASE WHEN attribute IS NULL THEN 'unchecked'
            WHEN pending THEN 'pending'
            WHEN coalesce(people, 0) >= least THEN 'kept'
            ELSE 'broken' END,
       false
FROM stage_dues
JOIN contact_rules USING (place)
LEFT JOIN counted USING (deal, attribute)
