-- Deals that go to and fro between the same two stages for five steps in a row.
CREATE OR REPLACE TABLE interleaved AS
-- Going to and fro means at least two steps back: few deals have them, and only those are looked at closely.
WITH back AS MATERIALIZED (
    SELECT deal_id, list_transform(steps, lambda step: step & 1023) AS codes
    FROM deal_histories JOIN looked USING (deal)
    WHERE returned >= 2 AND len(steps) >= 5
),
fives AS (
    SELECT deal_id, unnest(codes[5:]) AS fifth, unnest(codes[4:-2]) AS fourth, unnest(codes[3:-3]) AS third,
           unnest(codes[2:-4]) AS second, unnest(codes[:-5]) AS first
    FROM back
)
SELECT DISTINCT deal_id FROM fives WHERE first = third AND third = fifth AND second = fourth
