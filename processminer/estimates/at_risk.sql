-- How long deals had been in each stage when they moved on, and where to; and how long those had been that are in it still.
-- A length counts in whole ticks of the coarsest unit of which at least half the stays hold 24; a tick stands for its middle,
-- but for its own count of days where the export knows dates only. Target -1 stands for being there still, and -2 for stays
-- that were in the stage already when their history begins: how long they had been, since only from then on they are at risk.
WITH known AS (
    SELECT bool_and(epoch_us(entered_at) % 86400000000 = 0) AS dates_only FROM stays
),
told AS (
    SELECT stays.stage,
           coalesce(stays.next_stage, -1) AS target,
           epoch_us(coalesce(stays.left_at, $as_of)) - epoch_us(stays.entered_at) AS length,
           stays.timed AND NOT stays.clicked AS timed,
           known.dates_only,
           NULL AS late
    FROM stays
    JOIN stage_names ON stage_names.code = stays.stage
    CROSS JOIN known
    WHERE stage_names.class = 'open' AND NOT stays.after_close
    UNION ALL
    SELECT stays.stage, coalesce(stays.next_stage, -1), epoch_us(coalesce(stays.left_at, $as_of)) - epoch_us(late_stays.began_at),
           true, known.dates_only, epoch_us(late_stays.seen_at) - epoch_us(late_stays.began_at)
    FROM late_stays
    JOIN stays ON stays.deal = late_stays.deal AND stays.position = 1
    JOIN stage_names ON stage_names.code = stays.stage
    CROSS JOIN known
    WHERE stage_names.class = 'open' AND NOT stays.after_close AND late_stays.began_at IS NOT NULL
),
timed AS (
    SELECT stage, target, length, late, dates_only FROM told WHERE timed
),
ticks AS (
    SELECT stage,
           CASE WHEN bool_or(dates_only) OR 2 * count(*) FILTER (WHERE length >= 24 * 86400000000) >= count(*) THEN 86400000000
                WHEN 2 * count(*) FILTER (WHERE length >= 24 * 3600000000) >= count(*) THEN 3600000000
                ELSE 60000000 END AS tick
    FROM timed
    GROUP BY stage
),
-- What leaves in the tick in which it came to be seen was never at risk.
counted AS (
    SELECT timed.stage, ticks.tick, timed.length // ticks.tick AS lasted, timed.target, count(*) AS stays, dates_only
    FROM timed
    JOIN ticks ON ticks.stage = timed.stage
    WHERE timed.late IS NULL OR timed.late // ticks.tick < timed.length // ticks.tick
    GROUP BY ALL
    UNION ALL
    SELECT timed.stage, ticks.tick, timed.late // ticks.tick AS lasted, -2, count(*), dates_only
    FROM timed
    JOIN ticks ON ticks.stage = timed.stage
    WHERE timed.late // ticks.tick < timed.length // ticks.tick
    GROUP BY ALL
)
SELECT stage, tick, (lasted + CASE WHEN dates_only THEN 0 ELSE 0.5 END) * tick / 86400000000.0 AS days, target, stays
FROM counted
ORDER BY stage, days, target
