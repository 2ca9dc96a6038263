-- Every change of an attribute of a deal but its stage: before, after, and when.
CREATE OR REPLACE TABLE ocel_changes AS
WITH told AS (
    SELECT id AS deal_id, timezone('UTC', try_cast(changed AS TIMESTAMPTZ)) AS occurred_at, changed IS NOT NULL AS is_change,
           trim(name) AS field, nullif(trim(value), '') AS new, position,
           lag(nullif(trim(value), '')) OVER (PARTITION BY id, name ORDER BY changed IS NOT NULL, try_cast(changed AS TIMESTAMPTZ), position) AS old
    FROM ocel_object_values SEMI JOIN ocel_deals USING (id)
    WHERE name IS DISTINCT FROM $stage AND trim(name) <> ''
)
SELECT deal_id, occurred_at, field, old, new, NULL::VARCHAR AS actor, position
FROM told
WHERE is_change AND occurred_at IS NOT NULL AND old IS DISTINCT FROM new
ORDER BY position
