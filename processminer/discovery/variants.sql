-- The paths that deals share, and how many deals took each.
CREATE OR REPLACE TABLE variants AS
WITH walked AS (
    SELECT deal, list_transform(steps, lambda step: (step & 1023)::SMALLINT) AS path FROM paths
)
SELECT (row_number() OVER (ORDER BY count(*) DESC, path) - 1)::INTEGER AS variant,
       path,
       count(*) AS deals,
       count(*) FILTER (WHERE outcome = 'won') AS won,
       count(*) FILTER (WHERE outcome = 'lost') AS lost,
       count(*) FILTER (WHERE outcome = 'open') AS open,
       min(deal) AS first_deal
FROM walked JOIN deals USING (deal)
GROUP BY path
