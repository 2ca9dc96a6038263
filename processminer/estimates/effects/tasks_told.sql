-- When each task that is asked about was done, as activities show it by their name or their subject.
CREATE OR REPLACE VIEW tasks_told AS
SELECT task_names.practice, task_names.code, task_names.since_entry, task_events.deal, task_events.occurred_at
FROM task_events
JOIN task_names ON task_names.label = task_events.name
UNION ALL
SELECT task_names.practice, task_names.code, task_names.since_entry, task_events.deal, task_events.occurred_at
FROM task_events
JOIN task_names ON task_names.label = task_events.subject
