-- What was done with deals, and which of their fields were filled, each at its moment.
CREATE OR REPLACE TABLE doings AS
SELECT deal, epoch_us(occurred_at) AS at, 'task' AS kind, name
FROM task_events
WHERE name IN (SELECT unnest($tasks::VARCHAR[]))
UNION ALL
SELECT deals.deal, epoch_us(field_rows.occurred_at), 'field', field_rows.field
FROM field_rows
JOIN deals ON deals.deal_id = field_rows.deal_id
WHERE field_rows.field NOT IN ('amount', 'close_date', 'owner', 'probability', 'forecast')
  AND coalesce(nullif(lower(field_rows.old), 'false'), '') = ''
  AND coalesce(nullif(lower(field_rows.new), 'false'), '') <> ''
