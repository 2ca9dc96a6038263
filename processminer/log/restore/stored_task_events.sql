-- The activities of a clean log, in the order of time.
CREATE OR REPLACE TABLE task_events AS
SELECT deals.deal, occurred_at, stored_tasks.name, subject, actor, started_at, ended_at
FROM stored_tasks JOIN deals USING (deal_id)
WHERE fault = 0
ORDER BY deals.deal, occurred_at, position
