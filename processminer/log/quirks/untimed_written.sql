-- The moment of such a row is not that of the deal's move.
INSERT INTO untimed_rows SELECT deal_id, occurred_at, code, $kind FROM written WHERE how = $how
