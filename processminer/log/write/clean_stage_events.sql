-- Every change of stage of every deal, in order: the stage, when it was entered, and who moved the deal there.
CREATE OR REPLACE TABLE clean_stage_events AS
WITH stepped AS (
    SELECT deal, unnest(steps) AS packed, unnest(range(1, len(steps) + 1)) AS step FROM paths
),
told AS (
    SELECT deal, step, stage, class, make_timestamp(packed >> 10) AS entered_at
    FROM stepped JOIN stage_names ON stage_names.code = packed & 1023
)
SELECT told.deal, deal_id, step, stage, class, entered_at, actor, why AS untimed
FROM told
JOIN deals USING (deal)
LEFT JOIN clean_actors USING (deal, stage, entered_at)
LEFT JOIN untimed_steps ON untimed_steps.deal = told.deal AND untimed_steps.place = told.step
ORDER BY told.deal, step
