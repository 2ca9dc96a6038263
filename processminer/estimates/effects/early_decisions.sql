-- Which deals were still in a stage some days after they first entered it, and whether a task had been done by then.
INSERT INTO decisions
WITH entered AS (
    SELECT early_asked.practice,
           early_asked.code,
           stays.deal,
           stays.entered_at,
           stays.left_at,
           stays.entered_at + to_microseconds(early_asked.within_us) AS moment
    FROM early_asked
    JOIN stays ON stays.stage = early_asked.code AND NOT stays.after_close AND stays.timed
    QUALIFY row_number() OVER (PARTITION BY early_asked.practice, stays.deal ORDER BY stays.position) = 1
),
-- A time without hours stands for its whole day.
done AS (
    SELECT DISTINCT entered.practice, entered.deal
    FROM entered
    JOIN tasks_told AS told ON told.practice = entered.practice AND told.deal = entered.deal
    WHERE told.occurred_at <= entered.moment
      AND (told.occurred_at >= entered.entered_at OR told.occurred_at = date_trunc('day', entered.entered_at))
)
SELECT entered.practice, entered.deal, entered.moment, entered.code AS came_from, done.practice IS NOT NULL AS done
FROM entered
LEFT JOIN done ON done.practice = entered.practice AND done.deal = entered.deal
WHERE entered.moment <= $as_of AND (entered.left_at IS NULL OR entered.left_at > entered.moment)
