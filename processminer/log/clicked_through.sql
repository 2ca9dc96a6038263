-- How many stages were left within a minute of being entered, and in which deals.
WITH hurried AS (
    SELECT deal_id,
           len(list_filter(steps, lambda step, place: place > 1 AND (step >> 10) - (steps[place - 1] >> 10) < 60000000)) AS quick
    FROM deal_histories
)
SELECT coalesce(sum(quick), 0)::BIGINT, coalesce(min(deal_id, $most) FILTER (WHERE quick > 0), []) FROM hurried
