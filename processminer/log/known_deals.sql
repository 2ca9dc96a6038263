-- Every deal that the history or the records know of at the moment we look.
CREATE OR REPLACE TABLE known_deals AS
SELECT deal_id, steps, outcome, close_step, reopened FROM ends
UNION ALL BY NAME
SELECT deal_id
FROM records
WHERE (created_at IS NULL OR created_at <= $as_of)
  AND deal_id NOT IN (SELECT deal_id FROM ends)
  AND deal_id NOT IN (SELECT deal_id FROM stage_rows WHERE fault = 6)
