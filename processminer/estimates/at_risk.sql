-- How long deals had been in each stage when they moved on, and where to; and how long those had been that are in it still.
-- A length counts in whole ticks of the coarsest unit of which at least half the stays hold 24; a tick stands for its middle,
-- but for its own count of days where the export knows dates only.
WITH known AS (
    SELECT bool_and(epoch_us(entered_at) % 86400000000 = 0) AS dates_only FROM stays
),
told AS (
    SELECT stays.stage,
           coalesce(stays.next_stage, -1) AS target,
           epoch_us(coalesce(stays.left_at, $as_of)) - epoch_us(stays.entered_at) AS length,
           stays.timed AND NOT stays.clicked AS timed,
           known.dates_only
    FROM stays
    JOIN stage_names ON stage_names.code = stays.stage
    CROSS JOIN known
    WHERE stage_names.class = 'open' AND NOT stays.after_close
),
timed AS (
    SELECT * FROM told WHERE timed
),
ticks AS (
    SELECT stage,
           CASE WHEN bool_or(dates_only) OR 2 * count(*) FILTER (WHERE length >= 24 * 86400000000) >= count(*) THEN 86400000000
                WHEN 2 * count(*) FILTER (WHERE length >= 24 * 3600000000) >= count(*) THEN 3600000000
                ELSE 60000000 END AS tick
    FROM timed
    GROUP BY stage
)
SELECT timed.stage,
       tick,
       (length // tick + CASE WHEN dates_only THEN 0 ELSE 0.5 END) * tick / 86400000000.0 AS days,
       target,
       count(*) AS stays
FROM timed
JOIN ticks ON ticks.stage = timed.stage
GROUP BY timed.stage, tick, days, target
ORDER BY timed.stage, days, target
