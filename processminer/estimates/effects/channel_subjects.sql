-- What calls, mails and meetings were about: each subject, how many deals had one, and the stage most of them fell in.
WITH placed AS (
    SELECT task_events.name, task_events.subject, task_events.deal, stage_names.stage
    FROM task_events
    LEFT JOIN stays
      ON stays.deal = task_events.deal
     AND task_events.occurred_at >= stays.entered_at
     AND (stays.left_at IS NULL OR task_events.occurred_at < stays.left_at)
    LEFT JOIN stage_names ON stage_names.code = stays.stage
    WHERE lower(trim(task_events.name)) IN (SELECT name FROM channels)
)
SELECT placed.name,
       placed.subject,
       count(DISTINCT placed.deal) AS deals,
       mode(placed.stage ORDER BY placed.stage) AS stage
FROM placed
WHERE placed.subject IS NOT NULL AND placed.subject <> placed.name
GROUP BY placed.name, placed.subject
ORDER BY deals DESC, placed.name, placed.subject
