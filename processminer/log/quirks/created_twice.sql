-- Deals whose history says twice, at different moments, that they were created: it left no stage.
INSERT INTO interleaved
SELECT deal_id
FROM stage_rows
WHERE fault = 0 AND left_stage IS NULL AND position IS NOT NULL AND deal_id IN (SELECT deal_id FROM deal_histories)
  AND deal_id NOT IN (SELECT deal_id FROM interleaved)
GROUP BY deal_id
HAVING count(DISTINCT occurred_at) > 1 AND count(*) < (SELECT count(*) FROM stage_rows AS own WHERE own.fault = 0 AND own.deal_id = stage_rows.deal_id)
