-- Each deal's stage events in the order of time; events at the same moment stand as the file has them.
CREATE OR REPLACE TABLE packed AS
SELECT deal_id, list(epoch_us(occurred_at) * 1024 + code ORDER BY occurred_at, position) AS steps
FROM stage_rows
WHERE fault = 0 AND occurred_at <= $as_of
GROUP BY deal_id
