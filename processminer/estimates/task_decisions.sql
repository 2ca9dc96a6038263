-- When each deal first moved on from a stage to a later one, and whether the task that belongs there was done by then.
INSERT INTO decisions
WITH walked AS (
    SELECT variant,
           unnest(range(1, len(path) + 1)) AS position,
           unnest(path) AS code,
           unnest(list_append(path[2:], NULL)) AS next_code
    FROM variants
),
leaving AS (
    SELECT walked.variant,
           walked.code,
           min(walked.position) AS first_position,
           min(walked.position) FILTER (WHERE target.class = 'open' AND walked.next_code > walked.code) + 1 AS position
    FROM walked
    LEFT JOIN stage_names AS target ON target.code = walked.next_code
    WHERE walked.code IN (SELECT code FROM task_names)
    GROUP BY walked.variant, walked.code
),
gone AS (
    SELECT leaving.code,
           paths.deal,
           make_timestamp(paths.steps[leaving.first_position] >> 10) AS entered_at,
           make_timestamp(paths.steps[leaving.position] >> 10) AS moment
    FROM leaving
    JOIN deal_variants ON deal_variants.variant = leaving.variant
    JOIN paths ON paths.deal = deal_variants.deal
    WHERE leaving.position < coalesce(paths.close_step, leaving.position + 1)
),
-- A time without hours, of an activity or of a stage, stands for its whole day.
done AS (
    SELECT DISTINCT told.practice, told.deal
    FROM tasks_told AS told
    JOIN gone ON gone.code = told.code AND gone.deal = told.deal
    WHERE (told.occurred_at <= gone.moment
           OR (gone.moment = date_trunc('day', gone.moment) AND date_trunc('day', told.occurred_at) = gone.moment))
      AND (NOT told.since_entry
           OR told.occurred_at >= gone.entered_at
           OR told.occurred_at = date_trunc('day', gone.entered_at))
),
asked AS (
    SELECT DISTINCT practice, code FROM task_names
)
SELECT asked.practice,
       gone.deal,
       gone.moment,
       gone.code AS came_from,
       done.practice IS NOT NULL AS done
FROM asked
JOIN gone ON gone.code = asked.code
LEFT JOIN done ON done.practice = asked.practice AND done.deal = gone.deal
