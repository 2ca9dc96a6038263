-- What the paths show that a reader of numbers should know: one row a quirk, its steps or deals, and the first few deals.
WITH walked AS MATERIALIZED (
    -- Deals whose paths were left out since show nothing of theirs.
    SELECT looked.* FROM looked JOIN paths USING (deal)
),
told AS (
    SELECT 'tied-timestamps' AS kind, sum(tied) AS times, count(*) AS deals, min(deal, $most) AS firsts FROM walked WHERE tied > 0
    UNION ALL
    SELECT 'clicked-through', sum(quick), count(*), min(deal, $most) FROM walked WHERE quick > 0
    UNION ALL
    SELECT 'skipped-stages', sum(skips), count(*), min(deal, $most) FROM walked WHERE skips > 0
    UNION ALL
    SELECT 'returns', sum(returned), count(*), min(deal, $most) FROM walked WHERE returned > 0
    UNION ALL
    SELECT 'reopened', count(*), count(*), min(deal, $most) FROM deal_histories WHERE reopened
    UNION ALL
    SELECT 'created-closed', count(*), count(*), min(deal, $most) FROM deal_histories WHERE close_step = 1
    UNION ALL
    SELECT 'closed-within-a-day', count(*), count(*), min(deal, $most)
    FROM deal_histories
    WHERE close_step > 1 AND epoch_us(closed_at) - epoch_us(first_at) < 86400000000
    UNION ALL
    SELECT 'open-deals', count(*), count(*), min(deal, $most) FROM deal_histories WHERE outcome = 'open'
)
-- Deals are numbered by their ids, so the lowest numbers are the first ids.
SELECT kind, times::BIGINT, deals,
       (SELECT coalesce(list(deal_id ORDER BY deal_id), []) FROM deal_histories WHERE list_contains(firsts, deal))
FROM told
