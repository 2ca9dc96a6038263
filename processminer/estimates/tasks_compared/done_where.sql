-- In how many deals each task was done in each stage, the one where it belongs among them.
WITH told AS (
    SELECT task_names.practice, task_events.deal, task_events.occurred_at
    FROM task_events
    JOIN task_names ON task_names.label = task_events.name
    UNION ALL
    SELECT task_names.practice, task_events.deal, task_events.occurred_at
    FROM task_events
    JOIN task_names ON task_names.label = task_events.subject
)
SELECT told.practice, stays.stage, count(DISTINCT told.deal) AS deals
FROM told
ASOF JOIN stays ON stays.deal = told.deal AND stays.entered_at <= told.occurred_at
GROUP BY told.practice, stays.stage
ORDER BY told.practice, stays.stage
