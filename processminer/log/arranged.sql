-- The paths with the stages numbered in the log's order; a row that leaves a deal where it was is no move and goes.
CREATE OR REPLACE TABLE packed AS
WITH renumbered AS (
    SELECT deal_id, list_transform(steps, lambda step: step - (step & 1023) + ($recoded::BIGINT[])[(step & 1023) + 1]) AS steps
    FROM packed
),
ordered AS (
    SELECT deal_id, CASE WHEN $file_order THEN steps ELSE list_sort(steps) END AS steps FROM renumbered
)
SELECT deal_id,
       CASE WHEN $collapses
            THEN list_filter(steps, lambda step, place: place = 1 OR (step & 1023) <> (steps[place - 1] & 1023))
            ELSE steps END AS steps
FROM ordered
