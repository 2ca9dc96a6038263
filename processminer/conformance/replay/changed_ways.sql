-- For each way of leaving a playbook: deals that leave one of the playbooks by it and not the other.
WITH came AS (
    SELECT deal_id, way, true AS newly FROM (SELECT * FROM broken_after EXCEPT SELECT * FROM broken_before)
    UNION ALL
    SELECT deal_id, way, false FROM (SELECT * FROM broken_before EXCEPT SELECT * FROM broken_after)
)
SELECT newly,
       way,
       count(*) FILTER (WHERE standing = CASE WHEN newly THEN 'newly breaking' ELSE 'newly keeping' END) AS decisive,
       count(*) AS deals,
       count(*) FILTER (WHERE outcome = 'won') AS won,
       count(*) FILTER (WHERE outcome = 'lost') AS lost,
       count(*) FILTER (WHERE outcome = 'open') AS open,
       min(deal_id, 5) AS examples
FROM came
JOIN replayed USING (deal_id)
WHERE standing IN ('newly breaking', 'newly keeping', 'still breaking', 'still keeping')
GROUP BY newly, way
ORDER BY newly, way
