-- How the deals went that first came to the stage a return leads to: after how many days they were won, lost, or back there.
WITH came AS (
    SELECT way_asked.practice, way_asked.code, way_asked.target, stays.deal, min(stays.entered_at) AS at
    FROM way_asked
    JOIN stays ON stays.stage = way_asked.target AND NOT stays.after_close
    WHERE way_asked.kind = 'return'
    GROUP BY way_asked.practice, way_asked.code, way_asked.target, stays.deal
),
back AS (
    SELECT came.practice, came.deal, min(stays.left_at) AS at
    FROM came
    JOIN stays ON stays.deal = came.deal AND stays.stage = came.code AND stays.next_stage = came.target
              AND NOT stays.after_close AND stays.left_at > came.at
    GROUP BY came.practice, came.deal
)
SELECT came.practice,
       (epoch_us(coalesce(back.at, deals.closed_at, $as_of)) - epoch_us(came.at)) // 86400000000 + 1 AS days,
       (CASE WHEN back.at IS NOT NULL THEN 3 WHEN deals.outcome = 'won' THEN 1 WHEN deals.outcome = 'lost' THEN 2
             ELSE 0 END)::BIGINT AS cause
FROM came
JOIN deals ON deals.deal = came.deal
LEFT JOIN back ON back.practice = came.practice AND back.deal = came.deal
WHERE (deals.outcome = 'open' OR deals.closed_at IS NOT NULL)
  AND coalesce(back.at, deals.closed_at, $as_of) >= came.at
ORDER BY came.practice, came.deal
