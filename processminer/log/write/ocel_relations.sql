-- A clean log as objects and events: deals, people, stages, and the page about the log.
CREATE OR REPLACE TEMP TABLE ocel_people AS
SELECT name, concat('person:', name) AS id
FROM (SELECT owner AS name FROM clean_deals UNION SELECT actor FROM clean_stage_events UNION SELECT actor FROM clean_task_events)
WHERE name IS NOT NULL
ORDER BY name;
CREATE OR REPLACE TEMP TABLE ocel_kinds AS
WITH stages AS (SELECT stage AS name, 'stage' AS kind, stage AS type, code FROM clean_stages),
tasks AS (SELECT DISTINCT name, 'task' AS kind FROM clean_task_events)
SELECT name, kind, type, row_number() OVER (ORDER BY code)::INTEGER AS number FROM stages
UNION ALL
-- An activity may bear a stage's name, or none.
SELECT tasks.name, tasks.kind,
       CASE WHEN tasks.name IS NULL THEN '(activity)' WHEN stages.name IS NULL THEN tasks.name
            ELSE concat(tasks.name, ' (activity)') END AS type,
       ((SELECT count(*) FROM stages) + row_number() OVER (ORDER BY tasks.name NULLS LAST))::INTEGER AS number
FROM tasks LEFT JOIN stages ON stages.name = tasks.name
