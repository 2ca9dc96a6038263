-- Deals of which nothing dated is known.
SELECT count(*), coalesce(min(deal_id, $most), []) FROM deals WHERE first_at IS NULL
