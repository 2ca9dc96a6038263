-- How many open deals are over a limit right now, and what they are worth where they all are of one currency.
SELECT count(*) AS deals,
       CASE WHEN count(DISTINCT currency) < 2 THEN sum(amount ORDER BY deal_id) END AS amount,
       CASE WHEN count(DISTINCT currency) < 2 THEN min(currency) END AS currency
FROM deals
WHERE outcome = 'open' AND deal IN (SELECT deal FROM rule_verdicts JOIN limit_rules USING (rule) WHERE verdict = 'broken' AND remark)
