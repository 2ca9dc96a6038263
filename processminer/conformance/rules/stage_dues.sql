-- Deals that owe what a stage asks for since they went on from it, and open ones that may still do it.
CREATE OR REPLACE TABLE stage_dues AS
SELECT deal, place,
       make_timestamp(steps[came] >> 10) AS entered_at,
       make_timestamp(steps[went] >> 10) AS left_at,
       went IS NULL AS pending
FROM paths
JOIN deal_variants USING (deal)
JOIN walk_dues USING (variant)
