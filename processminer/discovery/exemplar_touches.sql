-- What was done with the exemplary deals until they were won, and during which stay.
SELECT task_events.deal,
       (SELECT max(stays.position)
        FROM stays
        JOIN stage_names ON stage_names.code = stays.stage
        WHERE stays.deal = task_events.deal AND NOT stays.after_close AND stage_names.class = 'open'
          AND stays.entered_at <= task_events.occurred_at) AS during,
       task_events.name
FROM task_events
JOIN deals ON deals.deal = task_events.deal
WHERE task_events.deal IN (SELECT unnest($deals::INTEGER[]))
  AND task_events.occurred_at <= deals.closed_at
  AND task_events.name IS NOT NULL
ORDER BY task_events.deal, task_events.occurred_at, task_events.name
