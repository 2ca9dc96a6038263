-- Pairs of stages of which one was last used before the other was first used, both of them not at the edges of the log.
WITH used AS (
    SELECT code, min(occurred_at) AS first_at, max(occurred_at) AS last_at, count(*) AS times
    FROM stage_rows
    WHERE fault = 0
    GROUP BY code
),
bounds AS (
    SELECT min(first_at) AS first_at, max(last_at) AS last_at FROM used
)
SELECT older.code, newer.code, newer.first_at::DATE
FROM used AS older
JOIN used AS newer ON older.last_at < newer.first_at
CROSS JOIN bounds
WHERE list_contains($opened::SMALLINT[], older.code) AND list_contains($opened::SMALLINT[], newer.code)
  AND older.times >= $least AND newer.times >= $least
  -- A stage that is still in use at the log's end, and one in use from its beginning, tell nothing by where they stop.
  AND epoch_us(bounds.last_at) - epoch_us(older.last_at) > (epoch_us(bounds.last_at) - epoch_us(bounds.first_at)) // 10
  AND epoch_us(newer.first_at) - epoch_us(bounds.first_at) > (epoch_us(bounds.last_at) - epoch_us(bounds.first_at)) // 10
  -- A gap of more than a month is no renaming.
  AND newer.first_at - older.last_at <= INTERVAL 31 DAYS
ORDER BY older.code, newer.first_at, newer.code
