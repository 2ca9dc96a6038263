-- Work on deals by a log that tells when each activity was begun and when it was complete.
-- An end belongs to the first start since the last end of the same activity in the deal; without one it took no time.
CREATE OR REPLACE TABLE work_done AS
WITH told AS (
    SELECT deals.deal, trim(rows.activity) AS activity, nullif(trim(rows.resource), '') AS resource,
           epoch_us(rows.timestamp) AS moment, lower(rows.lifecycle) AS step, rows.line
    FROM xes_rows AS rows
    JOIN deals ON deals.deal_id = trim(rows.case_id)
    WHERE rows.activity IS NOT NULL AND rows.timestamp IS NOT NULL AND lower(rows.lifecycle) IN ('start', 'complete')
),
turns AS (
    SELECT *,
           count(*) FILTER (WHERE step = 'complete') OVER (
               PARTITION BY deal, activity ORDER BY moment, line ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
           ) - CASE WHEN step = 'complete' THEN 1 ELSE 0 END AS turn
    FROM told
)
SELECT deal, activity,
       max(resource) FILTER (WHERE step = 'complete') AS resource,
       coalesce(min(moment) FILTER (WHERE step = 'start'), max(moment)) AS began,
       max(moment) FILTER (WHERE step = 'complete') AS ended,
       count(*) FILTER (WHERE step = 'start') > 0 AS has_start
FROM turns
GROUP BY deal, activity, turn
HAVING count(*) FILTER (WHERE step = 'complete') > 0
