-- Each way in which a deal left the playbook, when it did, and by how many days it was over a limit.
CREATE OR REPLACE VIEW deal_moves AS
WITH been AS (
    SELECT deal, place,
           make_timestamp(min(steps[came]) >> 10) AS came_at,
           make_timestamp(max(steps[went]) >> 10) AS went_at
    FROM paths
    JOIN deal_variants USING (deal)
    JOIN walk_runs USING (variant)
    GROUP BY deal, place
)
SELECT deal, kind, subject, stage,
       make_timestamp(steps[step] >> 10) AS moment,
       NULL::DOUBLE AS days_over
FROM deal_variants
JOIN variant_moments USING (variant)
JOIN order_breaches USING (number)
JOIN paths USING (deal)
UNION ALL
SELECT rule_verdicts.deal, kind, subject, stage,
       coalesce(
           CASE WHEN kind = 'over-time' THEN deal_over.since
                WHEN kind IN ('task-missing', 'task-late', 'criterion-missing', 'too-few-contacts') THEN been.went_at
                WHEN kind IN ('entry-criterion-missing', 'wrong-owner', 'late-handover', 'too-long-silent') THEN been.came_at
                END,
           deals.closed_at,
           been.came_at
       ) AS moment,
       CASE WHEN kind = 'over-time' THEN deal_over.days END AS days_over
FROM rule_verdicts
JOIN rule_breaches USING (rule, remark)
JOIN breaches USING (breach)
JOIN rule_places USING (rule)
JOIN deals ON deals.deal = rule_verdicts.deal
LEFT JOIN deal_over ON deal_over.rule = rule_verdicts.rule AND deal_over.deal = rule_verdicts.deal
LEFT JOIN been ON been.deal = rule_verdicts.deal AND been.place = rule_places.place
WHERE verdict = 'broken'
