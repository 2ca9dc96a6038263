-- How many deals had been taken over within some days of coming to the stage, of those that were there for as long.
SELECT handed.practice,
       tried.days,
       count(*) FILTER (WHERE handed.taken_at <= handed.entered_at + to_microseconds(tried.us)) AS taken,
       count(*) FILTER (WHERE handed.taken_at > handed.entered_at + to_microseconds(tried.us)
                           OR (handed.taken_at IS NULL
                               AND coalesce(handed.left_at, $as_of) > handed.entered_at + to_microseconds(tried.us))) AS waiting,
       count(*) FILTER (WHERE handed.taken_at IS NULL AND handed.left_at IS NULL) AS open
FROM handed
CROSS JOIN handover_tried AS tried
GROUP BY handed.practice, tried.days
ORDER BY handed.practice, tried.days
