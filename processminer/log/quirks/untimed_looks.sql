-- The moment of a move between two looks that lie far apart is not known.
INSERT INTO untimed_rows
SELECT deal_id, occurred_at, code, 'between-looks'
FROM stage_rows
WHERE fault = 0 AND epoch_us(occurred_at) - epoch_us(not_before) > $days * 86400000000
