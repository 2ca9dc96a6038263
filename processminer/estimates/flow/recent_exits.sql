-- How many days deals spent in each stage, by the weeks they had been there, before a day and since; and how many then left.
WITH seen AS (
    SELECT stays.stage, stays.entered_at,
           coalesce(CASE WHEN stays.left_at <= $as_of THEN stays.left_at END, $as_of) AS until,
           CASE WHEN stays.left_at <= $as_of THEN targets.class END AS target
    FROM stays
    JOIN stage_names ON stage_names.code = stays.stage
    LEFT JOIN stage_names AS targets ON targets.code = stays.next_stage
    WHERE stage_names.class = 'open' AND NOT stays.after_close AND stays.timed AND NOT stays.clicked
      AND stays.entered_at < $as_of
),
-- Ages at which one band ends and the next begins: exits of the young and the old are compared with their like.
bands AS (
    SELECT unnest([0, 7, 14, 28, 56, 112, 224]) AS band, unnest([7, 14, 28, 56, 112, 224, 100000]) AS ends
),
lived AS (
    SELECT seen.stage, bands.band, seen.target, seen.until,
           greatest(seen.entered_at + bands.band * INTERVAL 1 DAY, seen.entered_at) AS begun,
           least(seen.entered_at + bands.ends * INTERVAL 1 DAY, seen.until) AS ended
    FROM seen
    JOIN bands ON seen.entered_at + bands.band * INTERVAL 1 DAY < seen.until
)
SELECT stage, band,
       sum(greatest(epoch_us(least(ended, $since)) - epoch_us(begun), 0)) / 86400000000.0 AS days_before,
       sum(greatest(epoch_us(ended) - epoch_us(greatest(begun, $since)), 0)) / 86400000000.0 AS days_since,
       count(*) FILTER (WHERE ended = until AND until <= $since AND target = 'lost') AS lost_before,
       count(*) FILTER (WHERE ended = until AND until > $since AND target = 'lost') AS lost_since,
       count(*) FILTER (WHERE ended = until AND until <= $since AND target <> 'lost') AS left_before,
       count(*) FILTER (WHERE ended = until AND until > $since AND target <> 'lost') AS left_since
FROM lived
GROUP BY ALL
ORDER BY ALL
