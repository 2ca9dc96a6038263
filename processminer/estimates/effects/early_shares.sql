-- How many of the deals that were still in a stage some days after they came to it had a task done by then, for each length.
WITH entered AS (
    SELECT early_asked.practice, stays.deal, stays.entered_at, stays.left_at
    FROM early_asked
    JOIN stays ON stays.stage = early_asked.code AND NOT stays.after_close AND stays.timed AND NOT stays.clicked
    QUALIFY row_number() OVER (PARTITION BY early_asked.practice, stays.deal ORDER BY stays.position) = 1
),
-- A time without hours stands for its whole day.
first_done AS (
    SELECT entered.practice, entered.deal, entered.entered_at, entered.left_at, min(told.occurred_at) AS done_at
    FROM entered
    LEFT JOIN tasks_told AS told ON told.practice = entered.practice AND told.deal = entered.deal
     AND (told.occurred_at >= entered.entered_at OR told.occurred_at = date_trunc('day', entered.entered_at))
    GROUP BY ALL
)
SELECT first_done.practice,
       tried.days,
       count(*) FILTER (WHERE coalesce(done_at <= entered_at + to_microseconds(tried.us), false)) AS done,
       count(*) AS there
FROM first_done
CROSS JOIN early_tried AS tried
WHERE entered_at + to_microseconds(tried.us) <= $as_of
  AND (left_at IS NULL OR left_at > entered_at + to_microseconds(tried.us))
GROUP BY first_done.practice, tried.days
ORDER BY first_done.practice, tried.days
