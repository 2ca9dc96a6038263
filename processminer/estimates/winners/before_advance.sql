-- How often deals went on from a stage within the next few days, by how long they had been there and by what had lately been done.
-- A deal is looked at again and again while it stays; only what had been done by then counts, so that nothing is a
-- cause because it comes with the advance itself. A look whose next days were not seen to their end is left out.
WITH lasted AS (
    SELECT row_number() OVER (ORDER BY stays.deal, stays.position) AS stay, stays.deal, stays.stage,
           epoch_us(stays.entered_at) AS entered,
           epoch_us(coalesce(stays.left_at, $as_of)) AS gone,
           stays.left_at IS NULL AS still_there,
           coalesce(target.class = 'won' OR (target.class = 'open' AND stays.next_stage > stays.stage), false) AS onward
    FROM stays
    JOIN stage_names AS here ON here.code = stays.stage AND here.class = 'open'
    LEFT JOIN stage_names AS target ON target.code = stays.next_stage
    CROSS JOIN click_limit
    WHERE stays.timed AND NOT stays.after_close
      AND (stays.left_at IS NULL OR epoch_us(stays.left_at) - epoch_us(stays.entered_at) >= click_limit.us)
),
-- A look every day, or four while half of those that go on do so, where that is slower.
paces AS (
    SELECT stage, greatest(1, ceil(quantile_cont(gone - entered, 0.5) / 4 / 86400000000.0))::BIGINT * 86400000000 AS pace
    FROM lasted
    WHERE onward
    GROUP BY stage
),
looks AS (
    SELECT lasted.stay, lasted.deal, lasted.stage, look, lasted.entered,
           lasted.entered + look * paces.pace AS at,
           lasted.onward AND lasted.gone <= lasted.entered + (look + 1) * paces.pace AS advanced
    FROM lasted
    JOIN paces ON paces.stage = lasted.stage
    CROSS JOIN LATERAL (SELECT unnest(range(1, $looks + 1)) AS look) AS numbered
    WHERE lasted.entered + look * paces.pace < lasted.gone
      AND NOT (lasted.still_there AND lasted.entered + (look + 1) * paces.pace > lasted.gone)
),
after AS (
    SELECT DISTINCT looks.stay, looks.stage, looks.look, looks.advanced, done.kind, done.name
    FROM looks
    JOIN doings AS done ON done.deal = looks.deal AND done.at >= looks.entered AND done.at < looks.at
             AND done.at >= looks.at - $window_us
),
all_looks AS (
    SELECT stage, look, count(*) AS deals, count(*) FILTER (WHERE advanced) AS advanced FROM looks GROUP BY stage, look
),
told AS (
    SELECT stage, kind, name, look, count(*) AS after, count(*) FILTER (WHERE advanced) AS after_advanced
    FROM after
    GROUP BY stage, kind, name, look
),
named AS (
    SELECT DISTINCT stage, kind, name FROM told
)
SELECT named.stage, named.kind, named.name, all_looks.look,
       coalesce(told.after, 0) AS after, coalesce(told.after_advanced, 0) AS after_advanced,
       all_looks.deals, all_looks.advanced, paces.pace / 86400000000.0 AS pace_days
FROM named
JOIN all_looks ON all_looks.stage = named.stage
JOIN paces ON paces.stage = named.stage
LEFT JOIN told ON told.stage = named.stage AND told.kind = named.kind AND told.name = named.name
              AND told.look = all_looks.look
ORDER BY named.stage, named.kind, named.name, all_looks.look
