-- Every change of a field of a deal in OCEL that we wrote: its values in time, each with what stands right before it.
WITH told AS (
    SELECT id, name, value, changed, ocel_object_values.position, name = 'field' OR name LIKE 'field.%' AS is_value,
           row_number() OVER (PARTITION BY id, name ORDER BY ocel_object_values.position) AS turn
    FROM ocel_object_values JOIN ocel_objects USING (id)
    WHERE type = 'deal' AND (name = 'field' OR name LIKE 'field.%' OR name IN ('changed_field', 'changed_from', 'changed_by', 'changed_at'))
),
-- The first value of each is what was there from the beginning.
grouped AS (
    SELECT *, count(*) FILTER (WHERE is_value) OVER (PARTITION BY id ORDER BY position ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS step
    FROM told
    WHERE turn > 1
),
changes AS (
    SELECT id, step + 1 AS step, min(name) FILTER (WHERE is_value) AS name, nullif(min(value) FILTER (WHERE is_value), '') AS new,
           min(value) FILTER (WHERE name = 'changed_field') AS own_name, min(value) FILTER (WHERE name = 'changed_from') AS changed_from,
           min(value) FILTER (WHERE name = 'changed_by') AS actor,
           coalesce(min(value) FILTER (WHERE name = 'changed_at'), min(changed) FILTER (WHERE is_value)) AS occurred_at
    FROM grouped
    GROUP BY id, step
),
begun AS (
    SELECT id, 0 AS step, name, nullif(value, '') AS new, NULL AS own_name, NULL AS changed_from, NULL AS actor, NULL AS occurred_at
    FROM told
    WHERE turn = 1 AND name LIKE 'field.%'
),
named AS (
    SELECT *, CASE WHEN name = 'field' THEN own_name ELSE name[7:] END AS field FROM (FROM changes UNION ALL FROM begun)
),
followed AS (
    SELECT *, CASE WHEN changed_from IS NULL THEN lag(new) OVER (PARTITION BY id, field ORDER BY step) ELSE nullif(changed_from, '') END AS old
    FROM named
)
SELECT deal_id, step, occurred_at, field, old, new, actor
FROM followed
JOIN ocel_objects USING (id)
LEFT JOIN (SELECT id, min(value) AS deal_id FROM ocel_object_values WHERE name = 'deal_id' GROUP BY id) USING (id)
WHERE step > 0
ORDER BY position, step
