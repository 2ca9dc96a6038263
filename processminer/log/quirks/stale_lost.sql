-- Deals that have been silent for so long are lost at the moment they had been; that moment is nobody's move.
UPDATE deal_histories
SET steps = list_append(coalesce(deal_histories.steps, []), (epoch_us(stale_open.last_at) + ($days * 86400000000)::BIGINT) * 1024 + $code),
    close_step = len(coalesce(deal_histories.steps, [])) + 1,
    outcome = 'lost',
    closed_at = make_timestamp(epoch_us(stale_open.last_at) + ($days * 86400000000)::BIGINT),
    first_at = coalesce(first_at, make_timestamp(epoch_us(stale_open.last_at) + ($days * 86400000000)::BIGINT)),
    last_at = make_timestamp(epoch_us(stale_open.last_at) + ($days * 86400000000)::BIGINT),
    reopened = false
FROM stale_open
WHERE deal_histories.deal_id = stale_open.deal_id
