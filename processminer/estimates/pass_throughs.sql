-- How often deals only passed through each stage, within the hours given, and how often they were lost straight from it.
-- A stay that has not lasted as long yet tells nothing. Where the export knows dates only, leaving on the same day counts.
WITH known AS (
    SELECT bool_and(epoch_us(entered_at) % 86400000000 = 0) AS dates_only FROM stays
),
told AS (
    SELECT stays.deal, stays.stage, stays.clicked,
           target.class AS gone,
           epoch_us(coalesce(stays.left_at, $as_of)) - epoch_us(stays.entered_at) AS length,
           CASE WHEN known.dates_only THEN 1 ELSE $hours * 3600000000::BIGINT END AS short
    FROM stays
    JOIN stage_names ON stage_names.code = stays.stage AND stage_names.class = 'open'
    LEFT JOIN stage_names AS target ON target.code = stays.next_stage
    CROSS JOIN known
    WHERE NOT stays.after_close AND stays.timed
)
SELECT stage,
       count(*) AS stays,
       count(DISTINCT deal) AS deals,
       count(*) FILTER (WHERE gone IS NOT NULL AND length < short) AS passed,
       count(*) FILTER (WHERE clicked) AS clicked,
       count(*) FILTER (WHERE gone IS NOT NULL) AS ended,
       count(*) FILTER (WHERE gone = 'lost') AS lost,
       coalesce(quantile_cont(length, 0.5) FILTER (WHERE length >= short), 0) / 86400000000.0 AS other_days
FROM told
WHERE gone IS NOT NULL OR length >= short
GROUP BY stage
ORDER BY stage
