-- Of each deal that has any: steps within a minute of the one before, or at its moment; stages passed over; steps back.
CREATE OR REPLACE TABLE looked AS
-- Two columns of steps, one a step behind the other: twice as quick as a look back from within each list.
WITH stepped AS (
    SELECT deal, unnest(steps[2:]) AS step, unnest(steps[:-2]) AS step_before FROM paths
),
told AS (
    SELECT deal, (step >> 10) - (step_before >> 10) AS us, step & 1023 AS code, step_before & 1023 AS before FROM stepped
)
SELECT deal,
       count(*) FILTER (us < 60000000) AS quick,
       count(*) FILTER (us = 0) AS tied,
       count(*) FILTER (code < $opened AND code > before + 1) AS skips,
       count(*) FILTER (before < $opened AND code < before) AS returned
FROM told
WHERE us < 60000000 OR (code < $opened AND code > before + 1) OR (before < $opened AND code < before)
GROUP BY deal
