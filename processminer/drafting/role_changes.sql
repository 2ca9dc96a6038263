-- From which role to which won deals went as they first came to each stage, and how soon the new owner showed.
-- They show by an activity, or by taking the deal over where no activity of theirs is known.
WITH walked AS (
    SELECT *, lag(role) OVER turns AS giver,
           row_number() OVER (PARTITION BY deal, stage ORDER BY position) AS visit
    FROM won_custody
    WINDOW turns AS (PARTITION BY deal ORDER BY position)
),
entered AS (
    SELECT * FROM walked WHERE visit = 1 AND giver IS NOT NULL
),
touched AS (
    SELECT entered.deal, entered.stage, min(task_events.occurred_at) AS first_at
    FROM entered
    JOIN task_events
      ON task_events.deal = entered.deal
     AND task_events.actor = entered.owner
     AND task_events.occurred_at >= entered.entered_at
    WHERE entered.role <> entered.giver
    GROUP BY entered.deal, entered.stage
)
SELECT stage_names.stage, entered.giver, entered.role, count(*) AS deals,
       count(touched.first_at) AS touched,
       quantile_cont(greatest(epoch_us(coalesce(touched.first_at, greatest(entered.since, entered.entered_at)))
                              - epoch_us(entered.entered_at), 0), 0.8) / 86400000000.0 AS p80_days
FROM entered
JOIN stage_names ON stage_names.code = entered.stage
LEFT JOIN touched ON touched.deal = entered.deal AND touched.stage = entered.stage
GROUP BY stage_names.stage, entered.giver, entered.role
ORDER BY stage_names.stage, deals DESC, entered.giver, entered.role
