-- When and at which stage each deal closed, and whether that moment is the deal's own.
CREATE OR REPLACE TABLE closings AS
SELECT deal, outcome,
       (steps[close_step] & 1023)::SMALLINT AS code,
       make_timestamp(steps[close_step] >> 10) AS closed_at,
       deal NOT IN (SELECT deal FROM untimed_steps)
           OR (deal, close_step) NOT IN (SELECT (deal, place) FROM untimed_steps) AS timed
FROM paths JOIN deals USING (deal)
WHERE close_step IS NOT NULL
