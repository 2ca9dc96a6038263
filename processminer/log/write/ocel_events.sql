-- The events of some deals, in order: what happened, to which deal, and by whom.
WITH happened AS (
    SELECT deal, deal_id, step, 0 AS sort, 'stage' AS kind, stage AS name, entered_at AS occurred_at, actor,
           NULL::VARCHAR AS subject, untimed, NULL::TIMESTAMP AS started_at, NULL::TIMESTAMP AS ended_at
    FROM clean_stage_events
    WHERE deal BETWEEN $first AND $last
    UNION ALL
    SELECT deal, deal_id, step, 1, 'task', name, occurred_at, actor, subject, NULL, started_at, ended_at
    FROM clean_task_events
    WHERE deal BETWEEN $first AND $last
)
SELECT concat(happened.kind, ':', deal, ':', step) AS id, ocel_kinds.type, ocel_kinds.number,
       strftime(occurred_at, '%Y-%m-%dT%H:%M:%S.%fZ') AS occurred, happened.kind, happened.name, step, subject, untimed,
       strftime(started_at, '%Y-%m-%dT%H:%M:%S.%fZ') AS started_at, strftime(ended_at, '%Y-%m-%dT%H:%M:%S.%fZ') AS ended_at,
       concat('deal:', deal_id) AS deal_object, 'person:' || actor AS actor_object
FROM happened
JOIN ocel_kinds ON ocel_kinds.kind = happened.kind AND ocel_kinds.name IS NOT DISTINCT FROM happened.name
ORDER BY deal, occurred_at, sort, step
