-- How each deal stood to the old playbook and stands to the new one.
CREATE OR REPLACE TABLE replayed AS
SELECT deal_id,
       coalesce(after.outcome, before.outcome) AS outcome,
       CASE WHEN before.breaks IS NULL OR after.breaks IS NULL THEN 'no path under one of them'
            WHEN before.outcome <> after.outcome THEN 'ended otherwise under the other'
            WHEN before.recut OR after.recut THEN 'was in a stage that was merged or split'
            WHEN after.breaks AND NOT before.breaks THEN 'newly breaking'
            WHEN before.breaks AND NOT after.breaks THEN 'newly keeping'
            WHEN after.breaks THEN 'still breaking'
            ELSE 'still keeping' END AS standing
FROM stood_before AS before
FULL JOIN stood_after AS after USING (deal_id)
UNION ALL
SELECT deal_id, outcome, 'no path under either'
FROM deals
WHERE deal_id NOT IN (SELECT deal_id FROM stood_before UNION ALL SELECT deal_id FROM stood_after)
