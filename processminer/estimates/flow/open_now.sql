-- Where the open deals stood at $as_of, how long they had been there, and what they are worth.
-- Worth counts in the one currency that is asked for; deals without an amount, or with another currency, have none.
SELECT stays.stage,
       least(round((epoch_us($as_of) - epoch_us(coalesce(late_stays.began_at, stays.entered_at))) / $tick), $ticks)::INTEGER AS age,
       count(*) AS deals,
       coalesce(sum(deals.amount) FILTER (WHERE deals.currency IS NOT DISTINCT FROM $currency), 0) AS amount,
       coalesce(sum(deals.amount ** 2) FILTER (WHERE deals.currency IS NOT DISTINCT FROM $currency), 0) AS squares
FROM stays
JOIN stage_names ON stage_names.code = stays.stage
JOIN deals ON deals.deal = stays.deal
LEFT JOIN late_stays ON late_stays.deal = stays.deal AND stays.position = 1
WHERE stage_names.class = 'open' AND NOT stays.after_close AND (stays.timed OR late_stays.began_at IS NOT NULL)
  AND stays.entered_at <= $as_of AND (stays.left_at IS NULL OR stays.left_at > $as_of)
GROUP BY ALL
ORDER BY ALL
