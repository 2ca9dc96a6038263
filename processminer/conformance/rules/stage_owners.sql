-- Who owned each deal from each change of stage on, where that names the owner.
INSERT INTO owner_changes
SELECT deal, occurred_at, position, NULL, actor
FROM events
WHERE kind = 'stage' AND actor IS NOT NULL
