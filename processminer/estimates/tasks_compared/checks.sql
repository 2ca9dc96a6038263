-- How deals left a stage soon after a task was done there, and how they left it otherwise; and which were turned down by it.
WITH visits AS (
    SELECT asked.practice, stays.deal, stays.position, stays.entered_at, stays.left_at,
           target.class = 'lost' AS lost
    FROM (SELECT DISTINCT practice, code FROM task_names) AS asked
    JOIN stays ON stays.stage = asked.code AND NOT stays.after_close
    JOIN stage_names AS target ON target.code = stays.next_stage
    WHERE target.class <> 'open' OR stays.next_stage > stays.stage
),
checked AS (
    SELECT visits.practice, visits.deal, visits.position, min(told.occurred_at) AS done_at
    FROM visits
    JOIN tasks_told AS told ON told.practice = visits.practice AND told.deal = visits.deal
    WHERE told.occurred_at BETWEEN date_trunc('day', visits.entered_at) AND visits.left_at
    GROUP BY visits.practice, visits.deal, visits.position
),
ended AS (
    SELECT visits.practice, visits.deal, visits.lost, checked.done_at,
           coalesce(epoch_us(visits.left_at) - epoch_us(checked.done_at) <= $within_us, false) AS soon
    FROM visits
    LEFT JOIN checked USING (practice, deal, position)
)
SELECT ended.practice,
       count(DISTINCT ended.deal) FILTER (done_at IS NOT NULL) AS deals,
       count(DISTINCT ended.deal) FILTER (soon AND lost) AS turned_down,
       coalesce(avg((epoch_us(done_at) - epoch_us(deals.first_at)) / 86400000000.0) FILTER (soon AND lost), 0.0) AS days,
       count(*) FILTER (soon AND lost) AS lost_soon,
       count(*) FILTER (soon) AS ended_soon,
       count(*) FILTER (NOT soon AND lost) AS lost_else,
       count(*) FILTER (NOT soon) AS ended_else,
       list(deals.deal_id ORDER BY deals.deal_id) FILTER (soon AND lost) AS examples
FROM ended
JOIN deals ON deals.deal = ended.deal
GROUP BY ended.practice
ORDER BY ended.practice
