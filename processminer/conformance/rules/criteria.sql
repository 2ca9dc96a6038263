-- Whether enough of a criterion's fields were filled, or its activity had happened, by the moment it came due.
-- A moment without hours is the whole day; what the log does not tell of a field might have been anything.
INSERT INTO rule_verdicts
WITH changed AS (
    SELECT rule, deal, field, old, new, position, occurred_at,
           CASE WHEN moment = date_trunc('day', moment) THEN date_trunc('day', occurred_at) ELSE occurred_at END <= moment AS before
    FROM criterion_dues
    JOIN criterion_histories USING (rule)
    JOIN criterion_changes USING (deal, changed)
    WHERE moment IS NOT NULL
),
at_the_moment AS (
    SELECT rule, deal, field,
           CASE WHEN bool_or(before) THEN arg_max(coalesce(new, ''), (occurred_at, position)) FILTER (before)
                ELSE arg_min(coalesce(old, ''), (occurred_at, position)) END AS value
    FROM changed
    GROUP BY rule, deal, field
),
told AS (
    SELECT rule, deal, field, value FROM at_the_moment
    UNION ALL
    SELECT rule, deal, field, value
    FROM criterion_dues
    JOIN criterion_columns USING (rule)
    JOIN attributes USING (deal, attribute)
    WHERE (rule, deal, field) NOT IN (SELECT (rule, deal, field) FROM at_the_moment)
),
filled AS (
    SELECT rule, deal,
           count(DISTINCT field) FILTER (
               CASE WHEN picky THEN (rule, value) IN (SELECT (rule, value) FROM criterion_values)
                    ELSE lower(trim(value)) NOT IN ('', 'false', 'no') AND coalesce(TRY_CAST(trim(value) AS DOUBLE) <> 0, true) END
           ) AS fields
    FROM told JOIN criterion_rules USING (rule)
    GROUP BY rule, deal
),
-- A field that only its history tells, and of whose changes none is told for this deal.
untold AS (
    SELECT rule, deal, count(*) AS fields
    FROM criterion_dues
    JOIN (SELECT DISTINCT rule, field FROM criterion_histories) USING (rule)
    WHERE (rule, field) NOT IN (SELECT (rule, field) FROM criterion_columns)
      AND (rule, deal, field) NOT IN (SELECT (rule, deal, field) FROM at_the_moment)
    GROUP BY rule, deal
),
labelled AS (
    SELECT deal, rule, occurred_at FROM task_events JOIN criterion_labels ON label = name
    UNION ALL
    SELECT deal, rule, occurred_at FROM task_events JOIN criterion_labels ON label = subject
),
seen AS (
    SELECT DISTINCT rule, deal, true AS shown
    FROM criterion_dues JOIN labelled USING (rule, deal)
    WHERE CASE WHEN moment = date_trunc('day', moment) THEN date_trunc('day', occurred_at) ELSE occurred_at END <= moment
)
SELECT rule, deal,
       CASE WHEN NOT checkable THEN 'unchecked'
            WHEN pending THEN 'pending'
            WHEN shown OR coalesce(filled.fields, 0) >= needed THEN 'kept'
            WHEN coalesce(filled.fields, 0) + coalesce(untold.fields, 0) + absent < needed AND NOT hidden THEN 'broken'
            ELSE 'unchecked' END,
       false
FROM criterion_dues
JOIN criterion_rules USING (rule)
LEFT JOIN filled USING (rule, deal)
LEFT JOIN untold USING (rule, deal)
LEFT JOIN seen USING (rule, deal)
