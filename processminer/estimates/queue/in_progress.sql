-- How many deals stood in each stage on average since a day, those that had been there for long told apart, and how many came to it.
-- Only stays of which the length is known: a mean stay says nothing of the others.
SELECT stays.stage,
       sum(greatest(0, epoch_us(least(coalesce(stays.left_at, $as_of), $as_of, stays.entered_at + limits.days * INTERVAL 1 DAY))
                       - epoch_us(greatest(stays.entered_at, $since))))
           / (epoch_us($as_of::TIMESTAMP) - epoch_us($since::TIMESTAMP)) AS in_progress,
       sum(greatest(0, epoch_us(least(coalesce(stays.left_at, $as_of), $as_of))
                       - epoch_us(greatest(stays.entered_at + limits.days * INTERVAL 1 DAY, $since))))
           / (epoch_us($as_of::TIMESTAMP) - epoch_us($since::TIMESTAMP)) AS stalled,
       count(*) FILTER (WHERE stays.entered_at >= $since) AS arrivals
FROM stays
JOIN stage_names ON stage_names.code = stays.stage
JOIN stay_limits AS limits ON limits.stage = stays.stage
WHERE stage_names.class = 'open' AND NOT stays.after_close AND NOT stays.clicked AND stays.timed
GROUP BY stays.stage
ORDER BY stays.stage
