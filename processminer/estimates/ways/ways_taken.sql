-- How many deals took each jump or return, whose they were, how many were won, and how long a return took them.
WITH taken AS (
    SELECT way_asked.practice, way_asked.code, stays.deal, min(stays.position) AS position
    FROM way_asked
    JOIN stays ON stays.stage = way_asked.code AND stays.next_stage = way_asked.target AND NOT stays.after_close
    GROUP BY way_asked.practice, way_asked.code, stays.deal
),
again AS (
    SELECT taken.practice, taken.deal, min(stays.entered_at) AS again_at
    FROM taken
    JOIN stays ON stays.deal = taken.deal AND stays.stage = taken.code AND stays.position > taken.position
    GROUP BY taken.practice, taken.deal
),
told AS (
    SELECT taken.practice, deals.deal_id, deals.owner, deals.outcome,
           (epoch_us(again.again_at) - epoch_us(went.left_at)) / 86400000000.0 AS days
    FROM taken
    JOIN deals ON deals.deal = taken.deal
    JOIN stays AS went ON went.deal = taken.deal AND went.position = taken.position
    LEFT JOIN again ON again.practice = taken.practice AND again.deal = taken.deal
)
SELECT practice,
       count(*) AS deals,
       count(*) FILTER (outcome = 'won') AS won,
       count(DISTINCT owner) AS owners,
       count(days) AS came_back,
       coalesce(avg(days), 0.0) AS mean_days,
       coalesce(stddev_samp(days), 0.0) AS spread_days,
       list(deal_id ORDER BY deal_id)[:5] AS examples
FROM told
GROUP BY practice
ORDER BY practice
