-- Whether deals stayed in a stage longer than the playbook allows; those still in it are measured up to now.
-- A stay that begins or ends at a moment that is not the deal's cannot be measured.
INSERT INTO rule_verdicts
WITH stayed AS (
    SELECT rule, deal,
           went IS NULL AS still,
           CASE WHEN paths.deal NOT IN (SELECT deal FROM untimed_steps)
                  OR (paths.deal, came) NOT IN (SELECT (deal, place) FROM untimed_steps)
                     AND coalesce((paths.deal, went) NOT IN (SELECT (deal, place) FROM untimed_steps), true)
                THEN coalesce(steps[went] >> 10, epoch_us($as_of)) - (steps[came] >> 10) > most END AS is_over
    FROM paths
    JOIN deal_variants USING (deal)
    JOIN walk_runs USING (variant)
    JOIN limit_rules USING (place)
)
SELECT rule, deal,
       CASE WHEN bool_or(is_over) THEN 'broken'
            WHEN bool_or(is_over IS NULL) THEN 'unchecked'
            WHEN bool_or(still) THEN 'pending'
            ELSE 'kept' END,
       coalesce(bool_or(is_over AND still), false)
FROM stayed
GROUP BY rule, deal
