-- Events more than so many days before or after all but one in a thousand of the others.
WITH days AS (
    SELECT occurred_at::DATE AS day, count(*) AS events FROM stage_rows WHERE fault = 0 GROUP BY ALL
),
ranked AS (
    SELECT day, sum(events) OVER (ORDER BY day) AS so_far, sum(events) OVER () AS total FROM days
),
bounds AS (
    SELECT min(day) FILTER (WHERE so_far > 0.001 * total) AS early, min(day) FILTER (WHERE so_far >= 0.999 * total) AS late
    FROM ranked
)
SELECT count(*), coalesce(min(position, $most), []), coalesce(arg_min(deal_id, position, $most), [])
FROM stage_rows, bounds
WHERE fault = 0
  AND (occurred_at < early - to_days($days::INTEGER) OR occurred_at > late + to_days($days::INTEGER))
