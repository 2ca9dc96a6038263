-- How many days deals stood in each stage, by how long they had been there, by owner and by how much else the owner had then,
-- and how often they left.
-- Ages change at a week, two, four, eight and sixteen; what an owner had when the deal came is told to an eighth of its logarithm.
WITH held AS (
    SELECT stays.deal, stays.position, stays.stage, deals.owner, stays.entered_at, stays.left_at,
           coalesce(stays.left_at, $as_of) AS until, stays.timed AND NOT stays.clicked AS counts
    FROM stays
    JOIN deals ON deals.deal = stays.deal
    JOIN stage_names ON stage_names.code = stays.stage
    WHERE stage_names.class = 'open' AND NOT stays.after_close AND deals.owner IS NOT NULL AND NOT stays.clicked
),
changes AS (
    SELECT deal, position, owner, entered_at AS changed_at, 1 AS change FROM held
    UNION ALL
    SELECT deal, NULL, owner, left_at, -1 FROM held WHERE left_at IS NOT NULL
),
-- What changes at one moment has changed for all that happens at it.
loads AS (
    SELECT deal, position,
           sum(change) OVER (PARTITION BY owner ORDER BY changed_at RANGE UNBOUNDED PRECEDING) - 1 AS load
    FROM changes
),
owners AS (
    SELECT owner, row_number() OVER (ORDER BY owner) - 1 AS code FROM (SELECT DISTINCT owner FROM held)
),
bands AS (
    SELECT unnest([0, 7, 14, 28, 56, 112]) AS band, unnest([7, 14, 28, 56, 112, 100000]) AS ends
)
SELECT held.stage,
       bands.band,
       owners.code AS owner,
       round(8 * ln(1 + greatest(loads.load, 0)))::INTEGER AS load_eighths,
       sum(epoch_us(least(held.until, held.entered_at + bands.ends * INTERVAL 1 DAY))
           - epoch_us(held.entered_at + bands.band * INTERVAL 1 DAY)) / 86400000000.0 AS days,
       count(*) FILTER (WHERE held.left_at <= held.entered_at + bands.ends * INTERVAL 1 DAY) AS exits
FROM held
JOIN loads ON loads.deal = held.deal AND loads.position = held.position
JOIN owners ON owners.owner = held.owner
JOIN bands ON held.entered_at + bands.band * INTERVAL 1 DAY < held.until
WHERE held.counts
GROUP BY ALL
ORDER BY ALL
