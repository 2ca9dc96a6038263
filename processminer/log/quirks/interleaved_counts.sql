-- How many histories look like two in one.
SELECT 'interleaved', count(*), count(*), coalesce(min(deal_id, $most), []), NULL FROM interleaved
