-- How many histories begin too late, with the first few, and of how many deals both creation and beginning are known.
SELECT count(*), coalesce(min(deal_id, $most), []), count(*) FILTER (WHERE late), count(*) FILTER (WHERE capped),
       (SELECT count(*) FROM deal_histories JOIN records USING (deal_id) WHERE steps IS NOT NULL AND records.created_at IS NOT NULL)
FROM truncated
