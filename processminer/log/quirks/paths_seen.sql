-- What the paths show that a reader of numbers should know: one row a quirk, its steps or deals, and the first few deals.
WITH near AS MATERIALIZED (
    SELECT deal_id, steps, quick, odd
    FROM deal_histories JOIN looked USING (deal)
    WHERE (quick > 0 OR odd > 0) AND steps IS NOT NULL
),
timed AS (
    SELECT deal_id, quick,
           len(list_filter(steps, lambda step, place: place > 1 AND (step >> 10) = (steps[place - 1] >> 10))) AS tied
    FROM near
    WHERE quick > 0
),
gone AS MATERIALIZED (
    SELECT deal_id,
           len(list_filter(steps, lambda step, place: place > 1 AND (step & 1023) < $opened
                                                      AND (step & 1023) > (steps[place - 1] & 1023) + 1)) AS skips,
           len(list_filter(steps, lambda step, place: place > 1 AND (step & 1023) < (steps[place - 1] & 1023)
                                                      AND (steps[place - 1] & 1023) < $opened)) AS returned
    FROM near
    WHERE odd > 0
),
ended AS (
    SELECT deal_id, reopened, close_step = 1 AS at_once, outcome = 'open' AS open,
           coalesce(close_step > 1 AND epoch_us(closed_at) - epoch_us(first_at) < 86400000000, false) AS short
    FROM deal_histories
),
told AS (
    SELECT 'tied-timestamps' AS kind, sum(tied) AS times, count(*) AS deals, min(deal_id, $most) AS examples FROM timed WHERE tied > 0
    UNION ALL
    SELECT 'clicked-through', sum(quick), count(*), min(deal_id, $most) FROM timed
    UNION ALL
    SELECT 'skipped-stages', sum(skips), count(*), min(deal_id, $most) FROM gone WHERE skips > 0
    UNION ALL
    SELECT 'returns', sum(returned), count(*), min(deal_id, $most) FROM gone WHERE returned > 0
    UNION ALL
    SELECT 'reopened', count(*), count(*), min(deal_id, $most) FROM ended WHERE reopened
    UNION ALL
    SELECT 'created-closed', count(*), count(*), min(deal_id, $most) FROM ended WHERE at_once
    UNION ALL
    SELECT 'closed-within-a-day', count(*), count(*), min(deal_id, $most) FROM ended WHERE short
    UNION ALL
    SELECT 'open-deals', count(*), count(*), min(deal_id, $most) FROM ended WHERE open
)
SELECT kind, times::BIGINT, deals, coalesce(examples, []) FROM told
