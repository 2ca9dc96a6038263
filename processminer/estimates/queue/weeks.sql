-- How many deals came to each stage, went on from it, were won or lost from it in each calendar week, and how many stood in it at its end.
-- Weeks begin on Monday (UTC). A stage that was only clicked through had nobody waiting in it.
WITH seen AS (
    SELECT stays.stage,
           date_trunc('week', stays.entered_at) AS came,
           date_trunc('week', stays.left_at) AS went,
           targets.class AS target
    FROM stays
    JOIN stage_names ON stage_names.code = stays.stage
    LEFT JOIN stage_names AS targets ON targets.code = stays.next_stage
    WHERE stage_names.class = 'open' AND NOT stays.after_close AND NOT stays.clicked
),
moved AS (
    SELECT stage, came AS week, 1 AS arrivals, 0 AS departures, 0 AS wins, 0 AS losses FROM seen
    UNION ALL
    SELECT stage, went, 0, CASE WHEN target = 'lost' THEN 0 ELSE 1 END, CASE WHEN target = 'won' THEN 1 ELSE 0 END,
           CASE WHEN target = 'lost' THEN 1 ELSE 0 END
    FROM seen
    WHERE went IS NOT NULL
),
counted AS (
    SELECT stage, week, sum(arrivals) AS arrivals, sum(departures) AS departures, sum(wins) AS wins, sum(losses) AS losses
    FROM moved
    GROUP BY stage, week
),
bounds AS (
    SELECT min(week) AS first FROM counted
),
calendar AS (
    SELECT unnest(generate_series(first, date_trunc('week', $as_of::TIMESTAMP), INTERVAL 7 DAY)) AS week FROM bounds
),
every AS (
    SELECT stages.stage, calendar.week FROM calendar CROSS JOIN (SELECT DISTINCT stage FROM counted) AS stages
)
SELECT every.stage,
       every.week::DATE AS week,
       coalesce(counted.arrivals, 0)::BIGINT AS arrivals,
       coalesce(counted.departures, 0)::BIGINT AS departures,
       coalesce(counted.wins, 0)::BIGINT AS wins,
       coalesce(counted.losses, 0)::BIGINT AS losses,
       (sum(coalesce(counted.arrivals, 0)) OVER so_far)::BIGINT AS arrived_so_far,
       (sum(coalesce(counted.departures, 0) + coalesce(counted.losses, 0)) OVER so_far)::BIGINT AS gone_so_far,
       every.week + INTERVAL 7 DAY <= $as_of AS complete
FROM every
LEFT JOIN counted ON counted.stage = every.stage AND counted.week = every.week
WINDOW so_far AS (PARTITION BY every.stage ORDER BY every.week)
ORDER BY every.stage, every.week
