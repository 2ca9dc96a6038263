-- Whether each required task was done by the time the deal went on from its stage, or only afterwards.
INSERT INTO rule_verdicts
WITH seen AS (
    SELECT deal, rule, since_entry, occurred_at FROM task_events JOIN seen_labels ON label = name
    UNION ALL
    SELECT deal, rule, since_entry, occurred_at FROM task_events JOIN seen_labels ON label = subject
),
done AS (
    SELECT rule, deal,
           bool_or(CASE WHEN left_at = date_trunc('day', left_at)
                        THEN date_trunc('day', occurred_at) <= left_at
                        ELSE occurred_at <= left_at END) AS in_time
    FROM stage_dues
    JOIN task_rules USING (place)
    JOIN seen USING (rule, deal)
    WHERE NOT pending
      AND (NOT since_entry
           OR occurred_at >= entered_at
           OR (occurred_at = date_trunc('day', occurred_at) AND occurred_at >= date_trunc('day', entered_at)))
    GROUP BY rule, deal
)
SELECT rule, deal,
       CASE WHEN NOT checkable THEN 'unchecked' WHEN pending THEN 'pending' WHEN in_time THEN 'kept' ELSE 'broken' END,
       coalesce(NOT in_time, false)
FROM stage_dues
JOIN task_rules USING (place)
LEFT JOIN done USING (rule, deal)
