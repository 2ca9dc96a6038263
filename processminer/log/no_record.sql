-- Deals of the history that the table of deals does not hold.
SELECT count(*), coalesce(min(deal_id, $most), []) FROM deals WHERE deal_id NOT IN (SELECT deal_id FROM records)
