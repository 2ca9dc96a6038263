-- Of the deals that came to the stage a return leads to: how many came on to the one it leaves, or were won, and how many ended.
WITH first_in AS (
    SELECT way_asked.practice, way_asked.code, stays.deal, min(stays.position) AS position
    FROM way_asked
    JOIN stays ON stays.stage = way_asked.target AND NOT stays.after_close
    WHERE way_asked.kind = 'return'
    GROUP BY way_asked.practice, way_asked.code, stays.deal
),
reached AS (
    SELECT first_in.practice, first_in.deal, bool_or(stays.stage = first_in.code) AS came
    FROM first_in
    JOIN stays ON stays.deal = first_in.deal AND stays.position > first_in.position
    GROUP BY first_in.practice, first_in.deal
)
SELECT first_in.practice,
       count(*) FILTER (coalesce(reached.came, false) OR deals.outcome = 'won') AS came,
       count(*) FILTER (coalesce(reached.came, false) OR deals.outcome <> 'open') AS told
FROM first_in
JOIN deals ON deals.deal = first_in.deal
LEFT JOIN reached ON reached.practice = first_in.practice AND reached.deal = first_in.deal
GROUP BY first_in.practice
ORDER BY first_in.practice
