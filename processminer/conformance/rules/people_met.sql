-- Everybody who owned a deal or did something for one.
SELECT owner AS person FROM deals WHERE owner IS NOT NULL
UNION
SELECT old FROM field_rows WHERE field = 'owner' AND old IS NOT NULL
UNION
SELECT new FROM field_rows WHERE field = 'owner' AND new IS NOT NULL
UNION
SELECT actor FROM task_events WHERE actor IS NOT NULL
ORDER BY person
