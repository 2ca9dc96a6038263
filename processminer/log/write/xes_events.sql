-- Some deals as XES, one row each: changes of fields, then changes of stage in their order, activities between them by time.
WITH changed AS (
    SELECT deal, concat('<list key="processminer:field_events"><values>', chr(10), string_agg(
               concat('<string key="processminer:field" value="', xml_text(field), '">', chr(10),
                      '<date key="processminer:occurred_at" value="', strftime(occurred_at, '%Y-%m-%dT%H:%M:%S.%f+00:00'), '"/>', chr(10),
                      '<string key="processminer:old" value="' || xml_text(old) || '"/>' || chr(10),
                      '<string key="processminer:new" value="' || xml_text(new) || '"/>' || chr(10),
                      '<string key="processminer:actor" value="' || xml_text(actor) || '"/>' || chr(10), '</string>', chr(10)),
               '' ORDER BY step), '</values></list>', chr(10)) AS fields
    FROM clean_field_events
    WHERE deal BETWEEN $first AND $last
    GROUP BY deal
),
staged AS (
    SELECT deal, entered_at AS occurred_at, 0 AS kind, step,
           concat('<string key="concept:name" value="', xml_text(stage), '"/>', chr(10), '<string key="processminer:kind" value="stage"/>', chr(10),
                  '<string key="processminer:untimed" value="' || xml_text(untimed) || '"/>' || chr(10)) AS told,
           actor
    FROM clean_stage_events
    WHERE deal BETWEEN $first AND $last
),
done AS (
    SELECT deal, occurred_at, 1 AS kind, step,
           concat('<string key="concept:name" value="', coalesce(xml_text(name), 'activity'), '"/>', chr(10),
                  '<string key="processminer:kind" value="', CASE WHEN name IS NULL THEN 'unnamed task' ELSE 'task' END, '"/>', chr(10),
                  '<string key="processminer:subject" value="' || xml_text(subject) || '"/>' || chr(10),
                  '<string key="processminer:started_at" value="' || strftime(started_at, '%Y-%m-%dT%H:%M:%S.%fZ') || '"/>' || chr(10),
                  '<string key="processminer:ended_at" value="' || strftime(ended_at, '%Y-%m-%dT%H:%M:%S.%fZ') || '"/>' || chr(10)) AS told,
           actor
    FROM clean_task_events
    WHERE deal BETWEEN $first AND $last
),
happened AS (
    SELECT deal, occurred_at, kind, step,
           concat('<event>', chr(10), told, '<date key="time:timestamp" value="', strftime(occurred_at, '%Y-%m-%dT%H:%M:%S.%f+00:00'), '"/>', chr(10),
                  '<string key="lifecycle:transition" value="complete"/>', chr(10),
                  '<string key="org:resource" value="' || xml_text(actor) || '"/>' || chr(10), '</event>', chr(10)) AS xml
    FROM (FROM staged UNION ALL FROM done)
),
traced AS (
    SELECT deal, string_agg(xml, '' ORDER BY occurred_at, kind, step) AS events FROM happened GROUP BY deal
)
SELECT concat('<trace>', chr(10), xes_heads.told, changed.fields, traced.events, '</trace>', chr(10))
FROM xes_heads LEFT JOIN changed USING (deal) LEFT JOIN traced USING (deal)
WHERE deal BETWEEN $first AND $last
ORDER BY deal
