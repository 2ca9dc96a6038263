-- Deals that the records alone know of at the moment we look: they have no path and no end in it.
INSERT INTO ends BY NAME
SELECT deal_id
FROM records
WHERE (created_at IS NULL OR created_at <= $as_of)
  AND deal_id NOT IN (SELECT deal_id FROM ends)
  AND deal_id NOT IN (SELECT deal_id FROM stage_rows WHERE fault = 6)
