-- The same paths with the stages renumbered in the log's order, which also decides between equal times.
CREATE OR REPLACE TABLE packed AS
WITH renumbered AS (
    SELECT deal_id, list_transform(steps, lambda step: step - (step & 1023) + ($recoded::BIGINT[])[(step & 1023) + 1]) AS steps
    FROM packed
)
SELECT deal_id, CASE WHEN $file_order THEN steps ELSE list_sort(steps) END AS steps FROM renumbered
