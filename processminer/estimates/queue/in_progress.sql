-- How many deals stood in each stage on average since a day, and how many came to it.
SELECT stays.stage,
       sum(greatest(0, epoch_us(least(coalesce(stays.left_at, $as_of), $as_of)) - epoch_us(greatest(stays.entered_at, $since))))
           / (epoch_us($as_of::TIMESTAMP) - epoch_us($since::TIMESTAMP)) AS in_progress,
       count(*) FILTER (WHERE stays.entered_at >= $since) AS arrivals
FROM stays
JOIN stage_names ON stage_names.code = stays.stage
WHERE stage_names.class = 'open' AND NOT stays.after_close AND NOT stays.clicked
GROUP BY stays.stage
ORDER BY stays.stage
