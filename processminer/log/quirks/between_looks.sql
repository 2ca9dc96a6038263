-- Rows that lie so many days or more after the last look at the deal: it moved at some moment between.
SELECT 'between-looks', count(*), count(DISTINCT deal_id), coalesce(arg_min(deal_id, position, $most), []), coalesce(min(position, $most), [])
FROM stage_rows
WHERE fault = 0 AND epoch_us(occurred_at) - epoch_us(not_before) > $days * 86400000000
