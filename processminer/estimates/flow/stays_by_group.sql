-- How long deals stayed in each stage and where they went, in groups of deals that chance has drawn, for resampling.
-- Deals are dealt out like cards, in the order in which they began; equal ones are interchangeable, so that neither the
-- order of the rows nor the names of deals matter. A stay that was clicked through took no time.
WITH dealt AS (
    SELECT deals.deal,
           (row_number() OVER (ORDER BY deals.first_at, paths.steps) - 1) % $groups AS grp
    FROM deals
    JOIN paths ON paths.deal = deals.deal
)
SELECT dealt.grp,
       stays.stage,
       coalesce(stays.next_stage, -1) AS target,
       least(round(CASE WHEN stays.clicked THEN 0
                        ELSE (epoch_us(coalesce(stays.left_at, $as_of)) - epoch_us(stays.entered_at)) / $tick END),
             $ticks)::INTEGER AS length,
       count(*) AS stays,
       count(*) FILTER (WHERE stays.position = 1) AS begun
FROM stays
JOIN dealt ON dealt.deal = stays.deal
JOIN stage_names ON stage_names.code = stays.stage
WHERE stage_names.class = 'open' AND NOT stays.after_close AND stays.timed
GROUP BY ALL
ORDER BY ALL
