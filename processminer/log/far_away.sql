-- Events more than so many days from nearly all others: but one in a thousand, and the first one and last three of a small log.
WITH days AS (
    SELECT occurred_at::DATE AS day, count(*) AS events FROM stage_rows WHERE fault = 0 GROUP BY ALL
),
ranked AS (
    SELECT day, sum(events) OVER (ORDER BY day) AS so_far, sum(events) OVER () AS total FROM days
),
bounds AS (
    SELECT
        min(day) FILTER (WHERE so_far > greatest(total // 1000, least(total // 50, 1))) AS early,
        min(day) FILTER (WHERE so_far >= total - greatest(total // 1000, least(total // 50, 3))) AS late
    FROM ranked
)
SELECT count(*), coalesce(min(position, $most), []), coalesce(arg_min(deal_id, position, $most), [])
FROM stage_rows, bounds
WHERE fault = 0
  AND (occurred_at < early - to_days($days::INTEGER) OR occurred_at > late + to_days($days::INTEGER))
