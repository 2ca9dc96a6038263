-- Who did something for deals, or changed a field of one.
SELECT actor FROM task_events WHERE actor IS NOT NULL
UNION
SELECT actor FROM field_rows WHERE actor IS NOT NULL
ORDER BY actor
