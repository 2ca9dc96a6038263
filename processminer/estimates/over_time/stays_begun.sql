-- Of the deals that came to each stage in each month or quarter, after how many days how many went on, left otherwise, or are there still.
SELECT stays.stage,
       date_trunc($every, stays.entered_at)::DATE AS period,
       (epoch_us(coalesce(stays.left_at, $as_of)) - epoch_us(stays.entered_at)) // 86400000000 + 1 AS days,
       count(*) FILTER (WHERE targets.class = 'won' OR (targets.class = 'open' AND stays.next_stage > stays.stage)) AS went_on,
       count(*) FILTER (WHERE targets.class = 'lost' OR (targets.class = 'open' AND stays.next_stage < stays.stage)) AS otherwise,
       count(*) FILTER (WHERE stays.left_at IS NULL) AS still_there
FROM stays
JOIN stage_names ON stage_names.code = stays.stage
LEFT JOIN stage_names AS targets ON targets.code = stays.next_stage
WHERE stage_names.class = 'open' AND NOT stays.after_close AND stays.timed AND NOT stays.clicked
GROUP BY stays.stage, period, days
ORDER BY stays.stage, period, days
