-- Steps of a chain of moves within a minute of one another that a machine made.
CREATE OR REPLACE TABLE machine_filled AS
WITH made AS (
    SELECT deal_id, occurred_at, code,
           occurred_at - lag(occurred_at) OVER whole < INTERVAL 1 MINUTE AS soon_after,
           lead(occurred_at) OVER whole - occurred_at < INTERVAL 1 MINUTE AS soon_before
    FROM (SELECT DISTINCT deal_id, occurred_at, code FROM written WHERE how = 'machine')
    WINDOW whole AS (PARTITION BY deal_id ORDER BY occurred_at, code)
)
SELECT deal_id, occurred_at, code FROM made WHERE soon_after OR soon_before
