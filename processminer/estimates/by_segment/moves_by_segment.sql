-- How often deals of each segment went from each open stage to each other one, and to their end.
-- A deal with two values of one attribute is counted under the first of them.
WITH spoken AS (
    SELECT attributes.deal, min(attributes.value) AS value
    FROM attributes
    WHERE attributes.attribute = $attribute
    GROUP BY attributes.deal
)
SELECT spoken.value, stays.stage, stays.next_stage, count(*) AS moves
FROM stays
JOIN spoken ON spoken.deal = stays.deal
JOIN stage_names ON stage_names.code = stays.stage
WHERE stage_names.class = 'open' AND NOT stays.after_close AND stays.next_stage IS NOT NULL
GROUP BY spoken.value, stays.stage, stays.next_stage
ORDER BY spoken.value, stays.stage, stays.next_stage
