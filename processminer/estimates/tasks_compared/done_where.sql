-- In how many deals each task was done in each stage, the one where it belongs among them.
SELECT told.practice, stays.stage, count(DISTINCT told.deal) AS deals
FROM tasks_told AS told
ASOF JOIN stays ON stays.deal = told.deal AND stays.entered_at <= told.occurred_at
GROUP BY told.practice, stays.stage
ORDER BY told.practice, stays.stage
