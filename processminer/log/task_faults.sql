-- Activities of deals that are not in the export, or later than the moment we look at.
UPDATE task_rows
SET fault = CASE WHEN deal_id NOT IN (SELECT deal_id FROM deals) THEN 5 ELSE 6 END
WHERE fault = 0 AND (deal_id NOT IN (SELECT deal_id FROM deals) OR occurred_at > $as_of)
