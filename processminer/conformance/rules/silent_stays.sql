-- Whether deals were longer without an activity in a stage than the playbook allows; those still in it are measured up to now.
INSERT INTO rule_verdicts
WITH stayed AS (
    SELECT rule, deal, entered_at, left_at, entered_timed AND left_timed AS timed, most, checkable
    FROM rule_stays JOIN silence_rules USING (place)
),
concerned AS (
    SELECT DISTINCT deal FROM stayed WHERE checkable
),
touched AS (
    SELECT deal, occurred_at FROM task_events
    WHERE deal IN (SELECT deal FROM concerned) AND (actor IS NULL OR NOT list_contains($machines::VARCHAR[], actor))
    UNION ALL
    SELECT deals.deal, occurred_at FROM field_rows JOIN deals USING (deal_id)
    WHERE deals.deal IN (SELECT deal FROM concerned) AND (actor IS NULL OR NOT list_contains($machines::VARCHAR[], actor))
    UNION ALL
    SELECT stepped.deal, make_timestamp(step >> 10)
    FROM (SELECT deal, unnest(steps) AS step, unnest(range(1, len(steps) + 1)) AS place
          FROM paths WHERE deal IN (SELECT deal FROM concerned)) AS stepped
    LEFT JOIN untimed_steps ON untimed_steps.deal = stepped.deal AND untimed_steps.place = stepped.place
    WHERE untimed_steps.deal IS NULL
),
moments AS (
    SELECT rule, deal, entered_at, occurred_at
    FROM stayed JOIN touched USING (deal)
    WHERE timed AND occurred_at > entered_at AND occurred_at < coalesce(left_at, $as_of)
    UNION ALL
    SELECT rule, deal, entered_at, entered_at FROM stayed WHERE timed
),
gaps AS (
    SELECT rule, deal, entered_at, occurred_at,
           lead(occurred_at) OVER (PARTITION BY rule, deal, entered_at ORDER BY occurred_at) AS next_at
    FROM moments
),
judged AS (
    SELECT rule, deal, timed, checkable, left_at IS NULL AS still,
           epoch_us(coalesce(next_at, left_at, $as_of)) - epoch_us(occurred_at) > most AS is_silent,
           next_at IS NULL AS is_last
    FROM stayed LEFT JOIN gaps USING (rule, deal, entered_at)
)
SELECT rule, deal,
       CASE WHEN NOT bool_and(checkable) THEN 'unchecked'
            WHEN bool_or(is_silent) THEN 'broken'
            WHEN NOT bool_and(timed) THEN 'unchecked'
            WHEN bool_or(still) THEN 'pending'
            ELSE 'kept' END,
       coalesce(bool_and(checkable) AND bool_or(is_silent AND still AND is_last), false)
FROM judged
GROUP BY rule, deal
