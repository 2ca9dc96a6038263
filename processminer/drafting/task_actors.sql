-- In how many won deals each role did each activity in each stage, and in how many the deal's own owner did it.
SELECT task_events.name, stage_names.stage, person_roles.role,
       count(DISTINCT task_events.deal) AS deals,
       count(DISTINCT task_events.deal) FILTER (WHERE task_events.actor = deals.owner) AS by_owner
FROM task_events
JOIN deals ON deals.deal = task_events.deal AND deals.outcome = 'won'
JOIN stays
  ON stays.deal = task_events.deal
 AND NOT stays.after_close
 AND task_events.occurred_at >= stays.entered_at
 AND task_events.occurred_at < stays.left_at
JOIN stage_names ON stage_names.code = stays.stage
LEFT JOIN person_roles ON person_roles.owner = task_events.actor
WHERE task_events.name IS NOT NULL AND task_events.actor IS NOT NULL
GROUP BY task_events.name, stage_names.stage, person_roles.role
ORDER BY task_events.name, stage_names.stage, deals DESC, person_roles.role
