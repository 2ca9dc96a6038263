-- Values of the fields that may be ones that count; plain text is compared here, the rest by the caller.
WITH written AS (
    SELECT value FROM attributes WHERE attribute IN (SELECT attribute FROM criterion_columns)
    UNION
    SELECT old FROM criterion_changes
    UNION
    SELECT new FROM criterion_changes
)
SELECT value
FROM written
WHERE strlen(value) <> length(value)
   OR lower(trim(regexp_replace(value, '[\x09-\x0d\x1c-\x20]+', ' ', 'g'))) IN (SELECT wanted FROM wanted_values)
ORDER BY value
