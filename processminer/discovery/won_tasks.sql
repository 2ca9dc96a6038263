-- In how many won deals each activity was done while the deal stood in each stage.
SELECT task_events.name, stage_names.stage, count(DISTINCT task_events.deal) AS won_deals
FROM task_events
JOIN deals ON deals.deal = task_events.deal AND deals.outcome = 'won'
JOIN stays
  ON stays.deal = task_events.deal
 AND NOT stays.after_close
 AND task_events.occurred_at >= stays.entered_at
 AND task_events.occurred_at < stays.left_at
JOIN stage_names ON stage_names.code = stays.stage
WHERE task_events.name IS NOT NULL
GROUP BY task_events.name, stage_names.stage
ORDER BY won_deals DESC, task_events.name, stage_names.stage
