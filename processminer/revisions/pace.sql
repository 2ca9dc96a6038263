-- How many deals have ever come to each open stage, or to it or past it, how many of them within the last year, and over how
-- many days that was. The row without a stage counts the deals that began.
WITH open_stages AS (
    SELECT code FROM stage_names WHERE class = 'open'
),
entered AS (
    SELECT stays.deal, stays.stage, min(stays.entered_at) AS moment
    FROM stays
    JOIN open_stages ON open_stages.code = stays.stage
    WHERE NOT stays.after_close
    GROUP BY stays.deal, stays.stage
),
came AS (
    SELECT deal, stage, false AS or_past, moment FROM entered
    UNION ALL
    SELECT entered.deal, open_stages.code, true, min(entered.moment)
    FROM entered
    JOIN open_stages ON entered.stage >= open_stages.code
    GROUP BY entered.deal, open_stages.code
    UNION ALL
    SELECT deal, NULL, false, first_at FROM deals WHERE first_at IS NOT NULL
),
span AS (
    SELECT least($recent, (epoch_us($as_of) - epoch_us(min(first_at))) / 86400000000.0) AS days FROM deals
)
SELECT came.stage,
       came.or_past,
       count(*) AS so_far,
       count(*) FILTER (WHERE epoch_us($as_of) - epoch_us(came.moment) <= $recent * 86400000000.0) AS recent,
       any_value(span.days) AS days
FROM came CROSS JOIN span
GROUP BY came.stage, came.or_past
ORDER BY came.stage NULLS FIRST, came.or_past
