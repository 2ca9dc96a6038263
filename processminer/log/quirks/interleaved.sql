-- Deals that go to and fro between the same two stages for five steps in a row.
CREATE OR REPLACE TABLE interleaved AS
-- Going to and fro means at least two steps back: few deals have them, and only those are looked at closely.
WITH back AS MATERIALIZED (
    SELECT deal_id, steps FROM deal_histories JOIN looked USING (deal) WHERE returned >= 2 AND len(steps) >= 5
)
SELECT deal_id
FROM back
WHERE len(list_filter(steps, lambda step, place: place >= 5
          AND (step & 1023) = (steps[place - 2] & 1023) AND (step & 1023) = (steps[place - 4] & 1023)
          AND (steps[place - 1] & 1023) = (steps[place - 3] & 1023))) > 0
