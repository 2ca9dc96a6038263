-- The paths that deals share, and how many deals took each. Deals of one path ended alike.
CREATE OR REPLACE TABLE variants AS
WITH walked AS (
    SELECT deal, outcome, close_step, list_transform(steps, lambda step: (step & 1023)::SMALLINT) AS path
    FROM deal_histories
    WHERE steps IS NOT NULL
)
SELECT (row_number() OVER (ORDER BY count(*) DESC, path) - 1)::INTEGER AS variant,
       path,
       count(*) AS deals,
       count(*) FILTER (WHERE outcome = 'won') AS won,
       count(*) FILTER (WHERE outcome = 'lost') AS lost,
       count(*) FILTER (WHERE outcome = 'open') AS open,
       any_value(close_step) AS close_step,
       min(deal) AS first_deal
FROM walked
GROUP BY path
