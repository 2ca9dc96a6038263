-- How fast deals go on from each stage in the first days and later: before and after the age by which half of those had gone
-- on that do; and the length within which four in five of them went on.
WITH seen AS (
    SELECT stays.stage,
           (epoch_us(coalesce(stays.left_at, $as_of)) - epoch_us(stays.entered_at)) / 86400000000.0 AS days,
           coalesce(target.class = 'won' OR (target.class = 'open' AND stays.next_stage > stays.stage), false) AS onward
    FROM stays
    JOIN stage_names AS here ON here.code = stays.stage AND here.class = 'open'
    LEFT JOIN stage_names AS target ON target.code = stays.next_stage
    WHERE NOT stays.after_close AND stays.timed AND NOT stays.clicked
),
cuts AS (
    SELECT stage,
           quantile_disc(days, 0.5) AS cut,
           quantile_disc(days, 0.8) AS most
    FROM seen
    WHERE onward
    GROUP BY stage
)
SELECT seen.stage,
       cuts.cut,
       cuts.most,
       count(*) FILTER (WHERE seen.onward AND seen.days <= cuts.cut) AS went_early,
       count(*) FILTER (WHERE seen.onward AND seen.days > cuts.cut) AS went_late,
       sum(least(seen.days, cuts.cut)) AS days_early,
       sum(greatest(seen.days - cuts.cut, 0)) AS days_late
FROM seen
JOIN cuts ON cuts.stage = seen.stage
GROUP BY ALL
ORDER BY seen.stage
