-- Whether deals stayed in a stage longer than the playbook allows; those still in it are measured up to now.
-- A stay that begins or ends at a moment that is not the deal's cannot be measured.
INSERT INTO rule_verdicts
WITH stayed AS (
    SELECT rule, deal, left_at IS NULL AS still,
           CASE WHEN entered_timed AND left_timed THEN epoch_us(coalesce(left_at, $as_of)) - epoch_us(entered_at) END AS lasted,
           most, warn
    FROM rule_stays JOIN limit_rules USING (place)
),
judged AS (
    SELECT rule, deal, still,
           CASE WHEN lasted IS NOT NULL THEN coalesce(lasted > most, false) END AS is_over,
           coalesce(still AND lasted > warn, false) AS is_warned
    FROM stayed
)
SELECT rule, deal,
       CASE WHEN bool_or(is_over) THEN 'broken'
            WHEN bool_or(is_over IS NULL) THEN 'unchecked'
            WHEN bool_or(still) THEN 'pending'
            ELSE 'kept' END,
       CASE WHEN bool_or(is_over) THEN coalesce(bool_or(is_over AND still), false) ELSE bool_or(is_warned) END
FROM judged
GROUP BY rule, deal
