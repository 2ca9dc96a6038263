-- How many deals came to each stage before they closed, how often, how many are in it still, and how many days they spent there.
SELECT stays.stage,
       count(DISTINCT stays.deal) AS deals,
       count(*) AS visits,
       count(*) FILTER (WHERE stays.left_at IS NULL) AS open,
       coalesce(sum(epoch_us(coalesce(stays.left_at, $as_of)) - epoch_us(stays.entered_at)) FILTER (WHERE stays.timed), 0)
           / 86400000000.0 AS days,
       count(*) FILTER (WHERE stays.timed) AS timed,
       count(late_stays.began_at) AS late,
       count(late_stays.deal) - count(late_stays.began_at) AS unknown
FROM stays
JOIN stage_names ON stage_names.code = stays.stage
LEFT JOIN late_stays ON late_stays.deal = stays.deal AND stays.position = 1
WHERE stage_names.class = 'open' AND NOT stays.after_close
GROUP BY stays.stage
ORDER BY stays.stage
