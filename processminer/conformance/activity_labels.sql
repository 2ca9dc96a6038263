-- Names and subjects of logged activities that may be wanted ones; plain text is compared here, the rest by the caller.
WITH labels AS (
    SELECT name AS label FROM task_events
    UNION
    SELECT subject FROM task_events
)
SELECT label
FROM labels
WHERE strlen(label) <> length(label)
   OR lower(trim(regexp_replace(label, '[\x09-\x0d\x1c-\x20]+', ' ', 'g'))) IN (SELECT wanted FROM wanted_labels)
ORDER BY label
