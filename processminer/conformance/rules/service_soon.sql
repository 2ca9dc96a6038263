-- Whether each service stage began within its time after what set it off. A limit without hours is the whole day.
INSERT INTO rule_verdicts
WITH due AS (
    SELECT rule, deal, timed, checkable, began_at, make_timestamp(epoch_us(moment) + most) AS deadline
    FROM service_begun JOIN service_rules USING (place)
),
judged AS (
    SELECT rule, deal, timed, checkable, began_at,
           CASE WHEN deadline = date_trunc('day', deadline) THEN date_trunc('day', coalesce(began_at, $as_of))
                ELSE coalesce(began_at, $as_of) END <= deadline AS in_time
    FROM due
)
SELECT rule, deal,
       CASE WHEN NOT checkable OR NOT timed THEN 'unchecked'
            WHEN NOT in_time THEN 'broken'
            WHEN began_at IS NULL THEN 'pending'
            ELSE 'kept' END,
       began_at IS NULL
FROM judged
