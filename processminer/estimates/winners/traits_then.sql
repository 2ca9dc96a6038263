-- What each deal is, by attribute, and which stages and activities lay behind it when it first came to a stage.
WITH arrived AS (
    SELECT deal, min(position) AS position, min(entered_at) AS moment
    FROM stays
    WHERE stage = $code AND NOT after_close
    GROUP BY deal
)
SELECT arrived.deal, 'attribute' AS kind, attributes.attribute AS name, min(attributes.value) AS value
FROM arrived
JOIN attributes ON attributes.deal = arrived.deal
WHERE attributes.attribute IN (SELECT unnest($attributes::VARCHAR[]))
GROUP BY arrived.deal, attributes.attribute
UNION ALL
SELECT DISTINCT arrived.deal, 'stage', stage_names.stage, ''
FROM arrived
JOIN stays ON stays.deal = arrived.deal AND stays.position < arrived.position AND stays.stage <> $code
JOIN stage_names ON stage_names.code = stays.stage
UNION ALL
SELECT DISTINCT arrived.deal, 'task', task_events.name, ''
FROM arrived
JOIN task_events ON task_events.deal = arrived.deal AND task_events.occurred_at < arrived.moment
WHERE task_events.name IN (SELECT unnest($tasks::VARCHAR[]))
ORDER BY ALL
