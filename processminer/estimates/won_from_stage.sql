-- Within how many days of first entering each stage deals were won or lost, and how long those have been going that are still open.
WITH entered AS (
    SELECT stays.deal, stays.stage, min(stays.entered_at) AS entered_at
    FROM stays
    JOIN stage_names ON stage_names.code = stays.stage
    WHERE stage_names.class = 'open' AND NOT stays.after_close
    GROUP BY stays.deal, stays.stage
)
SELECT entered.stage,
       greatest(epoch_us(coalesce(deals.closed_at, $as_of)) - epoch_us(entered.entered_at), 0) // 86400000000 + 1 AS days,
       count(*) FILTER (WHERE deals.outcome = 'won') AS won,
       count(*) FILTER (WHERE deals.outcome = 'lost') AS lost,
       count(*) FILTER (WHERE deals.outcome = 'open') AS open
FROM entered
JOIN deals ON deals.deal = entered.deal
GROUP BY entered.stage, days
ORDER BY entered.stage, days
