-- How long deals went without a touch in each stage: from their entry to the first one (kind 0), from each touch to the next or
-- to the end of the stay (kind 1), and from the last touch to the end of the stay (kind 2).
-- How a gap ended: by a touch (0), by leaving the stage (1), or not yet (-1). Lengths count in whole hours, in the middle of one.
WITH here AS (
    SELECT stays.deal, stays.position, stays.stage, stays.entered_at, stays.left_at
    FROM stays
    JOIN stage_names ON stage_names.code = stays.stage
    WHERE stage_names.class = 'open' AND NOT stays.after_close AND stays.timed AND NOT stays.clicked
),
touched AS (
    SELECT here.deal, here.position, task_events.occurred_at
    FROM here
    JOIN task_events ON task_events.deal = here.deal AND task_events.occurred_at >= here.entered_at
                    AND (here.left_at IS NULL OR task_events.occurred_at < here.left_at)
    GROUP BY ALL
),
points AS (
    SELECT deal, position, entered_at AS moment, true AS is_entry FROM here
    UNION ALL
    SELECT deal, position, occurred_at, false FROM touched
),
gaps AS (
    SELECT deal, position, moment, is_entry,
           lead(moment) OVER (PARTITION BY deal, position ORDER BY moment, NOT is_entry) AS next_touch
    FROM points
),
ended AS (
    SELECT here.stage, gaps.is_entry, gaps.next_touch IS NOT NULL AS by_touch, here.left_at IS NOT NULL AS gone,
           (epoch_us(coalesce(gaps.next_touch, here.left_at, $as_of)) - epoch_us(gaps.moment)) // 3600000000 AS hours
    FROM gaps
    JOIN here ON here.deal = gaps.deal AND here.position = gaps.position
),
told AS (
    SELECT stage, CASE WHEN is_entry THEN 0 ELSE 1 END AS kind,
           CASE WHEN by_touch THEN 0 WHEN gone THEN 1 ELSE -1 END AS target, hours
    FROM ended
    UNION ALL
    SELECT stage, 2, 1, hours FROM ended WHERE NOT is_entry AND NOT by_touch AND gone
)
SELECT stage, kind, (hours + 0.5) / 24.0 AS days, target, count(*) AS gaps
FROM told
GROUP BY ALL
ORDER BY stage, kind, days, target
