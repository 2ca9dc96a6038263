-- How many rows are written twice, in how many deals.
SELECT 'repeated-row', count(*), count(DISTINCT deal_id), coalesce(arg_min(deal_id, position, $most), []), coalesce(min(position, $most), [])
FROM repeated
