-- The visits of deals to declared stages before they closed, and whether the deal then went on.
CREATE OR REPLACE TABLE declared_stays AS
SELECT deal, place, run, entered_at, left_at, moved_on, still
FROM stays
JOIN deal_variants USING (deal)
JOIN walk_steps USING (variant, position)
