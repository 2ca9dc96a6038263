-- Every activity that was done for a deal, in the order of time.
CREATE OR REPLACE TABLE clean_task_events AS
SELECT deal, deal_id, row_number() OVER (PARTITION BY deal ORDER BY occurred_at, task_events.rowid) AS step,
       occurred_at, task_events.name, subject, actor, started_at, ended_at
FROM task_events JOIN deals USING (deal)
