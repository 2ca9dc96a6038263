-- How many deals keep and break each rule, may still keep it, or cannot be checked.
SELECT rule,
       count(*) FILTER (WHERE verdict = 'kept') AS kept,
       count(*) FILTER (WHERE verdict = 'broken') AS broken,
       count(*) FILTER (WHERE verdict = 'pending') AS pending,
       count(*) FILTER (WHERE verdict = 'unchecked') AS unchecked,
       count(*) FILTER (WHERE verdict = 'broken' AND remark) AS remarked,
       count(*) FILTER (WHERE verdict = 'pending' AND remark) AS warned
FROM rule_verdicts
GROUP BY rule
ORDER BY rule
