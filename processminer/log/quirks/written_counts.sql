-- How many rows were written in one of these ways, in how many deals, with the first few of them.
SELECT $kind, count(*), count(DISTINCT deal_id), coalesce(arg_min(deal_id, position, $most), []), coalesce(min(position, $most), [])
FROM written
WHERE how = $how
