-- How well the path of each deal fits the playbook when what is accepted is set aside.
-- The cost of a path is shared equally by the things that it breaks.
CREATE OR REPLACE VIEW deal_fitness AS
WITH broken AS (
    SELECT every_deviation.deal, count(*) AS broken, count(excused.deal) AS accepted
    FROM every_deviation
    LEFT JOIN excused
      ON excused.deal = every_deviation.deal AND excused.kind = every_deviation.kind AND excused.subject = every_deviation.subject
     AND excused.stage IS NOT DISTINCT FROM every_deviation.stage
    WHERE every_deviation.kind IN ('skipped', 'not-repeated', 'undeclared', 'returned', 'started-late', 'too-many-visits')
    GROUP BY every_deviation.deal
)
SELECT deal, verdict,
       CASE WHEN coalesce(accepted, 0) = 0 THEN fitness ELSE 1 - (1 - fitness) * (broken - accepted) / broken END AS fitness
FROM deal_verdicts
LEFT JOIN broken USING (deal)
