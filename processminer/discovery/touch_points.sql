-- The activities logged for deals, how many deals had each, and the stage most of them fell in.
WITH placed AS (
    SELECT task_events.name, task_events.deal, stage_names.stage
    FROM task_events
    LEFT JOIN stays
      ON stays.deal = task_events.deal
     AND task_events.occurred_at >= stays.entered_at
     AND (stays.left_at IS NULL OR task_events.occurred_at < stays.left_at)
    LEFT JOIN stage_names ON stage_names.code = stays.stage
)
SELECT placed.name,
       count(*) AS events,
       count(DISTINCT placed.deal) AS deals,
       count(DISTINCT placed.deal) FILTER (WHERE outcome = 'won') AS won,
       mode(placed.stage ORDER BY placed.stage) AS stage
FROM placed JOIN deals USING (deal)
WHERE placed.name IS NOT NULL
GROUP BY placed.name
ORDER BY deals DESC, placed.name
