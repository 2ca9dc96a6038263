-- Which walk each deal took.
CREATE OR REPLACE TABLE deal_walks AS
SELECT deal, walk
FROM deal_variants
JOIN deals USING (deal)
JOIN paths USING (deal)
JOIN walks ON walks.variant = deal_variants.variant
          AND walks.outcome = deals.outcome
          AND walks.close_step = coalesce(paths.close_step, 0)
