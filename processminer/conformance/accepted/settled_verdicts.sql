-- Deals of which everything that they broke is accepted keep to the playbook, or are under way.
UPDATE deal_verdicts
SET verdict = CASE WHEN deal IN (SELECT deal FROM deals WHERE outcome = 'open') THEN 'pending' ELSE 'conforming' END
WHERE verdict = 'violating' AND deal NOT IN (SELECT deal FROM deal_deviations)
