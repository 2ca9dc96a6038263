-- What the deals of each deviation are worth, when it was seen first and last, and how the others that came to it ended.
WITH moved AS (
    SELECT moves.deal, moves.kind, moves.subject, moves.stage, moment, outcome, currency,
           CASE WHEN amount > 0 AND NOT isinf(amount) THEN amount END AS amount
    FROM deal_moves AS moves
    JOIN deals ON deals.deal = moves.deal
    SEMI JOIN deal_deviations AS counted
      ON counted.deal = moves.deal AND counted.kind = moves.kind AND counted.subject = moves.subject
     AND counted.stage IS NOT DISTINCT FROM moves.stage
),
currencies AS (
    SELECT currency FROM deals WHERE amount > 0 GROUP BY currency ORDER BY count(*) DESC, currency LIMIT 1
),
worth AS (
    SELECT kind, subject, stage,
           sum(amount ORDER BY deal) FILTER (WHERE moved.currency IS NOT DISTINCT FROM currencies.currency) AS amount,
           any_value(currencies.currency) AS currency,
           count(amount) FILTER (WHERE moved.currency IS NOT DISTINCT FROM currencies.currency) AS valued,
           min(moment)::DATE AS first_seen,
           max(moment)::DATE AS last_seen,
           count(*) FILTER (WHERE outcome = 'won') AS won,
           count(*) FILTER (WHERE outcome = 'lost') AS lost
    FROM moved LEFT JOIN currencies ON true
    GROUP BY kind, subject, stage
),
reached AS (
    SELECT reaches.kind, reaches.subject, reaches.stage,
           count(*) FILTER (WHERE outcome = 'won') AS won,
           count(*) FILTER (WHERE outcome = 'lost') AS lost
    FROM deal_reaches AS reaches
    JOIN deals ON deals.deal = reaches.deal
    LEFT JOIN excused
      ON excused.deal = reaches.deal AND excused.kind = reaches.kind AND excused.subject = reaches.subject
     AND excused.stage IS NOT DISTINCT FROM reaches.stage
    WHERE excused.deal IS NULL
    GROUP BY reaches.kind, reaches.subject, reaches.stage
)
SELECT worth.kind, worth.subject, worth.stage, amount, CASE WHEN valued > 0 THEN currency END, valued,
       first_seen, last_seen,
       reached.won - worth.won AS others_won, reached.lost - worth.lost AS others_lost
FROM worth
JOIN reached
  ON reached.kind = worth.kind AND reached.subject = worth.subject AND reached.stage IS NOT DISTINCT FROM worth.stage
ORDER BY worth.kind, worth.subject, worth.stage
