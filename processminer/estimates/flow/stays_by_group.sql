-- How long deals stayed in each stage and where they went, in groups of deals that chance has drawn, for resampling.
-- As it looked at $as_of: what came later is not known yet. Deals are dealt out like cards, in the order in which they
-- began; equal ones are interchangeable, so that neither the order of the rows nor the names of deals matter. A stay that
-- was clicked through took no time. Beside the stays stands what they are worth: the amounts of their deals, those in
-- the currency of most deals only, since others cannot be added to them.
WITH main AS (
    SELECT currency
    FROM deals
    WHERE amount IS NOT NULL
    GROUP BY currency
    ORDER BY count(*) DESC, currency
    LIMIT 1
),
dealt AS (
    SELECT deals.deal,
           (row_number() OVER (ORDER BY deals.first_at, paths.steps, deals.amount, deals.currency) - 1) % $groups AS grp,
           CASE WHEN deals.amount IS NOT NULL AND deals.currency IS NOT DISTINCT FROM (SELECT currency FROM main)
                THEN greatest(deals.amount, 0) END AS amount
    FROM deals
    JOIN paths ON paths.deal = deals.deal
    WHERE deals.first_at <= $as_of
),
seen AS (
    SELECT stays.deal, stays.position, stays.stage, stays.entered_at, stays.clicked,
           CASE WHEN stays.left_at <= $as_of THEN stays.left_at END AS left_at,
           CASE WHEN stays.left_at <= $as_of THEN stays.next_stage END AS next_stage
    FROM stays
    JOIN stage_names ON stage_names.code = stays.stage
    WHERE stage_names.class = 'open' AND NOT stays.after_close AND stays.timed AND stays.entered_at <= $as_of
)
SELECT dealt.grp,
       seen.stage,
       coalesce(seen.next_stage, -1) AS target,
       least(round(CASE WHEN seen.clicked AND seen.left_at IS NOT NULL THEN 0
                        ELSE (epoch_us(coalesce(seen.left_at, $as_of)) - epoch_us(seen.entered_at)) / $tick END),
             $ticks)::INTEGER AS length,
       count(*) AS stays,
       count(*) FILTER (WHERE seen.position = 1) AS begun,
       coalesce(sum(dealt.amount), 0)::DOUBLE AS worth,
       coalesce(sum(dealt.amount) FILTER (WHERE seen.position = 1), 0)::DOUBLE AS worth_begun,
       count(dealt.amount) FILTER (WHERE seen.position = 1) AS priced
FROM seen
JOIN dealt ON dealt.deal = seen.deal
GROUP BY ALL
ORDER BY ALL
