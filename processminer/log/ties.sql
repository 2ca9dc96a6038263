-- How many stage events share their moment with the one before them, and in which deals.
WITH tied AS (
    SELECT deal_id, len(list_filter(steps, lambda step, place: place > 1 AND (step >> 10) = (steps[place - 1] >> 10))) AS ties
    FROM deal_histories
)
SELECT coalesce(sum(ties), 0)::BIGINT, coalesce(min(deal_id, $most) FILTER (WHERE ties > 0), []) FROM tied
