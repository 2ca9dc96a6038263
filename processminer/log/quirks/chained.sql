-- The paths of deals whose moves of one moment could be put in order by the stages that they left.
UPDATE packed
SET steps = ordered.steps
FROM (
    WITH decided AS (
        SELECT deal_id, epoch_us(occurred_at) AS moment, codes FROM tied_moments JOIN settled USING (moves)
    ),
    every AS (
        SELECT deal_id, unnest(steps) AS step FROM packed WHERE deal_id IN (SELECT deal_id FROM decided)
    ),
    told AS (
        SELECT deal_id, step >> 10 AS moment, (step & 1023)::INTEGER AS place, step
        FROM every
        WHERE (deal_id, step >> 10) NOT IN (SELECT (deal_id, moment) FROM decided)
        UNION ALL
        SELECT deal_id, moment, unnest(range(len(codes)))::INTEGER, moment * 1024 + unnest(codes)
        FROM decided
    )
    SELECT deal_id, list(step ORDER BY moment, place) AS steps FROM told GROUP BY deal_id
) AS ordered
WHERE packed.deal_id = ordered.deal_id
