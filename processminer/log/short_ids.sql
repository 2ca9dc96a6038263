-- Salesforce writes one id with 15 or with 18 characters; activities are joined by the first 15 where the lengths differ.
UPDATE task_rows
SET deal_id = known.deal_id
FROM (SELECT DISTINCT deal_id FROM stage_rows WHERE fault = 0 AND length(deal_id) IN (15, 18)) AS known
WHERE task_rows.deal_id <> known.deal_id
  AND length(task_rows.deal_id) IN (15, 18)
  AND length(task_rows.deal_id) <> length(known.deal_id)
  AND left(task_rows.deal_id, 15) = left(known.deal_id, 15)
