-- Activities of a clean log that cannot be used, and why.
CREATE OR REPLACE TABLE stored_tasks AS
SELECT *, CASE WHEN occurred_at IS NULL THEN 1 WHEN deal_id IS NULL OR deal_id NOT IN (SELECT deal_id FROM deals) THEN 2
               WHEN occurred_at > $as_of THEN 3 ELSE 0 END::UTINYINT AS fault
FROM stored_tasks
