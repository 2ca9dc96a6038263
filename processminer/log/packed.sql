-- Each deal's stage events in the order of time; events at the same moment stand in the order of the stages.
CREATE OR REPLACE TABLE packed AS
SELECT deal_id, list_sort(list(epoch_us(occurred_at) * 1024 + code)) AS steps
FROM stage_rows
WHERE fault = 0 AND occurred_at <= $as_of
GROUP BY deal_id
