-- The timed stays in one stage: whose deal, when they began, how long they lasted, and whether they have ended.
SELECT deals.deal_id,
       epoch_us(stays.entered_at) / 86400000000.0 AS begun,
       (epoch_us(coalesce(stays.left_at, $as_of)) - epoch_us(stays.entered_at)) // 86400000000 + 1 AS days,
       (epoch_us($as_of) - epoch_us(stays.entered_at)) // 86400000000 + 1 AS watched,
       stays.left_at IS NOT NULL AS ended
FROM stays
JOIN deals ON deals.deal = stays.deal
JOIN stage_names ON stage_names.code = stays.stage
WHERE stage_names.stage = $stage AND stays.timed AND NOT stays.clicked AND NOT stays.after_close
ORDER BY stays.deal, stays.position
