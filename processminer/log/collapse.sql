-- A row that leaves a deal where it was is no move: only changes of stage stay.
CREATE OR REPLACE TABLE packed AS
SELECT deal_id, list_filter(steps, lambda step, place: place = 1 OR (step & 1023) <> (steps[place - 1] & 1023)) AS steps
FROM packed
