-- How long deals stayed in each stage and where they went, in groups of deals that chance has drawn, for resampling.
-- As it looked at $as_of: what came later is not known yet. Deals are dealt out like cards, in the order in which they
-- began; equal ones are interchangeable, so that neither the order of the rows nor the names of deals matter. A stay that
-- was clicked through took no time. Beside the stays stands what they are worth: the amounts of their deals, those in
-- the currency of most deals only, since others cannot be added to them. A first stay that had begun before the history
-- did is taken off again (target -2) up to the length at which it came to be seen: only from then on it was at risk.
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
),
known AS (
    SELECT deal, position, stage, coalesce(next_stage, -1) AS target,
           CASE WHEN clicked AND left_at IS NOT NULL THEN 0
                ELSE (epoch_us(coalesce(left_at, $as_of)) - epoch_us(entered_at)) / $tick END AS length,
           NULL AS late
    FROM seen
    UNION ALL
    SELECT stays.deal, 2, stays.stage, CASE WHEN stays.left_at <= $as_of THEN stays.next_stage ELSE -1 END,
           (epoch_us(least(coalesce(stays.left_at, $as_of), $as_of)) - epoch_us(late_stays.began_at)) / $tick,
           (epoch_us(late_stays.seen_at) - epoch_us(late_stays.began_at)) / $tick
    FROM late_stays
    JOIN stays ON stays.deal = late_stays.deal AND stays.position = 1
    JOIN stage_names ON stage_names.code = stays.stage
    WHERE stage_names.class = 'open' AND NOT stays.after_close AND late_stays.began_at IS NOT NULL AND late_stays.seen_at <= $as_of
),
lasted AS (
    SELECT deal, position, stage, coalesce(target, -1) AS target, least(round(length), $ticks)::INTEGER AS length,
           CASE WHEN late IS NOT NULL THEN least(round(late), $ticks)::INTEGER END AS late
    FROM known
),
counted AS (
    SELECT deal, position, stage, target, length, 1 AS times FROM lasted WHERE late IS NULL OR late < length
    UNION ALL
    SELECT deal, position, stage, -2, late, -1 FROM lasted WHERE late < length
)
SELECT dealt.grp,
       counted.stage,
       counted.target,
       counted.length,
       sum(counted.times)::BIGINT AS stays,
       count(*) FILTER (WHERE counted.position = 1) AS begun,
       coalesce(sum(dealt.amount * counted.times), 0)::DOUBLE AS worth,
       coalesce(sum(dealt.amount) FILTER (WHERE counted.position = 1), 0)::DOUBLE AS worth_begun,
       count(dealt.amount) FILTER (WHERE counted.position = 1) AS priced,
       coalesce(sum(counted.times) FILTER (WHERE dealt.amount IS NOT NULL), 0)::BIGINT AS priced_stays
FROM counted
JOIN dealt ON dealt.deal = counted.deal
GROUP BY ALL
ORDER BY ALL
