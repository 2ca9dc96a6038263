-- In how many won deals each activity was done while the deal stood in each stage, how often, and how soon after it came there.
WITH done AS (
    SELECT task_events.deal, task_events.name, stays.stage,
           count(*) AS times,
           min(epoch_us(task_events.occurred_at) - epoch_us(stays.entered_at)) AS after_us
    FROM task_events
    JOIN deals ON deals.deal = task_events.deal AND deals.outcome = 'won'
    JOIN stays
      ON stays.deal = task_events.deal
     AND NOT stays.after_close
     AND task_events.occurred_at >= stays.entered_at
     AND task_events.occurred_at < stays.left_at
    WHERE task_events.name IS NOT NULL
    GROUP BY task_events.deal, task_events.name, stays.stage
),
anywhere AS (
    SELECT name, count(DISTINCT deal) AS deals FROM done GROUP BY name
)
SELECT done.name,
       stage_names.stage,
       count(*) AS won_deals,
       any_value(anywhere.deals) AS anywhere,
       quantile_cont(done.after_us, 0.5) / 86400000000.0 AS median_days,
       histogram(done.times) AS times
FROM done
JOIN anywhere ON anywhere.name = done.name
JOIN stage_names ON stage_names.code = done.stage
GROUP BY done.name, stage_names.stage
ORDER BY won_deals DESC, done.name, stage_names.stage
