-- Of each deal, how many steps came within a minute of the one before, and how many did not go on to the next stage.
CREATE OR REPLACE TABLE looked AS
SELECT deal,
       len(list_filter(steps, lambda step, place: place > 1 AND (step >> 10) - (steps[place - 1] >> 10) < 60000000)) AS quick,
       len(list_filter(steps, lambda step, place: place > 1 AND (step & 1023) <> (steps[place - 1] & 1023) + 1
                                                  AND (steps[place - 1] & 1023) < $opened AND (step & 1023) < $opened)) AS odd
FROM deal_histories
WHERE len(steps) > 1
