-- Every sign that a service stage has begun: a change of stage to it, with when that ended, or an activity that shows it.
CREATE OR REPLACE TABLE service_signs AS
WITH stepped AS (
    SELECT deal, unnest(steps) AS step, unnest(steps[2:]) AS next_step
    FROM paths
    WHERE list_has_any(list_transform(steps, lambda step: (step & 1023)::SMALLINT),
                       coalesce((SELECT list(code) FROM service_stages), []))
)
SELECT place, deal, make_timestamp(step >> 10) AS began_at, make_timestamp(next_step >> 10) AS left_at, true AS moved
FROM stepped JOIN service_stages ON code = step & 1023
UNION ALL
SELECT place, deal, occurred_at, NULL, false
FROM task_events JOIN service_labels ON label = name OR label = subject
