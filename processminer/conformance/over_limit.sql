-- Whether deals stayed in a stage longer than the playbook allows; those still in it are measured up to now.
INSERT INTO rule_verdicts
WITH whole AS (
    SELECT rule, deal, run,
           bool_or(still) AS still,
           sum(epoch_us(coalesce(left_at, $as_of)) - epoch_us(entered_at)) > any_value(most) AS is_over
    FROM declared_stays
    JOIN limit_rules USING (place)
    GROUP BY rule, deal, run
)
SELECT rule, deal,
       CASE WHEN bool_or(is_over) THEN 'broken' WHEN bool_or(still) THEN 'pending' ELSE 'kept' END,
       bool_or(is_over AND still)
FROM whole
GROUP BY rule, deal
