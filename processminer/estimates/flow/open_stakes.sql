-- Open deals whose chance to be won has fallen to half of a fresh deal's in the same stage, those with most at stake first.
-- At stake is what the lost part of the chance is worth. A deal that has been there for longer than enough others ever were
-- has no chance that is known; all of a fresh deal's is then at stake.
WITH standing AS (
    SELECT deals.deal_id, stays.stage, deals.owner,
           (epoch_us($as_of) - epoch_us(coalesce(late_stays.began_at, stays.entered_at))) / 86400000000.0 AS days,
           least(round((epoch_us($as_of) - epoch_us(coalesce(late_stays.began_at, stays.entered_at))) / $tick), $ticks)::INTEGER AS age,
           CASE WHEN deals.currency IS NOT DISTINCT FROM $currency THEN deals.amount END AS amount
    FROM stays
    JOIN deals ON deals.deal = stays.deal
    LEFT JOIN late_stays ON late_stays.deal = stays.deal AND stays.position = 1
    WHERE deals.outcome = 'open' AND stays.left_at IS NULL AND NOT stays.after_close
      AND (stays.timed OR late_stays.began_at IS NOT NULL)
),
stalled AS (
    SELECT standing.*, chances.now, chances.fresh,
           coalesce(standing.amount, 0) * (chances.fresh - coalesce(chances.now, 0)) AS stake
    FROM standing
    JOIN chances ON chances.stage = standing.stage AND chances.age = standing.age
    WHERE coalesce(chances.now, 0) <= chances.fresh / 2
)
SELECT deal_id, stage, owner, days, amount, now, fresh, stake,
       count(*) OVER () AS deals,
       sum(stake) OVER () AS at_stake
FROM stalled
ORDER BY stake DESC, fresh - coalesce(now, 0) DESC, days DESC, deal_id
LIMIT $most
