-- Everything that happened to deals, one row an event: stages, activities, and changes of owners and other fields.
CREATE OR REPLACE VIEW events AS
SELECT deals.deal, occurred_at, position, 'stage' AS kind, read_codes.stage AS name, NULL::VARCHAR AS value, actor
FROM stage_rows JOIN read_codes USING (code) JOIN deals USING (deal_id)
WHERE fault = 0
UNION ALL
SELECT deal, occurred_at, NULL, 'task', name, subject, actor
FROM task_events
UNION ALL
SELECT deals.deal, occurred_at, position, CASE field WHEN 'owner' THEN 'owner' ELSE 'field' END, field, new, actor
FROM field_rows JOIN deals USING (deal_id)
