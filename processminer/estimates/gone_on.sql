-- How long deals had been in each stage when they went on or left it otherwise, and how long those have been that still are there.
-- To go on is to come to a later stage or to a win. Repeats of a stage are one stay. A stay that was clicked through, or that
-- begins or ends at a moment that is not the deal's, has no length. Lengths count in 200ths of what half the stays take, each
-- standing for its middle, but in whole days where the export knows dates only.
WITH repeated AS (
    SELECT DISTINCT deal FROM stays WHERE next_stage = stage
),
numbered AS (
    SELECT stays.*,
           position - row_number() OVER (PARTITION BY deal, stage ORDER BY position) AS run
    FROM stays SEMI JOIN repeated ON repeated.deal = stays.deal
    WHERE NOT after_close
),
runs AS (
    SELECT stage, min(entered_at) AS entered_at,
           arg_max({'left_at': left_at, 'next_stage': next_stage}, position) AS gone,
           bool_and(timed) AS timed
    FROM numbered
    GROUP BY deal, stage, run
),
told AS (
    SELECT stage, entered_at, gone.left_at AS left_at, gone.next_stage AS next_stage, timed FROM runs
    UNION ALL
    SELECT stage, entered_at, left_at, next_stage, timed
    FROM stays ANTI JOIN repeated ON repeated.deal = stays.deal
    WHERE NOT after_close
),
known AS (
    SELECT bool_and(epoch_us(entered_at) % 86400000000 = 0) AS dates_only FROM told
),
lasted AS (
    SELECT told.stage,
           epoch_us(coalesce(told.left_at, $as_of)) - epoch_us(told.entered_at) AS length,
           CASE WHEN told.left_at IS NULL THEN 'open'
                WHEN target.class = 'won' OR onward.place > here.place THEN 'onward'
                ELSE 'otherwise' END AS gone,
           known.dates_only
    FROM told
    JOIN places AS here ON here.code = told.stage
    LEFT JOIN stage_names AS target ON target.code = told.next_stage
    LEFT JOIN places AS onward ON onward.code = told.next_stage
    CROSS JOIN known
    CROSS JOIN click_limit
    WHERE told.timed AND (told.left_at IS NULL OR epoch_us(told.left_at) - epoch_us(told.entered_at) >= click_limit.us)
),
ticks AS (
    SELECT stage,
           CASE WHEN bool_or(dates_only) THEN 86400000000 ELSE greatest(quantile_disc(length, 0.5) // 200, 1000000) END AS tick
    FROM lasted
    GROUP BY stage
)
SELECT lasted.stage,
       (length // tick + CASE WHEN dates_only THEN 0 ELSE 0.5 END) * tick / 86400000000.0 AS days,
       count(*) FILTER (WHERE gone = 'onward') AS onward,
       count(*) FILTER (WHERE gone = 'otherwise') AS otherwise,
       count(*) FILTER (WHERE gone = 'open') AS still_there
FROM lasted
JOIN ticks ON ticks.stage = lasted.stage
GROUP BY lasted.stage, days
ORDER BY lasted.stage, days
