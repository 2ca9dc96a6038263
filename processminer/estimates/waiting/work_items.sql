-- Work on deals as it was done: each activity with its start, its end and who did it, and when it could have begun.
-- An end belongs to the first start since the last end of the same activity in the deal; without one it took no time.
-- Work could have begun when the last work on the deal before it was done; of the first work of a deal nobody knows.
CREATE OR REPLACE TABLE work_items AS
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
),
done AS (
    SELECT deal, activity,
           max(resource) FILTER (WHERE step = 'complete') AS resource,
           coalesce(min(moment) FILTER (WHERE step = 'start'), max(moment)) AS began,
           max(moment) FILTER (WHERE step = 'complete') AS ended,
           count(*) FILTER (WHERE step = 'start') > 0 AS has_start
    FROM turns
    GROUP BY deal, activity, turn
    HAVING count(*) FILTER (WHERE step = 'complete') > 0
),
ends AS (
    SELECT deal, ended AS moment FROM done GROUP BY deal, ended
),
numbered AS (
    SELECT *, row_number() OVER (ORDER BY began, deal, activity, ended) AS item FROM done
)
SELECT numbered.item, numbered.deal, numbered.activity, numbered.resource, numbered.has_start,
       numbered.began, numbered.ended, max(ends.moment) AS enabled
FROM numbered
LEFT JOIN ends ON ends.deal = numbered.deal AND ends.moment <= numbered.began
GROUP BY ALL
