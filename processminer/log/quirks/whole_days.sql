-- How many rows there are, and how many of them say a day only: midnight, where the export's days begin.
SELECT count(*), count(*) FILTER (WHERE epoch_us({local}) % 86400000000 = 0) FROM stage_rows WHERE fault = 0
