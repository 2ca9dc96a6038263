-- Deals that go to and fro between the same two stages for five steps in a row.
CREATE OR REPLACE TABLE interleaved AS
SELECT deal_id
FROM deal_histories
WHERE len(steps) >= 5
  AND len(list_filter(steps, lambda step, place: place >= 5
          AND (step & 1023) = (steps[place - 2] & 1023) AND (step & 1023) = (steps[place - 4] & 1023)
          AND (steps[place - 1] & 1023) = (steps[place - 3] & 1023))) > 0
