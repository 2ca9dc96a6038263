-- When each task was first done in a deal's first stay in its stage.
CREATE OR REPLACE TABLE tasks_first_done AS
WITH visits AS (
    SELECT deal, stage, entered_at, left_at
    FROM stays
    WHERE NOT after_close AND stage IN (SELECT code FROM task_names)
    QUALIFY row_number() OVER (PARTITION BY deal, stage ORDER BY position) = 1
)
SELECT told.practice AS task, told.deal, min(told.occurred_at) AS done_at
FROM tasks_told AS told
JOIN visits ON visits.deal = told.deal AND visits.stage = told.code
WHERE told.occurred_at >= visits.entered_at AND (visits.left_at IS NULL OR told.occurred_at <= visits.left_at)
GROUP BY told.practice, told.deal
