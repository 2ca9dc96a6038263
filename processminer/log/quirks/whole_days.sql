-- How many rows there are, and how many of them say a day only.
SELECT count(*), count(*) FILTER (WHERE epoch_us(occurred_at) % 86400000000 = 0) FROM stage_rows WHERE fault = 0
