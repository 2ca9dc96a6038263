-- The distinct walks of deals through the stages up to their close, and how many deals walked each.
CREATE OR REPLACE TABLE walks AS
SELECT (row_number() OVER (ORDER BY variant, outcome, coalesce(close_step, 0)) - 1)::INTEGER AS walk,
       variant,
       outcome,
       coalesce(close_step, 0) AS close_step,
       count(*) AS deals
FROM deal_variants
JOIN deals USING (deal)
JOIN paths USING (deal)
GROUP BY variant, outcome, coalesce(close_step, 0)
