-- Everything that happened to deals, one row an event, stages and activities together.
CREATE OR REPLACE VIEW events AS
SELECT deals.deal, occurred_at, position, 'stage' AS kind, read_codes.stage AS name, NULL::VARCHAR AS value, actor
FROM stage_rows JOIN read_codes USING (code) JOIN deals USING (deal_id)
WHERE fault = 0
UNION ALL
SELECT deal, occurred_at, NULL, 'task', name, subject, actor
FROM task_events
