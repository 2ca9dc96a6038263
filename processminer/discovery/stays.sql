-- Each visit of a deal to a stage: when it came, when it left and where it went next.
CREATE OR REPLACE TABLE stays AS
WITH stepped AS (
    SELECT deal, close_step,
           unnest(range(1, len(steps) + 1))::INTEGER AS position,
           unnest(steps) AS step,
           -- Shorter by one: behind the last step stands null.
           unnest(steps[2:]) AS next_step
    FROM paths
)
SELECT deal,
       position,
       (step & 1023)::SMALLINT AS stage,
       make_timestamp(step >> 10) AS entered_at,
       make_timestamp(next_step >> 10) AS left_at,
       (next_step & 1023)::SMALLINT AS next_stage,
       coalesce(position >= close_step, false) AS after_close,
       coalesce((next_step >> 10) - (step >> 10) < us, false) AS clicked,
       true AS timed
FROM stepped CROSS JOIN click_limit
