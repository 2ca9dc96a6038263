-- Whether deals stayed in a stage longer than the playbook allows; those still in it are measured up to now.
INSERT INTO rule_verdicts
WITH stayed AS (
    SELECT rule, deal,
           went IS NULL AS still,
           coalesce(steps[went] >> 10, epoch_us($as_of)) - (steps[came] >> 10) > most AS is_over
    FROM paths
    JOIN deal_variants USING (deal)
    JOIN walk_runs USING (variant)
    JOIN limit_rules USING (place)
)
SELECT rule, deal,
       CASE WHEN bool_or(is_over) THEN 'broken' WHEN bool_or(still) THEN 'pending' ELSE 'kept' END,
       bool_or(is_over AND still)
FROM stayed
GROUP BY rule, deal
