-- What was known of each deal when it first came to a stage, and what became of it afterwards.
WITH arrived AS (
    SELECT stays.deal, min(stays.position) AS position, min(stays.entered_at) AS moment
    FROM stays
    WHERE stays.stage = $code AND NOT stays.after_close
    GROUP BY stays.deal
    HAVING bool_and(stays.timed)
),
way AS (
    SELECT arrived.deal, arrived.moment, arrived.position, deals.outcome, deals.closed_at, deals.deal_id,
           (epoch_us(arrived.moment) - epoch_us(deals.first_at)) / 86400000000.0 AS days_before
    FROM arrived
    JOIN deals ON deals.deal = arrived.deal
    WHERE deals.outcome = 'open' OR deals.closed_at >= arrived.moment
)
SELECT way.deal,
       epoch_us(way.moment) AS moment_us,
       (epoch_us(coalesce(way.closed_at, $as_of)) - epoch_us(way.moment)) // 86400000000 + 1 AS days,
       (epoch_us($as_of) - epoch_us(way.moment)) // 86400000000 + 1 AS watched,
       (CASE way.outcome WHEN 'won' THEN 1 WHEN 'lost' THEN 2 ELSE 0 END)::BIGINT AS cause,
       way.days_before,
       (way.position - 1)::DOUBLE AS stages_before,
       coalesce(touches.done, 0)::DOUBLE AS touches_before
FROM way
LEFT JOIN (
    SELECT way.deal, count(*) AS done
    FROM way JOIN task_events ON task_events.deal = way.deal AND task_events.occurred_at < way.moment
    GROUP BY way.deal
) AS touches ON touches.deal = way.deal
ORDER BY way.deal
