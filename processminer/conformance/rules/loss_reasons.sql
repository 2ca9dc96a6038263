-- Whether each lost deal says why it was lost.
INSERT INTO rule_verdicts
WITH reasons AS (
    SELECT DISTINCT deal FROM attributes WHERE attribute IN (SELECT attribute FROM reason_columns) AND trim(value) <> ''
)
SELECT $rule, deal,
       CASE WHEN (SELECT count(*) FROM reason_columns) = 0 THEN 'unchecked'
            WHEN deal IN (SELECT deal FROM reasons) THEN 'kept'
            ELSE 'broken' END,
       false
FROM deals JOIN paths USING (deal)
WHERE outcome = 'lost'
