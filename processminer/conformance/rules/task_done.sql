-- Whether each required task was done often and soon enough by the time the deal went on, only afterwards, or never.
-- A deadline without hours is the whole day.
INSERT INTO rule_verdicts
WITH seen AS (
    SELECT deal, rule, since_entry, occurred_at, task_events.rowid AS event FROM task_events JOIN seen_labels ON label = name
    UNION ALL
    SELECT deal, rule, since_entry, occurred_at, task_events.rowid FROM task_events JOIN seen_labels ON label = subject
),
due AS (
    SELECT rule, deal, entered_at, left_at, pending, checkable, times,
           make_timestamp(epoch_us(entered_at) + soon) AS soon_at
    FROM stage_dues JOIN task_rules USING (place)
),
counted AS (
    SELECT DISTINCT rule, deal, event, occurred_at
    FROM due JOIN seen USING (rule, deal)
    WHERE NOT since_entry
       OR occurred_at >= entered_at
       OR (occurred_at = date_trunc('day', occurred_at) AND occurred_at >= date_trunc('day', entered_at))
),
done AS (
    SELECT rule, deal, list(occurred_at ORDER BY occurred_at) AS moments FROM counted GROUP BY rule, deal
),
timed AS (
    SELECT rule, deal, pending, checkable,
           moments[times] AS done_at,
           coalesce(CASE WHEN left_at = date_trunc('day', left_at) THEN date_trunc('day', moments[times]) ELSE moments[times] END > left_at, false)
               AS afterwards,
           CASE WHEN soon_at = date_trunc('day', soon_at) THEN date_trunc('day', coalesce(moments[times], $as_of))
                ELSE coalesce(moments[times], $as_of) END > soon_at AS too_late
    FROM due LEFT JOIN done USING (rule, deal)
)
SELECT rule, deal,
       CASE WHEN NOT checkable THEN 'unchecked'
            WHEN pending THEN CASE WHEN too_late THEN 'broken' ELSE 'pending' END
            WHEN done_at IS NULL OR afterwards OR too_late THEN 'broken'
            ELSE 'kept' END,
       checkable AND (coalesce(pending AND too_late, false) OR done_at IS NOT NULL AND (afterwards OR coalesce(too_late, false)))
FROM timed
