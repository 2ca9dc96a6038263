-- When each action that is looked at was taken, as activities show it.
CREATE OR REPLACE TABLE action_moments AS
SELECT task_names.practice, task_events.deal, task_events.occurred_at
FROM task_events
JOIN task_names ON task_names.label = task_events.name
UNION ALL
SELECT task_names.practice, task_events.deal, task_events.occurred_at
FROM task_events
JOIN task_names ON task_names.label = task_events.subject
