-- Fields that the export shows and whose changes it tells, so that their value at any moment is known; most told first.
WITH told AS (
    SELECT lower(trim(field_rows.field)) AS plain, min(field_rows.field) AS field, count(DISTINCT field_rows.deal_id) AS deals
    FROM field_rows
    WHERE field_rows.field NOT IN ('amount', 'owner', 'close_date', 'probability', 'forecast', 'stage')
    GROUP BY plain
),
shown AS (
    SELECT DISTINCT attribute FROM attributes
)
SELECT told.field, shown.attribute, told.deals
FROM told
JOIN shown ON lower(trim(shown.attribute)) = told.plain
ORDER BY told.deals DESC, told.field
