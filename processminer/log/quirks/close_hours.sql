-- How many close dates stand at whole hours other than midnight, and at which, where nearly all of them do.
-- They are at most two hours beside one another (summer and winter time).
WITH dated AS (
    SELECT deal_id, hour(close_date) AS hour, close_date = date_trunc('hour', close_date) AS whole
    FROM records
    WHERE close_date IS NOT NULL
),
off AS (
    SELECT deal_id, hour FROM dated WHERE whole AND hour <> 0
),
told AS (
    SELECT count(*) AS deals, list(DISTINCT hour ORDER BY hour) AS hours, min(deal_id, $most) AS examples FROM off
)
SELECT CASE WHEN fits THEN deals ELSE 0 END, CASE WHEN fits THEN hours ELSE [] END, coalesce(examples, [])
FROM (SELECT *, 10 * deals >= 9 * (SELECT count(*) FROM dated) AND len(hours) <= 2 AND hours[-1] - hours[1] <= 1 AS fits FROM told)
