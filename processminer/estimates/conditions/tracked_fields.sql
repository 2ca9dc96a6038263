-- Fields whose value at any moment is known, those of most deals first: the export shows them and tells their changes, or it
-- tells their changes alone and each of these begins with an empty field, so that where none is told it stayed empty.
WITH told AS (
    SELECT lower(trim(field)) AS plain, min(field) AS field, count(DISTINCT deal_id) AS deals,
           bool_and(coalesce(trim(first_old), '') = '') AS from_empty
    FROM (
        SELECT deal_id, field, arg_min(coalesce(old, ''), (occurred_at, position)) AS first_old
        FROM field_rows
        WHERE field NOT IN ('amount', 'owner', 'close_date', 'probability', 'forecast', 'stage', 'name', 'pipeline')
        GROUP BY deal_id, field
    )
    GROUP BY plain
),
shown AS (
    SELECT DISTINCT attribute FROM attributes
)
SELECT told.field, coalesce(shown.attribute, told.field) AS attribute, told.deals
FROM told
LEFT JOIN shown ON lower(trim(shown.attribute)) = told.plain
WHERE shown.attribute IS NOT NULL OR told.from_empty
ORDER BY told.deals DESC, told.field
