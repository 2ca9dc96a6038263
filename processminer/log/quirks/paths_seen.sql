-- What the paths show that a reader of numbers should know: one row a quirk, its steps or deals, and the first few deals.
WITH looked AS (
    SELECT deal_id, outcome, close_step, reopened,
           len(list_filter(steps, lambda step, place: place > 1 AND (step >> 10) = (steps[place - 1] >> 10))) AS tied,
           len(list_filter(steps, lambda step, place: place > 1 AND (step >> 10) - (steps[place - 1] >> 10) < 60000000)) AS quick,
           len(list_filter(steps, lambda step, place: place > 1 AND (step & 1023) < $opened
                                                      AND (step & 1023) > (steps[place - 1] & 1023) + 1)) AS skips,
           len(list_filter(steps, lambda step, place: place > 1 AND (step & 1023) < (steps[place - 1] & 1023)
                                                      AND (steps[place - 1] & 1023) < $opened)) AS returned,
           coalesce(close_step > 1 AND epoch_us(closed_at) - epoch_us(first_at) < 86400000000, false) AS short
    FROM deal_histories
)
SELECT 'tied-timestamps', coalesce(sum(tied), 0)::BIGINT, count(*) FILTER (WHERE tied > 0), coalesce(min(deal_id, $most) FILTER (WHERE tied > 0), []) FROM looked
UNION ALL
SELECT 'clicked-through', coalesce(sum(quick), 0)::BIGINT, count(*) FILTER (WHERE quick > 0), coalesce(min(deal_id, $most) FILTER (WHERE quick > 0), []) FROM looked
UNION ALL
SELECT 'skipped-stages', coalesce(sum(skips), 0)::BIGINT, count(*) FILTER (WHERE skips > 0), coalesce(min(deal_id, $most) FILTER (WHERE skips > 0), []) FROM looked
UNION ALL
SELECT 'returns', coalesce(sum(returned), 0)::BIGINT, count(*) FILTER (WHERE returned > 0), coalesce(min(deal_id, $most) FILTER (WHERE returned > 0), []) FROM looked
UNION ALL
SELECT 'reopened', count(*) FILTER (WHERE reopened), count(*) FILTER (WHERE reopened), coalesce(min(deal_id, $most) FILTER (WHERE reopened), []) FROM looked
UNION ALL
SELECT 'created-closed', count(*) FILTER (WHERE close_step = 1), count(*) FILTER (WHERE close_step = 1), coalesce(min(deal_id, $most) FILTER (WHERE close_step = 1), []) FROM looked
UNION ALL
SELECT 'closed-within-a-day', count(*) FILTER (WHERE short), count(*) FILTER (WHERE short), coalesce(min(deal_id, $most) FILTER (WHERE short), []) FROM looked
UNION ALL
SELECT 'open-deals', count(*) FILTER (WHERE outcome = 'open'), count(*) FILTER (WHERE outcome = 'open'), coalesce(min(deal_id, $most) FILTER (WHERE outcome = 'open'), []) FROM looked
