-- Which path each deal took.
CREATE OR REPLACE TABLE deal_variants AS
WITH walked AS (
    SELECT deal, list_transform(steps, lambda step: (step & 1023)::SMALLINT) AS path FROM paths
)
SELECT deal, variant FROM walked JOIN variants USING (path) ORDER BY deal
