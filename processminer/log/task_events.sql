-- The activities that were done for deals we know, up to the moment we look.
CREATE OR REPLACE TABLE task_events AS
SELECT deals.deal, occurred_at, task_rows.name, subject, actor, started_at, ended_at
FROM task_rows JOIN deals USING (deal_id)
WHERE fault = 0 AND occurred_at <= $as_of
ORDER BY deals.deal, occurred_at, task_rows.position
