-- When each deal of a comparison came back to the stage that it had gone on from; a close before that competes with it.
WITH asked AS (
    SELECT decisions.deal, decisions.moment FROM decisions WHERE decisions.practice = $practice
),
back AS (
    SELECT asked.deal, min(stays.entered_at) AS back_at
    FROM asked
    JOIN stays ON stays.deal = asked.deal AND stays.stage = $code AND stays.entered_at > asked.moment
              AND NOT stays.after_close
    GROUP BY asked.deal
)
SELECT (epoch_us(coalesce(back.back_at, deals.closed_at, $as_of)) - epoch_us(asked.moment)) // 86400000000 + 1 AS days,
       (CASE WHEN back.deal IS NOT NULL THEN 1 WHEN deals.outcome = 'open' THEN 0 ELSE 2 END)::BIGINT AS cause
FROM asked
JOIN deals ON deals.deal = asked.deal
LEFT JOIN back ON back.deal = asked.deal
WHERE deals.outcome = 'open' OR deals.closed_at IS NOT NULL
ORDER BY asked.deal
