-- How long deals of each group had been in each stage when they went on, or left otherwise, or are in it still.
-- Groups are what $by says: the owner at the time, the outcome, the amount, the quarter in which the stage was entered, or an attribute of
-- the deal. Ticks are those of `at_risk.sql`. The future must not choose who is compared: by outcome only stays count that
-- led onward, of deals that were closed later.
WITH known AS (
    SELECT bool_and(epoch_us(entered_at) % 86400000000 = 0) AS dates_only FROM stays
),
said AS (
    SELECT deal, min(value) AS value FROM attributes WHERE attribute = $attribute GROUP BY deal
),
alike AS (
    SELECT deal, min(value) AS value FROM attributes WHERE attribute = $stratum GROUP BY deal
),
thirds AS (
    SELECT quantile_cont(amount, 1 / 3) AS low, quantile_cont(amount, 2 / 3) AS high FROM deals
),
told AS (
    SELECT stays.stage,
           epoch_us(coalesce(stays.left_at, $as_of)) - epoch_us(coalesce(late_stays.began_at, stays.entered_at)) AS length,
           epoch_us(late_stays.seen_at) - epoch_us(late_stays.began_at) AS late,
           stays.left_at IS NULL AS still_there,
           coalesce(targets.class = 'won' OR (targets.class = 'open' AND stays.next_stage > stays.stage), false) AS went_on,
           CASE $by WHEN 'owner' THEN stay_owners.owner
                    WHEN 'outcome' THEN deals.outcome
                    WHEN 'quarter' THEN year(stays.entered_at) || ' Q' || quarter(stays.entered_at)
                    WHEN 'amount' THEN CASE WHEN deals.amount < thirds.low THEN 'below ' || format('{:,}', round(thirds.low)::BIGINT)
                                            WHEN deals.amount < thirds.high THEN format('{:,}', round(thirds.low)::BIGINT) || ' to '
                                                                                 || format('{:,}', round(thirds.high)::BIGINT)
                                            WHEN deals.amount >= thirds.high THEN 'from ' || format('{:,}', round(thirds.high)::BIGINT) END
                    ELSE said.value END AS grp,
           alike.value AS stratum,
           known.dates_only
    FROM stays
    JOIN stage_names ON stage_names.code = stays.stage
    JOIN deals ON deals.deal = stays.deal
    LEFT JOIN stage_names AS targets ON targets.code = stays.next_stage
    LEFT JOIN stay_owners ON stay_owners.deal = stays.deal AND stay_owners.position = stays.position
    LEFT JOIN said ON said.deal = stays.deal
    LEFT JOIN alike ON alike.deal = stays.deal
    LEFT JOIN late_stays ON late_stays.deal = stays.deal AND stays.position = 1
    CROSS JOIN thirds
    CROSS JOIN known
    WHERE stage_names.class = 'open' AND NOT stays.after_close AND NOT stays.clicked
      AND (stays.timed OR late_stays.began_at IS NOT NULL)
),
ticks AS (
    SELECT stage,
           CASE WHEN bool_or(dates_only) OR 2 * count(*) FILTER (WHERE length >= 24 * 86400000000) >= count(*) THEN 86400000000
                WHEN 2 * count(*) FILTER (WHERE length >= 24 * 3600000000) >= count(*) THEN 3600000000
                ELSE 60000000 END AS tick
    FROM told
    GROUP BY stage
),
-- What leaves in the tick in which it came to be seen was never at risk.
lasted AS (
    SELECT told.*, ticks.tick, told.length // ticks.tick AS ticked, told.late // ticks.tick AS came_at
    FROM told
    JOIN ticks ON ticks.stage = told.stage
    WHERE (told.late IS NULL OR told.late // ticks.tick < told.length // ticks.tick)
      AND ($by <> 'outcome' OR (told.went_on AND told.grp <> 'open'))
),
counted AS (
    SELECT stage, grp, stratum, dates_only, tick, ticked, went_on, still_there, false AS came FROM lasted
    UNION ALL
    SELECT stage, grp, stratum, dates_only, tick, came_at, false, false, true FROM lasted WHERE came_at IS NOT NULL
)
SELECT stage,
       coalesce(grp, '') AS grp,
       coalesce(stratum, '') AS stratum,
       (ticked + CASE WHEN dates_only THEN 0 ELSE 0.5 END) * tick / 86400000000.0 AS days,
       count(*) FILTER (WHERE went_on) AS went_on,
       count(*) FILTER (WHERE NOT went_on AND NOT still_there AND NOT came) AS left_otherwise,
       count(*) FILTER (WHERE still_there) AS still_there,
       count(*) FILTER (WHERE came) AS came
FROM counted
GROUP BY ALL
ORDER BY stage, grp, stratum, days
